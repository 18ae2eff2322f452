"""Keeps facts on disk until the ledger has them, whatever dies in between."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Optional

from .database import Database
from .errors import SpoolFullError
from .facts import Fact, read_time, time_text
from .schema import REFUSED, SENT, WAITING


@dataclass(frozen=True)
class Receipt:
    """A fact as it is kept: on disk, to be sent or already sent.

    ``time`` is that of the first call; ``again`` says whether it was reported before, by this
    worker or by one that died.
    """

    id: str
    source: str
    time: datetime
    again: bool


@dataclass(frozen=True)
class SpoolStatus:
    """Counts of facts that are waiting, refused, and sent but still remembered."""

    waiting: int
    waiting_bytes: int
    refused: int
    remembered: int
    oldest_waiting: Optional[datetime]


class Spool:
    """The facts of one folder. Several processes and threads may use it at once."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.database = Database(folder)
        self._max_bytes = max_bytes

    def put(self, fact: Fact, moment: Optional[datetime]) -> Receipt:
        """Keeps a fact; it is on disk when this returns.

        A fact reported before keeps its first time and is sent again. If this raises
        SpoolFullError or SpoolError, the fact is not kept.
        """
        now = time_text(moment)
        with self.database.transaction() as rows:
            known = rows.execute(
                "SELECT time FROM facts WHERE source = ? AND id = ? ORDER BY seq LIMIT 1",
                (fact.source, fact.id),
            ).fetchone()
            time = now if known is None else str(known[0])
            self._keep(rows, fact, time)
        return Receipt(fact.id, fact.source, read_time(time), again=known is not None)

    def _keep(self, rows: sqlite3.Connection, fact: Fact, time: str) -> None:
        body = fact.event(time)
        size = len(body.encode())
        names = (fact.source, fact.id, fact.digest())
        same = "source = ? AND id = ? AND digest = ?"
        known = rows.execute(f"SELECT state, bytes FROM facts WHERE {same}", names).fetchone()
        if known is not None and known[0] == WAITING:
            return
        if known is None or known[0] == SENT:
            self._check_room(rows, size)
        if known is None:
            rows.execute(
                "INSERT INTO facts (source, id, digest, time, state, body, bytes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*names, time, WAITING, body, size),
            )
            return
        rows.execute(
            "UPDATE facts SET state = ?, body = ?, bytes = ?, held_at = NULL, due_at = NULL"
            f" WHERE {same}",
            (WAITING, body, size, *names),
        )

    def _check_room(self, rows: sqlite3.Connection, size: int) -> None:
        waiting, refused = rows.execute(
            "SELECT bytes, facts FROM totals WHERE state < ? ORDER BY state", (SENT,)
        ).fetchall()
        used = int(waiting[0]) + int(refused[0])
        if used + size > self._max_bytes:
            raise SpoolFullError(
                f"The spool is full: waiting facts ({waiting[1]}) and refused facts ({refused[1]}) "
                f"take {used} of {self._max_bytes} bytes, and {size} more do not fit. "
                "Bring the ledger back, or clear the refused facts."
            )

    def recall(self, source: str, name: str) -> Optional[Receipt]:
        """Returns the first fact kept under an id, if it is remembered and was not refused."""
        with self.database.reading() as rows:
            row = rows.execute(
                "SELECT time FROM facts WHERE source = ? AND id = ? AND state <> ?"
                " ORDER BY seq LIMIT 1",
                (source, name, REFUSED),
            ).fetchone()
        return None if row is None else Receipt(name, source, read_time(str(row[0])), again=True)

    def status(self) -> SpoolStatus:
        """Returns counts, and the time of the oldest waiting fact."""
        with self.database.reading() as rows:
            waiting, refused, sent = rows.execute(
                "SELECT facts, bytes FROM totals ORDER BY state"
            ).fetchall()
            oldest = rows.execute(
                "SELECT time FROM facts WHERE state = ? ORDER BY seq LIMIT 1", (WAITING,)
            ).fetchone()
        since = None if oldest is None else read_time(str(oldest[0]))
        return SpoolStatus(int(waiting[0]), int(waiting[1]), int(refused[0]), int(sent[0]), since)

    def position(self) -> Optional[str]:
        """Returns the ledger's position after the last send."""
        with self.database.reading() as rows:
            row = rows.execute("SELECT position FROM position").fetchone()
        return None if row is None else str(row[0])

    def newest(self) -> int:
        """Returns the number of the newest fact; 0 if there is none."""
        with self.database.reading() as rows:
            return int(rows.execute("SELECT coalesce(max(seq), 0) FROM facts").fetchone()[0])

    def close(self) -> None:
        """Closes the files. Waiting facts stay."""
        self.database.close()
