"""The client against the real service."""

from __future__ import annotations

import json
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Dict, List, Tuple

from minutebook import EntitlementGate, InvalidFactError, LedgerError
from minutebook.checks import CHECKS
from minutebook.door import Door, TooMuchError, Verdict
from minutebook.http import Http
from support.cases import eventually, session
from support.service import ServiceCase, needs_service

MOMENT = datetime(2026, 10, 5, 10, 0, tzinfo=timezone.utc)


@needs_service
class AgainstLedger(ServiceCase):
    def test_a_session_is_reported_and_read_back(self) -> None:
        producer = self.to_ledger()
        reader = self.reader(producer=producer)
        named: Dict[str, Any] = {"session_id": "story-1", "user_id": "story"}
        worker: Dict[str, Any] = {**named, "stt_provider": "google"}
        minute = timedelta(minutes=1)
        producer.started(**worker, time=MOMENT, original_filename="talk.wav")
        producer.failed(**worker, time=MOMENT + minute, error_code="timeout")
        producer.retried(**named, time=MOMENT + 2 * minute, attempt=2, requested_by="ann")
        producer.completed(
            **worker,
            time=MOMENT + 3 * minute,
            attempt=2,
            frames=6_626_025,
            frame_rate=44_100,
            speaker_count=4,
        )
        self.assertEqual(producer.flush(), 0)

        summary = reader.usage_summary("story", period="2026-10")
        self.assertEqual((summary.cost, summary.cost_cents), (Decimal("0.108"), 11))
        self.assertEqual((summary.billable_minutes, summary.failed_attempts), (Decimal(3), 1))
        self.assertEqual(summary.by_provider[0].stt_provider, "google")
        self.assertEqual(summary.limits.export_formats, ["json", "txt"])
        told = reader.session("story-1")
        self.assertEqual([one.status for one in told.attempts], ["failed", "completed"])
        self.assertEqual(told.attempts[1].completed_at, MOMENT + 3 * minute)
        (log,) = reader.usage_logs("story")
        self.assertEqual(told.usage_logs, [log])
        self.assertEqual(
            (log.billing_reason, log.duration_seconds),
            ("first_success_after_failure", Decimal("150.25")),
        )
        explained = reader.usage_log(log.id)
        self.assertEqual(explained.explanation.steps[-1]["step"], "cents")
        self.assertEqual(len(explained.explanation.events), 4)
        trend = reader.usage_trend("story", MOMENT, MOMENT + timedelta(days=40), group_by="month")
        self.assertEqual([point.cost_cents for point in trend.points], [11, 0])
        self.assertEqual(trend.points[0].from_, MOMENT)
        history = reader.usage_history("story", months=24)
        self.assertIn(11, [one.cost_cents for one in history])
        before = reader.usage_summary("story", period="2026-10", as_of="1")
        self.assertEqual(before.cost_cents, 0)

    def test_lists_page_through_everything(self) -> None:
        producer = self.to_ledger()
        for number in range(23):
            moment = MOMENT + timedelta(seconds=number)
            producer.completed(
                session_id=f"page-{number:02}",
                user_id="paged",
                stt_provider="google",
                duration_seconds=9,
                time=moment,
            )
        producer.flush()
        logs = list(self.reader(producer=producer).usage_logs("paged", page_size=5))
        self.assertEqual(
            [log.session_id for log in logs], [f"page-{n:02}" for n in reversed(range(23))]
        )

    def test_errors_have_the_ledgers_codes(self) -> None:
        reader = self.reader()
        for read, code in (
            (lambda: reader.session("nobody"), "not_found"),
            (lambda: reader.usage_log("nobody~1"), "not_found"),
            (lambda: reader.usage_summary("ann", period="October"), "invalid_parameter"),
            (lambda: reader.usage_summary("ann", as_of="99999999"), "invalid_parameter"),
            (lambda: reader.usage_history("ann", months=25), "invalid_parameter"),
        ):
            with self.assertRaises(LedgerError) as caught:
                read()
            self.assert_code(code, caught.exception)

    def test_entitlement_follows_the_plan(self) -> None:
        gate = EntitlementGate(self.reader(), fails="closed")
        self.assertTrue(gate.check("new", minutes=120, export_format="TXT").allowed)
        no = gate.check("new", minutes=120.5, file_size_bytes=60_000_000, export_format="srt")
        self.assertEqual(no.reasons, ("minutes_exceeded", "file_too_large", "format_not_in_plan"))

    def test_a_worker_that_lost_its_spool_sends_a_duplicate_with_another_time(self) -> None:
        fact = {**session(), "session_id": "moved-1", "duration_seconds": 90}
        for machine in ("a", "b"):
            producer = self.to_ledger(spool=self.folder / machine)
            producer.completed(**fact, time=MOMENT + timedelta(seconds=ord(machine)))
            self.assertEqual(producer.flush(), 0)
            self.assertEqual(producer.status().refused, 0)
        (attempt,) = self.reader(producer=producer).session("moved-1").attempts
        self.assertEqual(attempt.completed_at, MOMENT + timedelta(seconds=ord("a")))

    def test_another_length_under_the_same_id_is_refused_and_the_first_stands(self) -> None:
        fact = {**session(), "session_id": "differs-1"}
        for machine, length in (("a", 90), ("a", 91), ("b", 92)):
            producer = self.to_ledger(spool=self.folder / machine)
            producer.completed(**fact, duration_seconds=length)
            producer.flush()
            producer.close()
        codes = [
            (one.code, one.fields) for one in eventually(lambda: self.refused[1:] and self.refused)
        ]
        self.assertEqual(codes[0], ("event_id_reused", ("data.duration_seconds",)))
        self.assertEqual(codes[1], ("event_id_reused", ("data.duration_seconds", "time")))
        last = self.service.facts()[-1]["position"]
        (log,) = self.reader().session("differs-1", at_least=last).usage_logs
        self.assertEqual(log.duration_seconds, 90)

    def test_after_a_void_the_correct_fact_needs_a_new_id(self) -> None:
        fact = {**session(), "session_id": "void-1"}
        producer = self.to_ledger()
        producer.completed(**fact, duration_seconds=90)
        producer.flush()
        self.service.write("POST", "/v1/sessions/void-1/void", {"reason": "wrong file"})
        producer.completed(**fact, duration_seconds=90)
        producer.flush()
        self.assertEqual([one.code for one in eventually(lambda: self.refused)], ["fact_voided"])
        producer.completed(**fact, duration_seconds=60, id="void-1/1/completed/true")
        self.assertEqual(producer.flush(), 0)
        (log,) = self.reader(producer=producer).session("void-1").usage_logs
        self.assertEqual(log.duration_seconds, 60)

    def test_the_ledger_takes_compressed_batches(self) -> None:
        producer = self.to_ledger(compress=True)
        producer.started(**{**session(), "session_id": "zipped-1"})
        self.assertEqual(producer.flush(), 0)
        self.assertEqual(self.troubles, [])

    def test_a_wrong_key_is_reported_as_trouble_and_loses_no_fact(self) -> None:
        if self.service.key("producer") is None:
            self.skipTest("the service has no keys")
        producer = self.to_ledger(key="wrong")
        producer.started(**{**session(), "session_id": "keyed-1"})
        trouble = eventually(lambda: self.troubles)[0]
        self.assertEqual((trouble.status, producer.close(0)), (401, 1))
        self.assertEqual(self.to_ledger().flush(), 0)


@needs_service
class Bounds(ServiceCase):
    """The client's bounds equal the ledger's."""

    def post(self, events: List[Dict[str, Any]]) -> List[Verdict]:
        http = Http(self.service.url, self.service.key("producer"), None)
        self.addCleanup(http.close)
        return Door(http, 30, None).post([json.dumps(event) for event in events]).verdicts

    def test_the_ledger_refuses_what_the_client_refuses(self) -> None:
        events: List[Dict[str, Any]] = []
        for field, _, bad in BOUNDS:
            for value in bad:
                with self.assertRaises(InvalidFactError, msg=f"{field} = {value!r:.80}"):
                    CHECKS[field](field, value)
                events.append(event_with(field, value, f"bad-{len(events)}"))
        for event, verdict in zip(events, self.post(events)):
            self.assertEqual(verdict.status, "rejected", f"{event['data']!r:.200}")
            assert verdict.refusal is not None
            self.assertEqual(verdict.refusal.code, "invalid_field")
        with self.assertRaises(InvalidFactError):
            CHECKS["provider_metadata"]("provider_metadata", deep(62))
        with self.assertRaises(TooMuchError) as caught:
            self.post([event_with("provider_metadata", deep(62), "too-deep")])
        self.assert_code("too_deep", caught.exception.why)

    def test_the_ledger_takes_what_the_client_takes(self) -> None:
        producer = self.to_ledger()
        count = 0
        for field, good, _ in BOUNDS:
            for value in good:
                count += 1
                data = event_with(field, value, f"good-{count}")["data"]
                getattr(producer, kind_of(field))(**data)
        message = "😀\x00\n" * 4_000
        producer.failed(**session(), error_code="x", error_message=message)
        self.assertEqual(producer.flush(), 0)
        eventually(lambda: producer.status().remembered == count + 1)
        self.assertEqual([(one.code, one.pointer) for one in self.refused], [])


class Names(unittest.TestCase):
    def test_the_bounds_of_every_field_are_compared(self) -> None:
        # A message is cut to its bounds, not checked.
        self.assertEqual({field for field, _, _ in BOUNDS} | {"error_message"}, set(CHECKS))


def kind_of(field: str) -> str:
    """Returns a kind of fact that has the field."""
    kinds = {
        "enable_diarization": "started",
        "file_size_bytes": "started",
        "error_code": "failed",
        "requested_by": "retried",
        "reason": "retried",
    }
    return kinds.get(field, "completed")


def event_with(field: str, value: Any, session_id: str) -> Dict[str, Any]:
    """Returns an event that is valid, except perhaps for one field."""
    kind = kind_of(field)
    more = {
        "completed": {"duration_seconds": 9},
        "failed": {"error_code": "x"},
        "retried": {"attempt": 2},
    }
    return {
        "specversion": "1.0",
        "id": f"{session_id}/{field}",
        "source": "my/bounds",
        "type": f"transcription.session.{kind}",
        "time": "2026-10-05T10:00:00Z",
        "data": {
            "session_id": session_id,
            "user_id": "ann",
            "stt_provider": "google",
            **more.get(kind, {}),
            field: value,
        },
    }


def deep(levels: int) -> Dict[str, Any]:
    """Returns an object nested so many levels deep."""
    value: Dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


_BAD_TEXTS: List[Any] = ["", "a\n", "a\x7f", "a\x85", "\ud800", "x" * 1_025, "😀" * 513, 7]
_BAD_IDS: List[Any] = ["", ".", "..", "a/b", "a|b", "a b", "ä", "a\n", "x" * 129, 7]
BOUNDS: List[Tuple[str, List[Any], List[Any]]] = [
    ("session_id", ["A.b_c:d@e-9", "...", "x" * 128], _BAD_IDS),
    ("user_id", ["A.b_c:d@e-9", "...", "x" * 128], _BAD_IDS),
    ("client_id", ["x" * 128], _BAD_IDS),
    ("stt_provider", ["A.b_c-9", "x" * 64], ["", "a b", "x" * 65, "a:b", "ä", 7]),
    ("attempt", [1, 1_000], [0, -1, 1_001, 1.5, "1", True]),
    ("channels", [1, 1_000], [0, 1_001, 1.5, "2"]),
    ("speaker_count", [0, 10_000], [-1, 10_001, 0.5]),
    ("confidence_score", [0, 1, 0.5, 1e-9], [-0.1, 1.1, "0.5", True]),
    ("word_count", [0, 2**53 - 1], [-1, 2**53, 1.5]),
    ("character_count", [0, 2**53 - 1], [-1, 2**53]),
    ("file_size_bytes", [0, 2**53 - 1], [-1, 2**53]),
    (
        "duration_seconds",
        [0, 36_000, "0.000000001", 1e-9, 44_099 / 44_100],
        [-1, 36_000.5, "x", True],
    ),
    ("processing_time_seconds", [0, 10**9, 1 / 3], [-1, 10**9 + 1, "x"]),
    ("language", ["zh-Hant-TW", "x" * 1_024, "😀" * 512], _BAD_TEXTS),
    ("original_filename", ["ä/ö|ü.wav", "x" * 1_024], _BAD_TEXTS),
    ("error_code", ["timeout"], _BAD_TEXTS),
    ("requested_by", ["ann"], _BAD_TEXTS),
    ("reason", ["again, please"], _BAD_TEXTS),
    ("enable_diarization", [True, False], [1, "true"]),
    (
        "provider_metadata",
        [
            {},
            {"a": [1, 2.5, None, True, "\n"]},
            {"a": "x" * 16_376},
            {"ä": "ö" * 8_000},
            deep(61),
            {"a": [0.00005] * 2_047},
            {"a": [1.0] * 8_188},
            {"a": [10**25] * 2_729},
        ],
        [
            [],
            "x",
            7,
            {"a": "\x00"},
            {"\x00": 1},
            {"a": "\ud800"},
            {"a": 10**400},
            {"a": "x" * 16_377},
            {"a": [0.00005] * 2_048},
            {"a": [1.0] * 8_189},
            {"a": [10**25] * 2_730},
        ],
    ),
]
