from __future__ import annotations

import gzip
import json
import threading
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, Callable, Dict, List
from unittest import mock

from minutebook import Producer, Refused
from support.cases import ProducerCase, eventually, session
from support.stub import Said, Sent, problem, rejected, verdicts


def tell(producer: Producer, *numbers: int) -> None:
    for number in numbers:
        producer.completed(**session(number), duration_seconds=90.5)


class Sending(ProducerCase):
    def test_facts_reach_the_ledger_as_a_batch_of_cloud_events(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url + "/base/", key="secret-1\n")
        tell(producer, 1)
        self.assertEqual(producer.flush(), 0)
        (sent,) = stub.sent
        self.assertEqual((sent.method, sent.path), ("POST", "/base/v1/events"))
        self.assertEqual(sent.headers["content-type"], "application/cloudevents-batch+json")
        self.assertEqual(sent.headers["authorization"], "Bearer secret-1")
        self.assertNotIn("content-encoding", sent.headers)
        self.assertEqual([event["id"] for event in sent.events], ["rec-1/1/completed"])
        self.assertEqual(producer.position, "7")

    def test_a_call_does_not_wait_for_a_ledger_that_hangs(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def hang(sent: Sent) -> Said:
            go_on.wait(20)
            return verdicts(sent)

        stub = self.ledger(hang)
        producer = self.producer(stub.url)
        tell(producer, 1)
        eventually(lambda: stub.sent)
        begun = time.monotonic()
        tell(producer, *range(2, 22))
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(producer.flush(0.05), 21)
        go_on.set()
        self.assertEqual(producer.flush(), 0)
        # What was reported in between went out as one batch.
        self.assertEqual([len(sent.events) for sent in stub.sent], [1, 20])

    def test_a_close_takes_no_longer_than_its_timeout_while_the_ledger_hangs(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def hang(sent: Sent) -> Said:
            go_on.wait(20)
            return verdicts(sent)

        stub = self.ledger(hang)
        producer = self.producer(stub.url)
        tell(producer, 1)
        eventually(lambda: stub.sent)
        begun = time.monotonic()
        self.assertEqual(producer.close(2.0), 1)
        self.assertLess(time.monotonic() - begun, 3.5)

    def test_a_close_counts_what_waits_after_the_last_request_has_ended(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def hang(sent: Sent) -> Said:
            go_on.wait(20)
            return verdicts(sent)

        def flush(_: float) -> int:
            go_on.set()
            return 1

        stub = self.ledger(hang)
        producer = self.producer(stub.url)
        tell(producer, 1)
        eventually(lambda: stub.sent)
        # As if the time of the flush were over just before the answer arrives.
        with mock.patch.object(producer, "flush", flush):
            self.assertEqual(producer.close(20.0), 0)

    def test_no_fact_is_lost_while_the_ledger_is_away(self) -> None:
        producer = self.producer()
        tell(producer, 1, 2)
        trouble = eventually(lambda: self.troubles)[0]
        self.assertEqual((trouble.code, trouble.status), ("unreachable", None))
        self.assertEqual(producer.close(0.1), 2)
        stub = self.ledger()
        self.assertEqual(self.producer(stub.url).flush(), 0)
        self.assertEqual(len(stub.sent[0].events), 2)

    def test_facts_are_kept_and_sent_again_after_a_passing_failure(self) -> None:
        answers: List[Said] = [
            problem(401, "unauthorized"),
            problem(403, "forbidden"),
            problem(404, "not_found"),
            problem(408, "timeout"),
            problem(429, "rate_limited"),
            problem(500, "internal_error"),
            problem(503, "store_unavailable"),
            Said(302, b"", {"location": "https://elsewhere.example/"}),
            Said(200, b"<html>", {"content-type": "text/html"}),
            Said(200, {"position": "7", "results": []}),
            Said(200, {"position": "7", "results": [{"status": "mislaid"}]}),
            Said(400, b"Bad Request", {"content-type": "text/html"}),
        ]
        left = list(answers)
        stub = self.ledger(lambda sent: left.pop(0) if left else verdicts(sent))
        producer = self.producer(stub.url, max_backoff=0.02)
        tell(producer, 1)
        self.assertEqual(producer.flush(), 0)
        self.assertEqual(len(stub.sent), len(answers) + 1)
        self.assertEqual(len({sent.body for sent in stub.sent}), 1)
        statuses = [(one.code, one.status) for one in self.troubles]
        self.assertEqual(statuses[0], ("unauthorized", 401))
        self.assertEqual(statuses[7], ("unexpected_answer", 302))
        self.assertIn("https://elsewhere.example/", self.troubles[7].detail)
        self.assertEqual([status for _, status in statuses], [one.status for one in answers])
        self.assertEqual(self.refused, [])

    def test_a_broken_connection_is_retried(self) -> None:
        broken: List[Sent] = []

        def answer(sent: Sent) -> Said:
            if len(broken) < 3:
                broken.append(sent)
                raise ConnectionError
            return verdicts(sent)

        stub = self.ledger(answer)
        producer = self.producer(stub.url, max_backoff=0.02)
        tell(producer, 1)
        self.assertEqual(producer.flush(), 0)
        self.assertEqual({one.code for one in self.troubles}, {"unreachable"})

    def test_connections_are_reused(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url)
        for number in range(5):
            tell(producer, number)
            producer.flush()
        self.assertEqual((len(stub.sent), stub.connections), (5, 1))

    def test_pauses_grow_with_jitter_up_to_max_backoff(self) -> None:
        stub = self.ledger(lambda sent: problem(503, "overloaded"))
        producer = self.producer(stub.url, max_backoff=0.8)
        tell(producer, 1)
        eventually(lambda: len(self.troubles) >= 3)
        first, second, third = (one.retry_in for one in self.troubles[:3])
        self.assertTrue(0.25 <= first <= 0.5, first)
        self.assertTrue(0.4 <= second <= 0.8, second)
        self.assertTrue(0.4 <= third <= 0.8, third)

    def test_even_a_flush_waits_for_retry_after(self) -> None:
        soon = datetime.now(timezone.utc) + timedelta(seconds=30)
        for said, least, most in (
            ("40", 40, 41),
            (format_datetime(soon, usegmt=True), 20, 31),
            ("99999", 600, 601),
        ):
            self.troubles.clear()
            stub = self.ledger(lambda sent, said=said: problem(503, "overloaded", retry_after=said))
            producer = self.producer(stub.url, spool=self.folder / said[:3])
            tell(producer, 1)
            (trouble,) = eventually(lambda: self.troubles)
            self.assertTrue(least <= trouble.retry_in <= most, trouble)
            self.assertEqual(producer.flush(0.2), 1)
            self.assertEqual(len(stub.sent), 1)

    def test_a_flush_does_not_wait_for_the_end_of_a_pause(self) -> None:
        left = [problem(503, "overloaded")]
        stub = self.ledger(lambda sent: left.pop() if left else verdicts(sent))
        producer = self.producer(stub.url)
        producer._sender._failures = 10  # pyright: ignore[reportPrivateUsage]
        tell(producer, 1)
        (trouble,) = eventually(lambda: self.troubles)
        self.assertGreater(trouble.retry_in, 20)
        self.assertEqual(producer.flush(5), 0)

    def test_a_key_may_change_while_it_runs(self) -> None:
        keys = ["old", "new"]

        def answer(sent: Sent) -> Said:
            known = sent.headers["authorization"] == "Bearer new"
            return verdicts(sent) if known else problem(401, "unauthorized")

        stub = self.ledger(answer)
        producer = self.producer(
            stub.url, key=lambda: keys.pop(0) if len(keys) > 1 else keys[0], max_backoff=0.05
        )
        tell(producer, 1)
        self.assertEqual(producer.flush(), 0)
        self.assertEqual([one.code for one in self.troubles], ["unauthorized"])

    def test_an_empty_key_from_a_function_is_reported_and_facts_wait_for_a_valid_one(self) -> None:
        keys = ["", "new"]
        stub = self.ledger()
        producer = self.producer(
            stub.url, key=lambda: keys.pop(0) if len(keys) > 1 else keys[0], max_backoff=0.05
        )
        tell(producer, 1)
        self.assertEqual(producer.flush(), 0)
        self.assertEqual([one.code for one in self.troubles], ["invalid_key"])
        self.assertEqual(len(stub.sent), 1)

    def test_a_batch_has_at_most_ten_thousand_events_and_sixteen_mebibytes(self) -> None:
        most = 16 * 1024 * 1024
        for length, count in ((1, 10_400), (16_000, 1_100)):
            spool = self.folder / str(length)
            away = self.producer(spool=spool)
            body = json.dumps({"id": "a", "source": "b", "data": "x" * length})
            with away._spool.database.transaction(durable=False) as rows:  # pyright: ignore
                rows.executemany(
                    "INSERT INTO facts (source, id, digest, time, state, body, bytes)"
                    " VALUES ('b', ?, x'', '2026-10-05T10:00:00.000Z', 0, ?, ?)",
                    [(str(number), body, len(body)) for number in range(count)],
                )
            away.close(0)
            stub = self.ledger()
            self.assertEqual(self.producer(stub.url, spool=spool).flush(), 0)
            first = stub.sent[0]
            self.assertEqual(
                [len(sent.events) for sent in stub.sent][1:], [count - len(first.events)]
            )
            if length == 1:
                self.assertEqual(len(first.events), 10_000)
            else:
                self.assertTrue(most - 17_000 < len(first.body) <= most, len(first.body))


class Compressing(ProducerCase):
    def taking(self, sent: Sent) -> Said:
        answer = verdicts(sent)
        return Said(answer.status, answer.body, {"accept-encoding": "gzip"})

    def test_bodies_are_compressed_once_the_ledger_announces_gzip(self) -> None:
        stub = self.ledger(self.taking)
        producer = self.producer(stub.url)
        for number in (1, 2):
            tell(producer, number)
            producer.flush()
        self.assertEqual([one.headers.get("content-encoding") for one in stub.sent], [None, "gzip"])
        self.assertEqual(gzip.decompress(stub.sent[1].body)[:1], b"[")

    def test_a_ledger_that_refuses_compressed_bodies_gets_plain_ones(self) -> None:
        for status, code in ((415, "unsupported_media_type"), (400, "invalid_body")):

            def answer(sent: Sent, status: int = status, code: str = code) -> Said:
                zipped = "content-encoding" in sent.headers
                return problem(status, code) if zipped else self.taking(sent)

            stub = self.ledger(answer)
            producer = self.producer(stub.url, spool=self.folder / code, compress=True)
            for number in (1, 2):
                tell(producer, number)
                self.assertEqual(producer.flush(), 0)
            encodings = [one.headers.get("content-encoding") for one in stub.sent]
            self.assertEqual(encodings, ["gzip", None, None])
        self.assertEqual((self.troubles, self.refused), ([], []))

    def test_nothing_is_compressed_with_compress_false(self) -> None:
        stub = self.ledger(self.taking)
        producer = self.producer(stub.url, compress=False)
        for number in (1, 2):
            tell(producer, number)
            producer.flush()
        self.assertEqual([one.headers.get("content-encoding") for one in stub.sent], [None, None])


class Refusing(ProducerCase):
    def test_a_refused_fact_is_kept_apart_and_calls_back_once(self) -> None:
        def say(event: Dict[str, Any]) -> Dict[str, Any]:
            bad = event["data"]["session_id"] == "rec-2"
            return (
                rejected("session_user_mismatch")
                if bad
                else {"status": "recorded", "position": "7"}
            )

        stub = self.ledger(lambda sent: verdicts(sent, say))
        producer = self.producer(stub.url)
        tell(producer, 1, 2, 3)
        self.assertEqual(producer.flush(), 0)
        (one,) = eventually(lambda: self.refused)
        self.assertEqual(
            (one.code, one.event["id"]), ("session_user_mismatch", "rec-2/1/completed")
        )
        tell(producer, 4)
        producer.close()
        self.assertEqual(len(self.refused), 1)
        self.assertEqual(producer._left, 0)  # pyright: ignore[reportPrivateUsage]

    def test_a_fact_that_differs_in_time_only_is_a_duplicate_and_is_logged(self) -> None:
        stub = self.ledger(
            lambda sent: verdicts(sent, lambda _: rejected("event_id_reused", "time"))
        )
        producer = self.producer(stub.url)
        with self.assertLogs("minutebook", "WARNING") as logs:
            tell(producer, 1)
            self.assertEqual(producer.flush(), 0)
        self.assertIn("another time", logs.output[0])
        self.assertEqual((producer.status().refused, producer.status().remembered), (0, 1))

    def test_other_content_under_the_same_id_is_refused_with_the_fields_that_differ(self) -> None:
        fields = ("data.duration_seconds", "time")
        stub = self.ledger(
            lambda sent: verdicts(sent, lambda _: rejected("event_id_reused", *fields))
        )
        producer = self.producer(stub.url)
        tell(producer, 1)
        producer.flush()
        (one,) = eventually(lambda: self.refused)
        self.assertEqual(one.fields, fields)

    def test_a_fact_in_the_future_or_of_a_wrong_key_is_held_and_delays_no_other(self) -> None:
        for code in ("time_in_future", "source_not_allowed"):
            held = [True]

            def say(
                event: Dict[str, Any], held: List[bool] = held, code: str = code
            ) -> Dict[str, Any]:
                if held[0] and event["data"]["session_id"] == "rec-1":
                    return rejected(code)
                return {"status": "recorded", "position": "7"}

            stub = self.ledger(lambda sent: verdicts(sent, say))
            producer = self.producer(stub.url, spool=self.folder / code)
            tell(producer, 1, 2)
            self.assertEqual(producer.flush(), 1)
            eventually(lambda: self.troubles and self.troubles[-1].code == code)
            held[0] = False
            with producer._spool.database.transaction() as rows:  # pyright: ignore
                rows.execute("UPDATE facts SET due_at = 0 WHERE due_at IS NOT NULL")
            self.assertEqual(producer.flush(), 0)
        self.assertEqual(self.refused, [])

    def test_one_event_that_spoils_a_request_is_found_and_set_aside(self) -> None:
        for status, code in ((400, "too_deep"), (413, "body_too_large")):

            def answer(sent: Sent, status: int = status, code: str = code) -> Said:
                bad = any(event["data"]["session_id"] == "rec-13" for event in sent.events)
                return problem(status, code) if bad else verdicts(sent)

            away = self.producer(spool=self.folder / code)
            tell(away, *range(40))
            away.close(0)
            self.refused.clear()
            stub = self.ledger(answer)
            producer = self.producer(stub.url, spool=self.folder / code)
            self.assertEqual(producer.flush(), 0)
            (one,) = eventually(lambda: self.refused)
            self.assertEqual((one.event["data"]["session_id"], one.code), ("rec-13", code))
            self.assertEqual(producer.status().remembered, 39)
            self.assertLess(len(stub.sent), 20)

    def test_a_fact_on_which_the_ledger_always_fails_keeps_no_other_waiting(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def hang() -> Said:
            go_on.wait(20)
            return problem(503, "overloaded")

        fails = {"fails": lambda: problem(500, "internal_error"), "hangs": hang}
        for name, fail in fails.items():

            def answer(sent: Sent, fail: Callable[[], Said] = fail) -> Said:
                bad = any(event["data"]["session_id"] == "rec-13" for event in sent.events)
                return fail() if bad else verdicts(sent)

            spool = self.folder / name
            away = self.producer(spool=spool)
            tell(away, *range(40))
            away.close(0)
            stub = self.ledger(answer)
            producer = self.producer(stub.url, spool=spool, timeout=0.2, max_backoff=0.05)
            eventually(lambda producer=producer: producer.status().remembered == 39)
            tell(producer, 50)
            self.assertEqual(producer.flush(0.5), 1)
            self.assertEqual(producer.status().remembered, 40)
            stub.answer = verdicts
            self.assertEqual(producer.flush(), 0)
        self.assertEqual(self.refused, [])

    def test_facts_on_which_the_ledger_always_fails_come_after_the_others(self) -> None:
        def answer(sent: Sent) -> Said:
            bad = any(event["data"]["session_id"] in {"rec-0", "rec-1"} for event in sent.events)
            return problem(500, "internal_error") if bad else verdicts(sent)

        away = self.producer()
        tell(away, *range(20))
        away.close(0)
        # They are due again before the search for the next one has ended.
        with mock.patch("minutebook.outbox._HELD_MS", 1):
            producer = self.producer(self.ledger(answer).url, max_backoff=0.05)
            eventually(lambda: producer.status().remembered == 18)

    def test_a_flush_sends_all_if_the_ledger_failed_several_times_and_then_recovers(self) -> None:
        left = [problem(500, "internal_error") for _ in range(9)]
        stub = self.ledger(lambda sent: left.pop() if left else verdicts(sent))
        producer = self.producer(stub.url, max_backoff=0.02)
        tell(producer, 1, 2)
        self.assertEqual(producer.flush(), 0)
        self.assertEqual(left, [])

    def test_a_proxy_that_refuses_large_bodies_gets_smaller_ones(self) -> None:
        def answer(sent: Sent) -> Said:
            too_large = len(sent.body) > 1_000
            return (
                Said(413, b"<html>", {"content-type": "text/html"}) if too_large else verdicts(sent)
            )

        away = self.producer()
        tell(away, *range(30))
        away.completed(**session(99), duration_seconds=1, provider_metadata={"a": "x" * 2_000})
        away.close(0)
        stub = self.ledger(answer)
        producer = self.producer(stub.url)
        self.assertEqual(producer.flush(), 1)
        self.assertEqual(producer.status().remembered, 30)
        eventually(lambda: self.troubles and self.troubles[-1].code == "unexpected_answer")
        self.assertEqual(self.refused, [])

    def test_a_callback_that_fails_stops_nothing(self) -> None:
        def fail(_: object) -> None:
            raise RuntimeError("on purpose")

        stub = self.ledger(lambda sent: verdicts(sent, lambda _: rejected("fact_voided")))
        producer = self.producer(stub.url, on_refused=fail)
        with self.assertLogs("minutebook", "ERROR"):
            tell(producer, 1)
            producer.flush()
            eventually(lambda: producer.refused.untold() == [])
        stub.answer = verdicts
        tell(producer, 2)
        self.assertEqual(producer.flush(), 0)

    def test_a_refusal_in_another_process_calls_back_here(self) -> None:
        stub = self.ledger(lambda sent: verdicts(sent, lambda _: rejected("fact_voided")))
        silent = self.producer(stub.url, on_refused=None)
        tell(silent, 1)
        silent.close()
        called: List[Refused] = []
        self.producer(stub.url, on_refused=called.append)
        self.assertEqual(len(eventually(lambda: called)), 1)

    def test_logs_contain_no_key_and_nothing_of_the_facts(self) -> None:
        left = [problem(401, "unauthorized"), Said(200, b"x")]
        stub = self.ledger(
            lambda sent: left.pop() if left else verdicts(sent, lambda _: rejected("fact_voided"))
        )
        with self.assertLogs("minutebook", "DEBUG") as logs:
            producer = self.producer(stub.url, key="secret-1", max_backoff=0.02)
            producer.completed(**session(), duration_seconds=1, original_filename="secret-name.wav")
            producer.flush()
            producer.close()
        self.assertGreaterEqual(len(logs.output), 3)
        for line in logs.output:
            for secret in ("secret", "rec-1", "ann"):
                self.assertNotIn(secret, line)
