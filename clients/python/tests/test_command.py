from __future__ import annotations

import contextlib
import io
import json
from typing import Any, List, Tuple
from unittest import mock

from minutebook import Producer
from minutebook.__main__ import main
from support.cases import ProducerCase, session
from support.stub import rejected, verdicts


class Command(ProducerCase):
    def run_command(self, *arguments: object) -> Tuple[int, str, str]:
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = main([*map(str, arguments), "--spool", str(self.folder / "spool")])
        return status, out.getvalue(), errors.getvalue()

    def refuse(self, count: int) -> List[Any]:
        stub = self.ledger(lambda sent: verdicts(sent, lambda _: rejected("fact_voided")))
        producer = self.producer(stub.url)
        for number in range(count):
            producer.started(**session(number))
        producer.close()
        return [json.loads(line) for line in self.run_command("refused")[1].splitlines()]

    def test_status_exits_0_only_if_nothing_is_waiting_or_refused(self) -> None:
        producer = self.producer()
        said = "0 facts wait (0 bytes), 0 refused, 0 sent and remembered.\n"
        self.assertEqual(self.run_command("status"), (0, said, ""))
        producer.started(**session())
        status, out, _ = self.run_command("status")
        self.assertEqual(status, 1)
        self.assertIn("1 fact waits", out)

    def test_flush_sends_waiting_facts_and_says_what_remains(self) -> None:
        producer = self.producer()
        producer.started(**session())
        producer.close(0)
        status, _, errors = self.run_command(
            "flush", "--url", "http://127.0.0.1:9", "--timeout", 0.2
        )
        self.assertEqual(status, 1)
        self.assertIn("1 fact still waits. unreachable:", errors)
        stub = self.ledger()
        self.assertEqual(
            self.run_command("flush", "--url", stub.url), (0, "The ledger has all facts.\n", "")
        )
        self.assertEqual([event["source"] for event in stub.sent[0].events], ["my/worker"])

    def test_flush_forgets_nothing_that_workers_remember(self) -> None:
        stub = self.ledger()
        producer = self.producer(stub.url)
        producer.started(**session(1))
        producer.close()
        away = self.producer()
        away.started(**session(2))
        away.close(0)
        # The workers remember more than a producer does by default.
        defaults = Producer.__init__.__kwdefaults__ or {}
        with mock.patch.dict(defaults, remembered_facts=0):
            self.run_command("flush", "--url", stub.url)
        self.assertIn("2 sent and remembered", self.run_command("status")[1])

    def test_refused_facts_are_listed_sent_again_and_discarded(self) -> None:
        listed = self.refuse(3)
        self.assertEqual(
            [one["event"]["id"] for one in listed], [f"rec-{n}/1/started" for n in range(3)]
        )
        self.assertEqual({one["code"] for one in listed}, {"fact_voided"})
        self.assertEqual(self.run_command("discard", listed[0]["number"])[:2], (0, "1 fact discarded.\n"))
        self.assertEqual(self.run_command("send-again")[:2], (0, "2 facts will be sent again.\n"))
        stub = self.ledger()
        self.run_command("flush", "--url", stub.url)
        self.assertEqual(len(stub.sent[0].events), 2)
        self.assertEqual(self.run_command("status")[0], 0)

    def test_flush_fails_if_the_ledger_refused_facts(self) -> None:
        producer = self.producer()
        producer.started(**session())
        producer.close(0)
        stub = self.ledger(lambda sent: verdicts(sent, lambda _: rejected("fact_voided")))
        status, out, errors = self.run_command("flush", "--url", stub.url)
        self.assertEqual((status, out), (1, ""))
        self.assertIn("1 fact was refused and kept: `refused` says why", errors)

    def test_numbers_of_no_refused_fact_are_an_error(self) -> None:
        (listed,) = self.refuse(1)
        for command in ("send-again", "discard"):
            status, out, errors = self.run_command(command, 99)
            self.assertEqual((status, out[:7]), (1, "0 facts"))
            self.assertIn("1 number names no refused fact", errors)
        number = listed["number"]
        status, out, _ = self.run_command("discard", number, number, 98, 99)
        self.assertEqual((status, out), (1, "1 fact discarded.\n"))

    def test_a_folder_without_a_spool_is_an_error_and_none_is_made(self) -> None:
        status, _, errors = self.run_command("status")
        self.assertEqual((status, (self.folder / "spool").exists()), (1, False))
        self.assertIn("no spool", errors)

    def test_discarding_needs_numbers(self) -> None:
        with self.assertRaises(SystemExit):
            self.run_command("discard")
