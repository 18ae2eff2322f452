from __future__ import annotations

import json
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Dict

from minutebook import InvalidFactError
from minutebook.facts import Fact, make_fact, time_text
from minutebook.javascript import number_text

DATA: Dict[str, Any] = {
    "session_id": "rec-7",
    "user_id": "ann",
    "stt_provider": "google",
    "attempt": 1,
    "duration_seconds": 90.5,
}


def fact(kind: str = "completed", **data: Any) -> Fact:
    return make_fact("my/worker", kind, {**DATA, **data}, None, None)


class Facts(unittest.TestCase):
    def test_ids_derive_from_session_attempt_and_kind(self) -> None:
        self.assertEqual(fact().id, "rec-7/1/completed")
        self.assertEqual(fact(attempt=3).id, "rec-7/3/completed")
        self.assertEqual(fact("started", duration_seconds=None).id, "rec-7/1/started")

    def test_an_event_is_a_cloud_event(self) -> None:
        event = json.loads(fact(speaker_count=2, language=None).event("2026-10-05T10:00:00.000Z"))
        self.assertEqual(
            event,
            {
                "specversion": "1.0",
                "id": "rec-7/1/completed",
                "source": "my/worker",
                "type": "transcription.session.completed",
                "time": "2026-10-05T10:00:00.000Z",
                "data": {**DATA, "duration_seconds": "90.5", "speaker_count": 2},
            },
        )

    def test_the_digest_covers_what_the_ledger_compares(self) -> None:
        same = fact(provider_metadata={"a": 1, "b": [2]}, stt_provider="Google")
        self.assertEqual(same.digest(), fact(provider_metadata={"b": [2], "a": 1}).digest())
        traced = make_fact("my/worker", "completed", DATA, None, {"traceparent": "00-1"})
        self.assertEqual(traced.digest(), fact().digest())
        self.assertNotEqual(fact(duration_seconds=90.6).digest(), fact().digest())
        self.assertNotEqual(fact(user_id="ben").digest(), fact().digest())

    def test_metadata_is_copied(self) -> None:
        metadata = {"request_id": "a"}
        told = fact(provider_metadata=metadata)
        metadata["request_id"] = "b"
        self.assertEqual(told.data["provider_metadata"], {"request_id": "a"})

    def test_no_exception_message_makes_a_fact_invalid(self) -> None:
        told = fact(
            "failed", error_code="x", duration_seconds=None, error_message="a\x00\ud800\nb" * 9_999
        )
        message = told.data["error_message"]
        assert isinstance(message, str)
        self.assertEqual(len(message), 4_096)
        self.assertEqual(message[:5], "a\ufffd?\nb")
        emoji = fact(
            "failed", error_code="x", duration_seconds=None, error_message="x" + "😀" * 3_000
        )
        self.assertEqual(len(str(emoji.data["error_message"]).encode("utf-16-le")), 2 * 4_095)
        empty = fact("failed", error_code="x", duration_seconds=None, error_message="")
        self.assertNotIn("error_message", empty.data)

    def test_what_the_ledger_would_refuse_is_refused_and_its_field_named(self) -> None:
        deep: Dict[str, Any] = {}
        for _ in range(61):
            deep = {"a": deep}
        bad = [
            ("session_id", "rec|7"),
            ("session_id", "rec/7"),
            ("session_id", ".."),
            ("session_id", 7),
            ("session_id", ""),
            ("session_id", "a" * 129),
            ("session_id", "a\n"),
            ("user_id", None),
            ("user_id", "änn"),
            ("stt_provider", "a b"),
            ("attempt", 0),
            ("attempt", 1_001),
            ("attempt", True),
            ("attempt", 1.0),
            ("channels", 0),
            ("speaker_count", -1),
            ("speaker_count", "2"),
            ("confidence_score", 1.01),
            ("confidence_score", float("nan")),
            ("confidence_score", "0.9"),
            ("word_count", 2**53),
            ("language", ""),
            ("language", "a\x7f"),
            ("language", "\ud800"),
            ("language", "x" * 1_025),
            ("original_filename", "😀" * 513),
            ("enable_diarization", 1),
            ("processing_time_seconds", -1),
            ("provider_metadata", []),
            ("provider_metadata", {"a": float("nan")}),
            ("provider_metadata", {"a": 10**400}),
            ("provider_metadata", {"a": "\x00"}),
            ("provider_metadata", {"a\x00": 1}),
            ("provider_metadata", {"a": "\ud800"}),
            ("provider_metadata", {"a": datetime.now()}),
            ("provider_metadata", {"a": "x" * 16_384}),
            ("provider_metadata", deep),
        ]
        for field, value in bad:
            kind = "started" if field == "enable_diarization" else "completed"
            with self.assertRaises(InvalidFactError, msg=f"{field} = {value!r:.60}") as caught:
                fact(kind, **{field: value})
            self.assertEqual(caught.exception.field, field)
            self.assertEqual(caught.exception.code, "invalid_field")

    def test_metadata_is_measured_as_the_ledger_writes_it(self) -> None:
        for number, most in ((0.00005, 2_047), (1.0, 8_188), (10**25, 2_729), (-0.5, 3_275)):
            fact(provider_metadata={"a": [number] * most})
            with self.assertRaises(InvalidFactError, msg=str(number)):
                fact(provider_metadata={"a": [number] * (most + 1)})

    def test_numbers_are_written_as_in_javascript(self) -> None:
        for number, written in (
            (0, "0"),
            (7, "7"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1200.0, "-1200"),
            (0.1, "0.1"),
            (-12.5, "-12.5"),
            (5e-05, "0.00005"),
            (0.000001, "0.000001"),
            (1e-7, "1e-7"),
            (1.25e-7, "1.25e-7"),
            (5e-324, "5e-324"),
            (2**53 - 1, "9007199254740991"),
            (2**53 + 1, "9007199254740992"),
            (1e16, "10000000000000000"),
            (123456789012345678901, "123456789012345680000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.5 * 10**300, "-1.5e+300"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
        ):
            self.assertEqual(number_text(number), written)

    def test_metadata_that_contains_itself_is_refused(self) -> None:
        loop: Dict[str, Any] = {}
        loop["a"] = loop
        with self.assertRaises(InvalidFactError):
            fact(provider_metadata=loop)

    def test_required_fields_must_be_given(self) -> None:
        for kind, field in (
            ("failed", "error_code"),
            ("started", "stt_provider"),
            ("retried", "user_id"),
        ):
            with self.assertRaises(InvalidFactError) as caught:
                fact(kind, **{"error_code": None, field: None, "duration_seconds": None})
            self.assertEqual(caught.exception.field, field)

    def test_numbers_from_other_libraries_are_taken(self) -> None:
        class Whole:
            def __index__(self) -> int:
                return 3

        told = fact(speaker_count=Whole(), confidence_score=Decimal("0.5"))
        self.assertEqual((told.data["speaker_count"], told.data["confidence_score"]), (3, 0.5))

    def test_extensions_are_attributes_of_the_event(self) -> None:
        traced = make_fact(
            "my/worker",
            "completed",
            DATA,
            None,
            {"traceparent": "00-1", "sampled": True, "least": -(2**31), "most": 2**31 - 1},
        )
        event = json.loads(traced.event("2026-10-05T10:00:00.000Z"))
        self.assertEqual((event["traceparent"], event["sampled"]), ("00-1", True))
        self.assertEqual((event["least"], event["most"]), (-(2**31), 2**31 - 1))
        bad_ones: "list[Dict[str, Any]]" = [
            {"id": "x"},
            {"Trace": "x"},
            {"a": ""},
            {"a": 2**31},
            {"a": -(2**31) - 1},
            {"a": 1.5},
        ]
        for bad in bad_ones:
            with self.assertRaises(InvalidFactError, msg=str(bad)):
                make_fact("my/worker", "completed", DATA, None, bad)

    def test_a_fact_may_be_given_an_id(self) -> None:
        told = make_fact("my/worker", "completed", DATA, "rec-7/1/completed/2", None)
        self.assertEqual(told.id, "rec-7/1/completed/2")
        for bad in ("", "x" * 513, "a\n"):
            with self.assertRaises(InvalidFactError):
                make_fact("my/worker", "completed", DATA, bad, None)


class Times(unittest.TestCase):
    def test_a_time_is_written_in_utc_and_cut_to_milliseconds(self) -> None:
        taipei = timezone(timedelta(hours=8))
        moment = datetime(2026, 10, 5, 18, 0, 0, 999_999, taipei)
        self.assertEqual(time_text(moment), "2026-10-05T10:00:00.999Z")

    def test_a_time_that_is_text_or_lacks_a_zone_or_is_before_1970_is_refused(self) -> None:
        texts: Any = "2026-10-05T10:00:00Z"
        for bad in (texts, datetime(2026, 10, 5), datetime(1969, 12, 31, tzinfo=timezone.utc)):
            with self.assertRaises(InvalidFactError) as caught:
                time_text(bad)
            self.assertEqual(caught.exception.field, "time")

    def test_years_are_written_with_four_digits(self) -> None:
        self.assertRegex(time_text(), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
