from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import List, Optional, Set

from minutebook import Receipt, SpoolError, SpoolFullError
from minutebook.facts import Fact, make_fact
from minutebook.lease import new_token
from minutebook.outbox import Outbox, Refusal, Settled, Waiting
from minutebook.refused import RefusedFacts
from minutebook.schema import REFUSED, SENT, WAITING
from minutebook.spool import Spool
from support import version_1
from support.cases import FolderCase, eventually, python, session

MOMENT = datetime(2026, 10, 5, 10, 0, tzinfo=timezone.utc)
LATER = MOMENT + timedelta(hours=1)
ROOM = 1_000_000
ME, YOU = new_token(), new_token()


def completed(
    number: int = 1, seconds: float = 90, name: Optional[str] = None, **more: object
) -> Fact:
    data = {**session(number), "attempt": 1, "duration_seconds": seconds, **more}
    return make_fact("my/worker", "completed", data, name, None)


class SpoolCase(FolderCase):
    def open(self, room: int = ROOM, remembered: int = 100) -> Spool:
        spool = Spool(self.folder / "spool", room)
        self.addCleanup(spool.close)
        self.outbox = Outbox(spool.database, remembered)
        self.refused = RefusedFacts(spool.database)
        return spool

    def claim(self, token: str = ME, facts: int = 100, size: int = ROOM) -> List[Waiting]:
        batch = self.outbox.claim(token, facts, size, 60)
        assert batch is not None
        return batch

    def send(self, token: str = ME) -> List[Waiting]:
        batch = self.claim(token)
        self.outbox.settle(token, [Settled(one.seq, "sent") for one in batch], "7")
        return batch

    def refuse(self, code: str = "session_user_mismatch") -> None:
        why = Refusal(code, "Do this.", "/data/user_id", ("data.a", "data.b"))
        settled = [Settled(one.seq, "refused", why) for one in self.claim()]
        self.outbox.settle(ME, settled, None)


class Keeping(SpoolCase):
    def test_a_fact_reported_again_keeps_its_first_time(self) -> None:
        spool = self.open()
        first = spool.put(completed(), MOMENT)
        again = spool.put(completed(), LATER)
        self.assertEqual(first, Receipt("rec-1/1/completed", "my/worker", MOMENT, again=False))
        self.assertEqual(again, Receipt("rec-1/1/completed", "my/worker", MOMENT, again=True))
        self.assertEqual(len(self.claim()), 1)

    def test_a_fact_reported_again_after_it_was_sent_is_sent_again_unchanged(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        first = self.send()
        self.assertEqual(self.claim(), [])
        self.assertTrue(spool.put(completed(), LATER).again)
        self.assertEqual([one.body for one in self.claim()], [one.body for one in first])

    def test_other_content_under_the_same_id_waits_after_the_first_and_has_its_time(
        self,
    ) -> None:
        spool = self.open()
        spool.put(completed(seconds=90), MOMENT)
        self.assertEqual(spool.put(completed(seconds=91), LATER).time, MOMENT)
        bodies = [one.body for one in self.claim()]
        self.assertEqual(
            bodies, [completed(1, one).event("2026-10-05T10:00:00.000Z") for one in (90, 91)]
        )

    def test_the_same_id_in_another_session_is_another_fact(self) -> None:
        spool = self.open()
        spool.put(completed(1, name="fix"), MOMENT)
        self.send()
        self.assertIsNone(spool.recall("my/worker", "rec-2", "fix"))
        other = spool.put(completed(2, name="fix"), LATER)
        self.assertEqual(other, Receipt("fix", "my/worker", LATER, again=False))
        for number, time in ((1, MOMENT), (2, LATER)):
            recalled = spool.recall("my/worker", f"rec-{number}", "fix")
            self.assertEqual(recalled, Receipt("fix", "my/worker", time, again=True))

    def test_facts_are_still_there_after_the_spool_is_reopened(self) -> None:
        self.open().put(completed(), MOMENT)
        spool = self.open()
        self.assertEqual(
            spool.recall("my/worker", "rec-1", "rec-1/1/completed"), spool.put(completed(), LATER)
        )
        self.assertEqual(len(self.claim()), 1)

    def test_a_sent_fact_leaves_only_its_name_time_and_digest(self) -> None:
        spool = self.open()
        spool.put(completed(original_filename="secret-name.wav"), MOMENT)
        self.assertEqual(spool.status().oldest_waiting, MOMENT)
        self.send()
        status = spool.status()
        self.assertEqual((status.waiting, status.waiting_bytes, status.remembered), (0, 0, 1))
        spool.close()
        for path in (self.folder / "spool").iterdir():
            self.assertNotIn(b"secret-name", path.read_bytes(), path.name)

    def test_only_the_newest_sent_facts_are_remembered(self) -> None:
        spool = self.open(remembered=10)
        for number in range(30):
            spool.put(completed(number), MOMENT)
            self.send()
        self.assertEqual(spool.status().remembered, 10)
        self.assertIsNone(spool.recall("my/worker", "rec-19", "rec-19/1/completed"))
        self.assertIsNotNone(spool.recall("my/worker", "rec-20", "rec-20/1/completed"))

    def test_only_their_owner_can_read_the_files(self) -> None:
        self.open().put(completed(), MOMENT)
        folder = self.folder / "spool"
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]
        }
        self.assertEqual(modes.pop("spool"), 0o700)
        self.assertEqual(set(modes.values()), {0o600}, modes)


class Sending(SpoolCase):
    def test_a_batch_respects_its_bounds_on_facts_and_bytes(self) -> None:
        spool = self.open()
        for number in range(10):
            spool.put(completed(number), MOMENT)
        size = len(completed(0).event("2026-10-05T10:00:00.000Z"))
        self.assertEqual(len(self.claim(facts=3)), 3)
        self.assertEqual(len(self.claim(size=4 * (size + 1))), 4)
        self.assertEqual(len(self.claim(size=4 * (size + 1) - 1)), 3)
        self.assertEqual(len(self.claim(size=1)), 1)

    def test_one_sends_at_a_time_and_another_after_it_settles_or_releases(self) -> None:
        spool = self.open()
        spool.put(completed(1), MOMENT)
        batch = self.claim(ME)
        self.assertIsNone(self.outbox.claim(YOU, 100, ROOM, 60))
        self.outbox.settle(ME, [Settled(batch[0].seq, "sent")], "7")
        spool.put(completed(2), MOMENT)
        self.claim(YOU)
        self.assertIsNone(self.outbox.claim(ME, 100, ROOM, 60))
        self.outbox.release(YOU)
        self.claim(ME)

    def test_one_that_ended_keeps_no_other_waiting_though_its_last_request_fails_later(self) -> None:
        self.open().put(completed(), MOMENT)
        ended = self.outbox
        self.claim(ME)
        ended.end(ME)
        ended.wait(ME, 60)
        self.assertIsNone(ended.claim(ME, 100, ROOM, 60))
        self.open()
        self.assertEqual(len(self.claim(YOU)), 1)

    def test_another_sends_once_the_first_ones_time_is_up(self) -> None:
        self.open().put(completed(), MOMENT)
        self.outbox.claim(ME, 100, ROOM, 0.0)
        self.assertEqual(len(self.claim(YOU)), 1)

    @unittest.skipUnless(os.name == "posix", "Windows can't tell whether a process lives")
    def test_another_sends_at_once_if_the_sending_process_is_gone(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        self.claim(ME)
        gone = python("")
        assert gone.stdout is not None
        gone.stdout.read()
        with spool.database.transaction() as rows:
            rows.execute("UPDATE sender SET pid = ?", (gone.pid,))
        if sys.platform == "linux":
            # It has ended, but is not reaped yet.
            eventually(lambda: self.outbox.claim(YOU, 100, ROOM, 60))
            with spool.database.transaction() as rows:
                rows.execute("UPDATE sender SET pid = ?", (gone.pid,))
        gone.communicate()
        self.assertEqual(len(self.claim(ME)), 1)

    def test_another_sends_at_once_in_a_restarted_container(self) -> None:
        self.open().put(completed(), MOMENT)
        self.claim("of-a-process-that-had-this-number")
        self.assertEqual(len(self.claim(new_token())), 1)
        self.assertIsNone(self.outbox.claim(ME, 100, ROOM, 60))

    def test_a_clock_set_back_holds_up_nothing(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        batch = self.claim(ME)
        self.outbox.settle(
            "me", [Settled(batch[0].seq, "held", Refusal("time_in_future", ""))], None
        )
        self.assertEqual(self.claim(ME), [])
        year = 365 * 86_400_000
        with spool.database.transaction() as rows:
            rows.execute(
                "UPDATE facts SET held_at = held_at + ?, due_at = due_at + ?", (year, year)
            )
        self.assertEqual(len(self.claim(ME)), 1)
        with spool.database.transaction() as rows:
            rows.execute("UPDATE sender SET since = since + ?, until = until + ?", (year, year))
        self.assertEqual(len(self.claim(YOU)), 1)

    def test_a_held_fact_is_left_alone_for_a_minute(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        batch = self.claim()
        self.outbox.settle(
            "me", [Settled(batch[0].seq, "held", Refusal("time_in_future", ""))], None
        )
        self.assertEqual(self.claim(), [])
        self.assertEqual(spool.status().waiting, 1)
        with spool.database.transaction() as rows:
            rows.execute("UPDATE facts SET held_at = held_at - 60001, due_at = due_at - 60001")
        self.assertEqual(len(self.claim()), 1)


class Refusing(SpoolCase):
    def test_a_refused_fact_is_kept_apart_with_its_reason(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        self.refuse()
        self.assertEqual(self.claim(), [])
        one = next(iter(self.refused))
        self.assertEqual(
            (one.code, one.detail, one.pointer),
            ("session_user_mismatch", "Do this.", "/data/user_id"),
        )
        self.assertEqual(one.fields, ("data.a", "data.b"))
        self.assertEqual(one.event["id"], "rec-1/1/completed")
        self.assertLess(abs((datetime.now(timezone.utc) - one.refused_at).total_seconds()), 60)
        self.assertIsNone(spool.recall("my/worker", "rec-1", "rec-1/1/completed"))

    def test_refused_facts_are_listed_oldest_first_however_many(self) -> None:
        spool = self.open(room=10_000_000)
        for number in range(520):
            spool.put(completed(number), MOMENT)
        while spool.status().waiting:
            self.refuse()
        ids = [one.event["data"]["session_id"] for one in self.refused]
        self.assertEqual(ids, [f"rec-{number}" for number in range(520)])

    def test_refused_facts_can_be_sent_again_or_discarded(self) -> None:
        spool = self.open()
        for number in range(4):
            spool.put(completed(number), MOMENT)
        self.refuse()
        numbers = [one.number for one in self.refused]
        self.assertEqual(self.refused.send_again(numbers[:1]), 1)
        self.assertEqual(self.refused.discard([numbers[1], 999]), 1)
        self.assertEqual([one.seq for one in self.claim()], numbers[:1])
        self.assertEqual([one.number for one in self.refused], numbers[2:])
        self.assertEqual(self.refused.send_again(), 2)
        self.assertEqual(self.refused.discard(), 0)

    def test_reporting_a_refused_fact_again_sends_it_again(self) -> None:
        spool = self.open()
        spool.put(completed(), MOMENT)
        self.refuse()
        self.assertEqual(spool.put(completed(), LATER).time, MOMENT)
        self.assertEqual(len(self.claim()), 1)
        self.assertEqual(spool.status().refused, 0)

    def test_a_refusal_stays_untold_until_it_is_noted(self) -> None:
        self.open().put(completed(), MOMENT)
        self.refuse()
        (one,) = self.refused.untold()
        self.refused.note_told(one.number)
        self.assertEqual(self.refused.untold(), [])


class Full(SpoolCase):
    def test_a_full_spool_refuses_new_facts_and_keeps_all_it_has(self) -> None:
        size = len(completed().event("2026-10-05T10:00:00.000Z"))
        spool = self.open(room=2 * size)
        spool.put(completed(1), MOMENT)
        spool.put(completed(2), MOMENT)
        with self.assertRaises(SpoolFullError) as caught:
            spool.put(completed(3), MOMENT)
        self.assertEqual(caught.exception.code, "spool_full")
        self.assertIn("waiting facts (2) and refused facts (0)", str(caught.exception))
        self.assertIsNone(spool.recall("my/worker", "rec-3", "rec-3/1/completed"))
        self.assertTrue(spool.put(completed(2), MOMENT).again)
        self.assertEqual(len(self.send()), 2)
        spool.put(completed(3), MOMENT)

    def test_refused_facts_take_room_until_they_are_discarded(self) -> None:
        size = len(completed().event("2026-10-05T10:00:00.000Z"))
        spool = self.open(room=size)
        spool.put(completed(1), MOMENT)
        self.refuse()
        with self.assertRaises(SpoolFullError):
            spool.put(completed(2), MOMENT)
        self.refused.discard()
        spool.put(completed(2), MOMENT)

    def test_the_totals_always_match_the_rows(self) -> None:
        spool = self.open(remembered=3)
        for turn in range(40):
            spool.put(completed(turn % 9, seconds=turn % 4), MOMENT)
            (self.send if turn % 3 else self.refuse)()
            if turn % 7 == 0:
                self.refused.send_again()
            spool.put(completed(turn % 5), MOMENT)
            with spool.database.reading() as rows:
                counted = rows.execute(
                    "SELECT state, count(*), sum(bytes) FROM facts GROUP BY state"
                ).fetchall()
                kept = rows.execute("SELECT * FROM totals WHERE facts > 0 OR bytes > 0").fetchall()
            self.assertEqual(kept, counted)

    @unittest.skipUnless(os.name == "posix", "needs a limit on the size of files")
    def test_a_full_disk_raises_and_loses_no_kept_fact(self) -> None:
        program = """
import resource, sys
from pathlib import Path
from minutebook import SpoolError
from minutebook.spool import Spool
from test_spool import MOMENT, completed
spool = Spool(Path(sys.argv[1]), 10**9)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
kept = failures = 0
while failures < 3:
    try:
        spool.put(completed(kept), MOMENT)
        kept, failures = kept + 1, 0
    except SpoolError as error:
        code, failures = error.code, failures + 1
print(code)
print(kept, spool.status().waiting)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
spool.put(completed(kept), MOMENT)
print(spool.status().waiting)
"""
        out, errors = python(program, self.folder / "spool").communicate()
        self.assertEqual(errors, "")
        code, counts, after = out.splitlines()
        kept, waiting = map(int, counts.split())
        self.assertEqual((code, waiting, int(after)), ("spool_failed", kept, kept + 1))
        self.assertGreater(kept, 50)
        self.open()
        self.assertEqual(len(self.claim(facts=10**6, size=10**9)), kept + 1)


class Sharing(SpoolCase):
    def test_threads_may_report_at_once(self) -> None:
        spool = self.open()
        receipts: List[Receipt] = []

        def tell() -> None:
            receipts.extend(spool.put(completed(number), None) for number in range(50))

        threads = [threading.Thread(target=tell) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(receipts), 400)
        self.assertEqual(sum(not one.again for one in receipts), 50)
        self.assertEqual(len({(one.id, one.time) for one in receipts}), 50)

    def test_processes_that_report_the_same_fact_at_once_agree_on_its_time(self) -> None:
        program = """
import sys
from pathlib import Path
from minutebook.spool import Spool
from test_spool import completed
spool = Spool(Path(sys.argv[1]), 10**9)
for number in range(30):
    print(number, spool.put(completed(number), None).time)
"""
        workers = [python(program, self.folder / "spool") for _ in range(4)]
        said: Set[str] = set()
        for worker in workers:
            out, errors = worker.communicate()
            self.assertEqual(errors, "")
            self.assertEqual(len(out.splitlines()), 30)
            said.update(out.splitlines())
        self.assertEqual(len(said), 30)
        self.assertEqual(self.open().status().waiting, 30)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_fork_may_go_on_reporting(self) -> None:
        program = """
import os, sys, threading
from pathlib import Path
from minutebook.spool import Spool
from test_spool import completed
spool = Spool(Path(sys.argv[1]), 10**9)
spool.put(completed(0), None)
def keep_busy():
    for number in range(100):
        spool.put(completed(number), None)
thread = threading.Thread(target=keep_busy)
thread.start()
children = []
for child in range(5):
    pid = os.fork()
    if pid == 0:
        for number in range(1000 * (child + 1), 1000 * (child + 1) + 20):
            spool.put(completed(number), None)
        os._exit(0)
    children.append(pid)
codes = [os.waitpid(pid, 0)[1] for pid in children]
thread.join()
print(codes, spool.status().waiting)
"""
        out, _ = python(program, self.folder / "spool").communicate(timeout=30)
        self.assertEqual(out.strip(), "[0, 0, 0, 0, 0] 200")

    @unittest.skipUnless(os.name == "posix", "needs signals")
    def test_acknowledged_facts_survive_a_kill(self) -> None:
        program = """
import sys
from pathlib import Path
from minutebook.spool import Spool
from test_spool import completed
spool = Spool(Path(sys.argv[1]), 10**9)
number = int(sys.argv[2])
while True:
    print(number, spool.put(completed(number), None).time, flush=True)
    number += 1
"""
        acknowledged: Set[str] = set()
        for turn in range(4):
            worker = python(program, self.folder / "spool", turn * 100_000)
            assert worker.stdout is not None
            for _ in range(20 + 13 * turn):
                acknowledged.add(worker.stdout.readline().split()[0])
            worker.kill()
            # Not communicate(): it skips what readline has buffered, so it may begin mid-line.
            acknowledged.update(line.split()[0] for line in worker.stdout if line.endswith("\n"))
            worker.communicate()
        self.open()
        kept = {
            one.body.split('"session_id":"rec-')[1].split('"')[0]
            for one in self.claim(facts=10**6, size=10**9)
        }
        self.assertGreater(len(acknowledged), 100)
        self.assertEqual(acknowledged - kept, set())


class Updating(SpoolCase):
    """A spool of version 1, which did not keep the session of a fact."""

    def setUp(self) -> None:
        super().setUp()
        self.file = version_1.make(self.folder / "spool")

    def keep(self, fact: Fact, state: int) -> None:
        version_1.keep(self.file, fact, MOMENT, state)

    def test_no_fact_is_lost_and_each_keeps_its_time(self) -> None:
        facts = {state: [completed(3 * state + one) for one in range(3)] for state in range(3)}
        for state, some in facts.items():
            for fact in some:
                self.keep(fact, state)
        spool = self.open()
        status = spool.status()
        self.assertEqual((status.waiting, status.refused, status.remembered), (3, 3, 3))
        self.assertEqual(spool.position(), "7")
        self.assertEqual(len(list(self.refused)), 3)
        for fact in facts[WAITING] + facts[SENT]:
            recalled = spool.recall("my/worker", fact.session, fact.id)
            self.assertEqual(recalled, Receipt(fact.id, "my/worker", MOMENT, again=True))
        for fact in [*facts[WAITING], *facts[SENT], *facts[REFUSED]]:
            self.assertEqual(spool.put(fact, LATER).time, MOMENT)
        self.assertEqual(len(self.send()), 9)
        self.assertEqual(spool.status().remembered, 9)

    def test_an_id_of_the_workers_own_is_that_of_its_session_alone(self) -> None:
        for number, state in ((1, WAITING), (2, SENT)):
            self.keep(completed(number, name=f"fix-{number}"), state)
            spool = self.open()
            self.assertIsNone(spool.recall("my/worker", "rec-9", f"fix-{number}"))
            again = spool.put(completed(number, name=f"fix-{number}"), LATER)
            self.assertEqual(again.time, MOMENT)
            other = spool.put(completed(9, name=f"fix-{number}"), LATER)
            self.assertEqual((other.time, other.again), (LATER, False))
            spool.close()

    def test_a_process_of_version_1_that_has_it_open_may_go_on(self) -> None:
        spool = self.open()
        self.keep(completed(1), WAITING)
        self.keep(completed(2, name="fix"), WAITING)
        self.assertEqual(spool.put(completed(1), LATER).time, MOMENT)
        self.assertIsNotNone(spool.recall("my/worker", "rec-2", "fix"))
        self.assertIsNone(spool.recall("my/worker", "rec-3", "fix"))
        self.assertEqual(len(self.send()), 2)

    def test_processes_may_update_it_at_once(self) -> None:
        self.keep(completed(0), WAITING)
        program = """
import sys
from pathlib import Path
from minutebook.spool import Spool
from test_spool import completed
print(Spool(Path(sys.argv[1]), 10**9).put(completed(int(sys.argv[2])), None).again)
"""
        workers = [python(program, self.folder / "spool", number) for number in range(4)]
        said = [worker.communicate() for worker in workers]
        self.assertEqual(said, [("True\n", ""), *[("False\n", "")] * 3])
        self.assertEqual(self.open().status().waiting, 4)


class Broken(SpoolCase):
    def test_a_file_deleted_in_use_raises_once_and_is_recreated(self) -> None:
        spool = self.open()
        spool.put(completed(1), MOMENT)
        for path in (self.folder / "spool").iterdir():
            path.unlink()
        with self.assertRaises(SpoolError) as caught:
            spool.put(completed(2), MOMENT)
        self.assertIn("deleted", str(caught.exception))
        spool.put(completed(2), MOMENT)
        self.assertEqual(self.open().status().waiting, 1)

    def test_a_file_that_is_no_spool_or_is_of_a_newer_version_is_not_touched(self) -> None:
        folder = self.folder / "spool"
        folder.mkdir()
        file = folder / "spool.db"
        file.write_bytes(b"something else" * 1_000)
        with self.assertRaises(SpoolError):
            self.open()
        self.assertEqual(file.read_bytes(), b"something else" * 1_000)
        file.unlink()
        self.open().close()
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version=99")
        connection.close()
        with self.assertRaises(SpoolError) as caught:
            self.open()
        self.assertIn("newer version", str(caught.exception))

    def test_a_folder_that_cannot_be_created_raises(self) -> None:
        (self.folder / "spool").write_text("a file")
        with self.assertRaises(SpoolError):
            self.open()

    def test_a_torn_end_of_the_log_loses_only_what_was_torn(self) -> None:
        spool = self.open()
        for number in range(30):
            spool.put(completed(number), MOMENT)
        folder = self.folder / "spool"
        copies = {
            path.name: path.read_bytes() for path in folder.iterdir() if path.name != "spool.db-shm"
        }
        log = copies["spool.db-wal"]
        for cut in (len(log) - 1, len(log) - 5_000, len(log) // 2, len(log) // 3, 40):
            torn = self.folder / f"torn-{cut}"
            torn.mkdir()
            (torn / "spool.db").write_bytes(copies["spool.db"])
            (torn / "spool.db-wal").write_bytes(log[:cut])
            reopened = Spool(Path(torn), ROOM)
            kept = reopened.status().waiting
            self.assertLess(kept, 30)
            self.assertEqual(kept, reopened.newest())
            self.assertFalse(reopened.put(completed(kept), MOMENT).again)
            reopened.close()
