from __future__ import annotations

import inspect
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, Dict, List
from urllib.parse import parse_qs, urlsplit

from minutebook import Decision, EntitlementGate, LedgerError, ParameterError, Reader
from support.cases import ProducerCase, session
from support.stub import Said, Sent, StubLedger, problem, verdicts

ALLOWED: Dict[str, Any] = {
    "allowed": True,
    "plan": "free",
    "limits": [
        {
            "name": "minutes",
            "used": "1.5",
            "requested": "0",
            "limit": "120",
            "allowed": True,
            "reason": None,
        }
    ],
    "position": "7",
    "of_a_newer_ledger": True,
}
DENIED: Dict[str, Any] = {
    **ALLOWED,
    "allowed": False,
    "limits": [{**ALLOWED["limits"][0], "allowed": False, "reason": "minutes_exceeded"}],
}


def asked(sent: Sent) -> Dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.path).query).items()}


class Reading(ProducerCase):
    def reader(self, stub: StubLedger, **options: Any) -> Reader:
        reader = Reader(stub.url, **options)
        self.addCleanup(reader.close)
        return reader

    def test_an_answer_becomes_typed_and_unknown_fields_are_left_out(self) -> None:
        stub = self.ledger(lambda _: Said(200, ALLOWED))
        answer = self.reader(stub, key="k").entitlement(
            "a:b@c", minutes=Decimal("2.50"), export_format="TXT"
        )
        self.assertEqual((answer.allowed, answer.limits[0].used), (True, "1.5"))
        (sent,) = stub.sent
        self.assertEqual(urlsplit(sent.path).path, "/v1/users/a%3Ab%40c/entitlement")
        self.assertEqual(asked(sent), {"minutes": "2.5", "export_format": "TXT"})
        self.assertEqual(sent.headers["authorization"], "Bearer k")

    def test_an_answer_of_another_shape_is_unexpected(self) -> None:
        limit = {**ALLOWED["limits"][0]}
        del limit["name"]
        for body in (
            {},
            [],
            {**ALLOWED, "allowed": "yes"},
            {**ALLOWED, "limits": [limit]},
            b"<html>",
        ):
            stub = self.ledger(lambda _, body=body: Said(200, body))
            with self.assertRaises(LedgerError, msg=str(body)) as caught:
                self.reader(stub).entitlement("ann")
            self.assertEqual(caught.exception.code, "unexpected_answer")

    def test_a_problem_is_an_error_with_the_ledgers_code(self) -> None:
        body = {
            "code": "invalid_parameter",
            "detail": "Do this.",
            "pointer": "/period",
            "fields": ["a"],
        }
        said = Said(400, body, {"content-type": "application/problem+json; charset=utf-8"})
        stub = self.ledger(lambda _: said)
        with self.assertRaises(LedgerError) as caught:
            self.reader(stub).usage_summary("ann", period="x")
        error = caught.exception
        told = (error.code, error.detail, error.status, error.pointer, error.fields, error.passing)
        self.assertEqual(told, ("invalid_parameter", "Do this.", 400, "/period", ("a",), False))
        self.assertEqual(len(stub.sent), 1)

    def test_a_passing_failure_is_retried(self) -> None:
        left = [problem(503, "not_caught_up", retry_after="0"), problem(429, "rate_limited")]
        stub = self.ledger(lambda _: left.pop() if left else Said(200, ALLOWED))
        self.assertTrue(self.reader(stub).entitlement("ann").allowed)
        self.assertEqual(len(stub.sent), 3)

    def test_it_gives_up_at_its_timeout(self) -> None:
        stub = self.ledger(lambda _: problem(503, "not_caught_up", retry_after="1"))
        begun = time.monotonic()
        with self.assertRaises(LedgerError) as caught:
            self.reader(stub, timeout=0.3).entitlement("ann")
        self.assertLess(time.monotonic() - begun, 1)
        self.assertEqual(
            (caught.exception.code, caught.exception.retry_after), ("not_caught_up", 1)
        )
        with self.assertRaises(LedgerError) as caught:
            Reader("http://127.0.0.1:9", timeout=0.3).entitlement("ann")
        self.assertEqual((caught.exception.code, caught.exception.status), ("unreachable", None))

    def test_a_hanging_server_counts_as_unreachable(self) -> None:
        def hang(_: Sent) -> Said:
            time.sleep(1.5)
            return Said(200, ALLOWED)

        begun = time.monotonic()
        with self.assertRaises(LedgerError) as caught:
            self.reader(self.ledger(hang), timeout=0.2).entitlement("ann")
        self.assertEqual(caught.exception.code, "unreachable")
        self.assertLess(time.monotonic() - begun, 1.2)

    def test_lists_are_paged_as_they_are_iterated(self) -> None:
        def answer(sent: Sent) -> Said:
            page = int(asked(sent).get("cursor", "0"))
            items = [{"user_id": "ann", "n": 3 * page + one} for one in range(3)]
            return Said(200, {"items": items, "next_cursor": str(page + 1) if page < 2 else None})

        stub = self.ledger(answer)
        reader = self.reader(stub)
        found = reader._items(Numbered, "/v1/things", {"limit": 3})  # pyright: ignore
        self.assertEqual(len(stub.sent), 0)
        self.assertEqual([next(found).n for _ in range(4)], [0, 1, 2, 3])
        self.assertEqual(len(stub.sent), 2)
        self.assertEqual([one.n for one in found], [4, 5, 6, 7, 8])
        self.assertEqual([asked(sent).get("limit") for sent in stub.sent], ["3", "3", "3"])

    def test_a_read_waits_for_the_producers_last_write(self) -> None:
        stub = self.ledger(
            lambda sent: verdicts(sent) if sent.method == "POST" else Said(200, ALLOWED)
        )
        producer = self.producer(stub.url)
        reader = self.reader(stub, producer=producer)
        reader.entitlement("ann")
        producer.started(**session())
        producer.flush()
        reader.entitlement("ann")
        reader.entitlement("ann", at_least="3")
        reader.entitlement("ann", as_of=datetime(2026, 10, 5, tzinfo=timezone.utc))
        self.assertEqual(
            [asked(sent) for sent in stub.sent if sent.method == "GET"],
            [{}, {"at_least": "7"}, {"at_least": "3"}, {"as_of": "2026-10-05T00:00:00.000Z"}],
        )

    def test_a_read_waits_for_the_last_write_of_a_closed_producer(self) -> None:
        stub = self.ledger(
            lambda sent: verdicts(sent) if sent.method == "POST" else Said(200, ALLOWED)
        )
        producer = self.producer(stub.url)
        producer.started(**session())
        producer.close()
        reader = self.reader(stub, producer=producer)
        self.assertTrue(EntitlementGate(reader, fails="closed").check("ann").known)
        self.assertEqual(asked(stub.sent[-1]), {"at_least": "7"})

    def test_reads_do_not_wait_if_the_spool_can_not_be_read(self) -> None:
        stub = self.ledger(lambda _: Said(200, ALLOWED))
        producer = self.producer()
        reader = self.reader(stub, producer=producer)
        spool = self.folder / "spool" / "spool.db"
        spool.unlink()
        spool.mkdir()
        self.addCleanup(spool.rmdir)
        with self.assertLogs("minutebook", "WARNING") as logged:
            self.assertTrue(reader.entitlement("ann").allowed)
        self.assertIn("does not wait for the last write", "".join(logged.output))
        self.assertEqual(asked(stub.sent[-1]), {})

    def test_no_id_leads_to_another_path(self) -> None:
        stub = self.ledger(lambda _: problem(400, "invalid_parameter"))
        with self.assertRaises(LedgerError):
            self.reader(stub).session("../users/ann?x=1#")
        self.assertEqual(stub.sent[0].path, "/v1/sessions/..%2Fusers%2Fann%3Fx%3D1%23")
        for bad in ("", ".", ".."):
            with self.assertRaises(ParameterError) as caught:
                self.reader(stub).session(bad)
            self.assertEqual(caught.exception.code, "invalid_parameter")
        self.assertEqual(len(stub.sent), 1)

    def test_an_empty_key_from_a_function_is_its_own_error_and_sends_nothing(self) -> None:
        stub = self.ledger(lambda _: problem(401, "unauthorized"))
        begun = time.monotonic()
        with self.assertRaises(LedgerError) as caught:
            self.reader(stub, key=lambda: "").session("rec-1")
        self.assertEqual((caught.exception.code, caught.exception.status), ("invalid_key", None))
        self.assertLess(time.monotonic() - begun, 1)
        self.assertEqual(stub.sent, [])


@dataclass(frozen=True)
class Numbered:
    """An item of a test's page."""

    user_id: str
    n: int


class Gate(ProducerCase):
    def setUp(self) -> None:
        super().setUp()
        self.answer: Any = Said(200, ALLOWED)
        self.stub = self.ledger(lambda _: self.answer)
        self.reader = Reader(self.stub.url, timeout=0.3)
        self.addCleanup(self.reader.close)

    def gate(self, fails: Any = "closed", **options: Any) -> EntitlementGate:
        return EntitlementGate(self.reader, fails=fails, **options)

    def test_it_returns_the_ledgers_decision_and_its_reasons(self) -> None:
        gate = self.gate("open", ttl=0)
        yes = gate.check("ann", minutes=2)
        self.assertEqual((yes.allowed, yes.known, yes.reasons), (True, True, ()))
        self.answer = Said(200, DENIED)
        no = gate.check("ann", minutes=2)
        self.assertEqual((no.allowed, no.known, no.reasons), (False, True, ("minutes_exceeded",)))

    def test_an_answer_is_reused_for_the_same_question_until_its_ttl(self) -> None:
        gate = self.gate(ttl=0.4)
        for _ in range(5):
            gate.check("ann", minutes=2)
        self.assertEqual(len(self.stub.sent), 1)
        gate.check("ann", minutes=3)
        gate.check("ben", minutes=2)
        self.assertEqual(len(self.stub.sent), 3)
        gate.forget("ann")
        gate.check("ben", minutes=2)
        gate.check("ann", minutes=2)
        self.assertEqual(len(self.stub.sent), 4)
        time.sleep(0.45)
        gate.check("ann", minutes=2)
        self.assertEqual(len(self.stub.sent), 5)

    def test_questions_that_differ_in_any_parameter_are_different_questions(self) -> None:
        gate = self.gate(ttl=60)
        parameters = set(inspect.signature(gate.check).parameters) - {"user_id"}
        sent = set(inspect.signature(self.reader.entitlement).parameters)
        self.assertEqual(parameters, sent - {"user_id", "at_least", "as_of"})
        questions: List[Dict[str, Any]] = [{}]
        for name in sorted(parameters):
            questions += [{name: "1"}, {name: "2"}]
        for question in questions:
            gate.check("ann", **question)
        self.assertEqual([asked(one) for one in self.stub.sent], questions)
        for question in questions:
            gate.check("ann", **question)
        self.assertEqual(len(self.stub.sent), len(questions))

    def test_an_answer_under_way_when_its_user_is_forgotten_is_not_reused(self) -> None:
        under_way, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)

        def late(_: Sent) -> Said:
            under_way.set()
            go_on.wait(10)
            return Said(200, DENIED)

        self.stub.answer = late
        reader = Reader(self.stub.url, timeout=20)
        self.addCleanup(reader.close)
        gate = EntitlementGate(reader, fails="open", ttl=60)
        with ThreadPoolExecutor(1) as other:
            check = other.submit(gate.check, "ann")
            self.assertTrue(under_way.wait(10))
            gate.forget("ann")  # She has just bought more.
            go_on.set()
            self.assertFalse(check.result().allowed)
        self.stub.answer = lambda _: Said(200, ALLOWED)
        self.assertTrue(gate.check("ann").allowed)
        self.assertTrue(gate.check("ann").allowed)
        self.assertEqual(len(self.stub.sent), 2)

    def test_it_keeps_at_most_max_entries_answers(self) -> None:
        gate = self.gate(ttl=60, max_entries=10)
        for number in range(30):
            gate.check(f"user-{number}")
        self.assertEqual(len(gate._kept), 10)  # pyright: ignore
        gate.check("user-29")
        self.assertEqual(len(self.stub.sent), 30)
        gate.check("user-0")
        self.assertEqual(len(self.stub.sent), 31)

    def test_it_fails_open_or_closed_as_the_caller_says(self) -> None:
        for said, code in (
            (problem(500, "internal_error"), "internal_error"),
            (problem(503, "not_caught_up", retry_after="2"), "not_caught_up"),
            (problem(401, "unauthorized"), "unauthorized"),
            (problem(403, "forbidden"), "forbidden"),
            (Said(200, b"<html>"), "unexpected_answer"),
        ):
            self.answer = said
            outcomes: "List[Decision]" = [
                self.gate(fails).check("ann") for fails in ("open", "closed")
            ]
            self.assertEqual([one.allowed for one in outcomes], [True, False], code)
            for one in outcomes:
                self.assertFalse(one.known)
                assert one.error is not None
                self.assertEqual(one.error.code, code)

    def test_an_unavailable_ledger_is_left_alone_for_a_while(self) -> None:
        gate = self.gate("open", pause=0.5)
        self.answer = problem(503, "store_unavailable", retry_after="1")
        gate.check("ann")
        tries = len(self.stub.sent)
        begun = time.monotonic()
        for number in range(20):
            self.assertTrue(gate.check(f"user-{number}").allowed)
        self.assertLess(time.monotonic() - begun, 0.4)
        self.assertEqual(len(self.stub.sent), tries)
        time.sleep(0.5)
        self.answer = Said(200, DENIED)
        self.assertFalse(gate.check("ann").allowed)

    def test_a_refusal_for_one_user_does_not_affect_another(self) -> None:
        gate = self.gate("closed")
        self.answer = problem(403, "forbidden")
        self.assertFalse(gate.check("ann").known)
        self.answer = Said(200, ALLOWED)
        self.assertTrue(gate.check("ben").known)

    def test_a_mistake_in_the_request_is_never_hidden(self) -> None:
        self.answer = problem(400, "invalid_parameter")
        with self.assertRaises(LedgerError):
            self.gate("open").check("ann", export_format="")
        with self.assertRaises(ParameterError):
            self.gate("open").check("")
        with self.assertRaises(ValueError):
            self.gate("ajar")
