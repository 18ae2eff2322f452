"""Kills workers and the ledger in any order, over and over: nothing is lost or doubled.

MINUTEBOOK_KILLS: the number of kills (6); MINUTEBOOK_SEED: the seed of their order.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Dict, List

from minutebook import Reader
from minutebook.__main__ import main as command
from minutebook.refused import RefusedFacts
from minutebook.spool import Spool
from support.cases import FolderCase, environment
from support.jobs import fact_ids, seconds
from support.worker import read
from support.service import Service, needs_service

KILLS = int(os.environ.get("MINUTEBOOK_KILLS", "6"))
SEED = os.environ.get("MINUTEBOOK_SEED", "16")


class Worker:
    """A worker that may be started again and again."""

    def __init__(self, service: Service, folder: Path, name: int, first: int) -> None:
        self.done, self.log = folder / f"done-{name}", folder / f"worker-{name}.log"
        key = service.key("producer") or ""
        spool, end = folder / "spool", folder / "end"
        self._arguments = [service.url, key, *map(str, (spool, self.done, first, end))]
        self._runs = 0
        self.start()

    def start(self) -> None:
        self._runs += 1
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "support.worker", *self._arguments, f"{SEED}.{self._runs}"],
                env=environment(),
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@needs_service
class Kills(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.service = Service(self.folder / "ledger")
        self.addCleanup(lambda: self.service.kill())
        # The second and third get the same jobs, as from a queue that thinks a worker is dead.
        self.workers = [
            Worker(self.service, self.folder, name, first)
            for name, first in enumerate((0, 100_000, 100_000))
        ]
        for worker in self.workers:
            self.addCleanup(worker.kill)

    def test_workers_and_ledger_die_in_any_order_and_every_charge_is_there_once(self) -> None:
        some = random.Random(SEED)
        died: Counter[str] = Counter()
        for _ in range(KILLS):
            time.sleep(some.random() * 0.6)
            victims = some.sample(range(-2, len(self.workers)), 1 + (some.random() < 0.3))
            for one in victims:
                died["ledger" if one < 0 else "worker"] += 1
                self.kill(one)
            time.sleep(some.random() * 0.3)
            for one in victims:
                if one >= 0:
                    self.workers[one].start()
            if any(one < 0 for one in victims):
                self.service.start()
        self.assertGreater(min(died["ledger"], died["worker"]), 0)
        (self.folder / "end").touch()
        self.let_them_finish()
        self.check_spool()
        self.check_ledger()

    def kill(self, victim: int) -> None:
        if victim < 0:
            return self.service.kill()
        worker = self.workers[victim]
        self.assertIsNone(worker.process.poll(), "a worker ended before it was killed")
        worker.kill()

    def let_them_finish(self) -> None:
        for worker in self.workers:
            try:
                self.assertEqual(worker.process.wait(120), 0, worker.log.read_text())
            except subprocess.TimeoutExpired:
                self.fail(f"a worker did not end: {worker.log.read_text()}")
        arguments = ["--url", self.service.url, "--spool", str(self.folder / "spool")]
        key = self.service.key("producer")
        if key is not None:
            os.environ["MINUTEBOOK_KEY"] = key
            self.addCleanup(os.environ.pop, "MINUTEBOOK_KEY")
        self.assertEqual(command(["flush", *arguments]), 0)

    def check_spool(self) -> None:
        spool = Spool(self.folder / "spool", 0)
        self.addCleanup(spool.close)
        self.assertEqual([(one.code, one.fields) for one in RefusedFacts(spool.database)], [])
        self.assertEqual(spool.status().waiting, 0)
        for worker in self.workers:
            said = worker.log.read_text().splitlines()
            # No line about a fact with another time either: the spool remembered every one.
            self.assertEqual([line for line in said if not line.endswith(": unreachable")], [])

    def check_ledger(self) -> None:
        facts = self.service.facts()
        held = Counter(one["event"]["id"] for one in facts)
        done = {number for worker in self.workers for number in read(str(worker.done))}
        wanted = Counter(name for number in done for name in fact_ids(number))
        self.assertGreater(len(done), 10 * KILLS)
        self.assertEqual(held, wanted)
        reader = Reader(self.service.url, key=self.service.key("reader"), timeout=60)
        self.addCleanup(reader.close)
        lengths: Dict[str, List[Fraction]] = {}
        for number in range(7):
            last = facts[-1]["position"]
            for log in reader.usage_logs(f"user-{number}", page_size=500, at_least=last):
                lengths.setdefault(log.session_id, []).append(Fraction(log.duration_seconds))
        self.assertEqual(lengths, {f"rec-{n}": [seconds(n)] for n in done})
