from __future__ import annotations

import os
import time
import unittest
from datetime import datetime, timezone
from typing import Any, Dict
from unittest import mock

from minutebook import (
    InvalidFactError,
    OptionError,
    Producer,
    Reader,
    SpoolError,
    SpoolFullError,
)
from support.cases import UNREACHABLE, ProducerCase, eventually, python, session
from support.stub import Said, Sent, verdicts


class Telling(ProducerCase):
    def test_the_four_calls_send_the_four_types(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url)
        producer.started(**session(), language="en", enable_diarization=True, file_size_bytes=9)
        producer.failed(**session(), error_code="timeout", error_message="late\n")
        producer.retried(
            session_id="rec-1", user_id="ann", attempt=2, requested_by="ann", reason="again"
        )
        producer.completed(**session(), attempt=2, frames=4_000_001, frame_rate=44_100, channels=2)
        producer.flush()
        told = [(event["id"], event["data"]) for sent in stub.sent for event in sent.events]
        base: Dict[str, Any] = {**session(), "attempt": 1}
        again = {"session_id": "rec-1", "user_id": "ann", "attempt": 2}
        self.assertEqual(
            told,
            [
                (
                    "rec-1/1/started",
                    {**base, "language": "en", "enable_diarization": True, "file_size_bytes": 9},
                ),
                ("rec-1/1/failed", {**base, "error_code": "timeout", "error_message": "late\n"}),
                ("rec-1/2/retried", {**again, "requested_by": "ann", "reason": "again"}),
                (
                    "rec-1/2/completed",
                    {**base, "attempt": 2, "channels": 2, "duration_seconds": "90.702970522"},
                ),
            ],
        )

    def test_a_time_can_be_given_and_the_first_one_stands(self) -> None:
        moment = datetime(2026, 10, 5, 10, 0, tzinfo=timezone.utc)
        producer = self.producer()
        self.assertEqual(producer.started(**session(), time=moment).time, moment)
        self.assertEqual(producer.started(**session()).time, moment)
        now = producer.started(**session(2)).time
        self.assertLess(abs((datetime.now(timezone.utc) - now).total_seconds()), 60)

    def test_a_length_is_seconds_or_frames_and_not_both(self) -> None:
        producer = self.producer()
        both = {"duration_seconds": 1, "frames": 2, "frame_rate": 8_000}
        lengths: "list[Dict[str, Any]]" = [{}, both, {"frames": 2}]
        for length in lengths:
            with self.assertRaises(InvalidFactError):
                producer.completed(**session(), **length)
        with self.assertRaises(InvalidFactError):
            producer.retried(session_id="rec-1", user_id="ann", attempt=1)
        self.assertEqual(producer.status().waiting, 0)

    def test_a_worker_that_runs_again_can_see_what_was_reported(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url)
        self.assertIsNone(producer.recall("completed", session_id="rec-1"))
        told = producer.completed(**session(), duration_seconds=1)
        for _ in range(2):
            recalled = producer.recall("completed", session_id="rec-1")
            assert recalled is not None
            self.assertEqual(
                (recalled.id, recalled.time, recalled.again), (told.id, told.time, True)
            )
            producer.flush()
        self.assertIsNone(producer.recall("completed", session_id="rec-1", attempt=2))
        self.assertIsNone(producer.recall("started", session_id="rec-1"))
        with self.assertRaises(ValueError):
            producer.recall("finished", session_id="rec-1")

    def test_a_voided_fact_is_reported_again_under_another_id(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url)
        producer.completed(**session(), duration_seconds=1)
        told = producer.completed(
            **session(), duration_seconds=2, id="rec-1/1/completed/after-void"
        )
        self.assertFalse(told.again)
        producer.flush()
        self.assertIsNotNone(
            producer.recall("completed", session_id="rec-1", id="rec-1/1/completed/after-void")
        )
        self.assertIsNone(
            producer.recall("completed", session_id="rec-2", id="rec-1/1/completed/after-void")
        )

    def test_a_full_spool_raises_an_error(self) -> None:
        producer = self.producer(spool_bytes=500)
        with self.assertRaises(SpoolFullError):
            for number in range(10):
                producer.started(**session(number))
        self.assertGreaterEqual(producer.status().waiting, 1)

    def test_invalid_options_raise_at_once(self) -> None:
        bad: "list[Dict[str, Any]]" = [
            {"url": "ftp://x"},
            {"url": "127.0.0.1:3000"},
            {"url": "http://"},
            {"url": "http://a:b@x"},
            {"url": "http://x/?a=1"},
            {"url": "http://x/v1/events"},
            {"url": "http://x/v1/"},
            {"source": ""},
            {"source": "a\n"},
        ]
        for options in bad:
            with self.assertRaises(ValueError, msg=str(options)):
                self.producer(**options)

    def test_an_invalid_key_raises_at_once_and_is_not_repeated(self) -> None:
        for key in ("", " \n", "two words", "secr\u00e9t"):
            for make in (self.producer, lambda **given: Reader("http://127.0.0.1:9", **given)):
                with self.assertRaises(OptionError, msg=repr(key)) as caught:
                    make(key=key)
                self.assertEqual(caught.exception.code, "invalid_key")
                self.assertNotIn("words", str(caught.exception))
                self.assertNotIn("secr", str(caught.exception))

    def test_a_closed_producer_says_so_and_may_be_closed_again(self) -> None:
        producer = self.producer()
        producer.started(**session())
        self.assertEqual(producer.close(0), 1)
        self.assertEqual(producer.close(0), 1)
        with self.assertRaises(SpoolError):
            producer.started(**session())


class Ending(ProducerCase):
    def test_leaving_a_with_block_sends_what_waits(self) -> None:
        stub = self.ledger()
        with self.producer(stub.url) as producer:
            for number in range(20):
                producer.started(**session(number))
        self.assertEqual(sum(len(sent.events) for sent in stub.sent), 20)

    def test_the_end_of_the_program_sends_what_waits(self) -> None:
        def slowly(sent: Sent) -> Said:
            time.sleep(0.3)
            return verdicts(sent)

        stub = self.ledger(slowly)
        out, errors = python(TELLS, stub.url, self.folder / "spool", 10).communicate(timeout=30)
        self.assertEqual((out, errors), ("told\n", ""))
        self.assertEqual(sum(len(sent.events) for sent in stub.sent), 5)

    def test_the_program_can_end_while_the_ledger_is_away(self) -> None:
        out, errors = python(TELLS, "http://127.0.0.1:9", self.folder / "spool", 0.3).communicate(
            timeout=30
        )
        self.assertEqual(out, "told\n")
        self.assertIn("facts left in the spool for the next start: 5", errors)
        stub = self.ledger()
        self.assertEqual(self.producer(stub.url).flush(), 0)
        self.assertEqual(sum(len(sent.events) for sent in stub.sent), 5)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_forks_report_and_send_on_their_own(self) -> None:
        stub = self.ledger()
        program = (
            TELLS
            + """
children = []
for child in range(1, 4):
    pid = os.fork()
    if pid == 0:
        tell(100 * child)
        producer.flush()
        os._exit(0)
    children.append(pid)
print([os.waitpid(pid, 0)[1] for pid in children])
"""
        )
        out, _ = python(program, stub.url, self.folder / "spool", 10).communicate(timeout=30)
        self.assertEqual(out, "told\n[0, 0, 0]\n")
        sent = {event["id"] for one in stub.sent for event in one.events}
        self.assertEqual(len(sent), 20)

    def test_sending_imports_nothing_so_that_no_fork_interrupts_an_import(self) -> None:
        stub = self.ledger()
        program = (
            "import sys, minutebook\nbefore = set(sys.modules)\n"
            + TELLS
            + "producer.close()\nprint(sorted(set(sys.modules) - before))"
        )
        out, errors = python(program, stub.url, self.folder / "spool", 10).communicate(timeout=30)
        self.assertEqual((out, errors), ("told\n[]\n", ""))
        self.assertEqual(sum(len(sent.events) for sent in stub.sent), 5)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_fork_that_reported_nothing_ends_without_an_error(self) -> None:
        for url, wait in ((self.ledger().url, 10), (UNREACHABLE, 0.3)):
            _, errors = python(FORKS, url, self.folder / f"spool-{wait}", wait).communicate(
                timeout=30
            )
            self.assertNotIn("Traceback", errors)

    def test_a_fact_is_kept_if_the_system_gives_no_thread(self) -> None:
        stub = self.ledger()
        no_thread = RuntimeError("can't start new thread")
        with mock.patch("threading.Thread.start", side_effect=no_thread):
            producer = self.producer(stub.url)
            producer.started(**session())
        self.assertEqual(producer.status().waiting, 1)
        self.assertEqual(producer.flush(), 0)

    def test_processes_that_share_a_spool_send_each_fact(self) -> None:
        stub = self.ledger()
        workers = [
            python(TELLS, stub.url, self.folder / "spool", 10, 100 * one) for one in range(4)
        ]
        for worker in workers:
            self.assertEqual(worker.communicate(timeout=30), ("told\n", ""))
        ids = [event["id"] for one in stub.sent for event in one.events]
        self.assertEqual(len(set(ids)), 20)
        self.assertEqual(self.producer(stub.url).status().waiting, 0)

    def test_what_another_process_left_is_sent_at_start(self) -> None:
        python(TELLS, "http://127.0.0.1:9", self.folder / "spool", 0).communicate(timeout=30)
        stub = self.ledger()
        self.producer(stub.url)
        eventually(lambda: sum(len(sent.events) for sent in stub.sent) == 5)


TELLS = """
import os, sys
from minutebook import Producer
url, spool, wait = sys.argv[1:4]
producer = Producer(url, source="my/worker", spool=spool, exit_timeout=float(wait))
def tell(first):
    for number in range(first, first + 5):
        producer.started(session_id=f"rec-{number}", user_id="ann", stt_provider="google")
tell(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
print("told", flush=True)
"""

FORKS = (
    TELLS
    + """
import threading
producer.flush(float(wait))
pid = os.fork()
if pid == 0:
    def no_thread(_):
        # Python 3.12 says this while a program ends.
        raise RuntimeError("can't create new thread at interpreter shutdown")
    threading.Thread.start = no_thread
    sys.exit(0)
os.waitpid(pid, 0)
"""
)
