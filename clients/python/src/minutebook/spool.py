"""Keeps facts on disk until the ledger has them, whatever dies in between."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import List, Optional, Tuple

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
            known = _kept(rows, fact.source, fact.session, fact.id, fact.digest())
            time = known[0][1] if known else now
            self._keep(rows, fact, time)
        return Receipt(fact.id, fact.source, read_time(time), again=bool(known))

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
                "INSERT INTO facts (source, id, digest, time, state, body, bytes, session)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*names, time, WAITING, body, size, fact.session),
            )
            return
        rows.execute(
            "UPDATE facts SET state = ?, body = ?, bytes = ?, session = ?, held_at = NULL,"
            f" due_at = NULL WHERE {same}",
            (WAITING, body, size, fact.session, *names),
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

    def recall(self, source: str, session: str, name: str) -> Optional[Receipt]:
        """Returns a session's first fact kept under an id, if remembered and not refused."""
        with self.database.reading() as rows:
            known = _kept(rows, source, session, name, b"")
        times = [time for state, time in known if state != REFUSED]
        return Receipt(name, source, read_time(times[0]), again=True) if times else None

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


def _kept(
    rows: sqlite3.Connection, source: str, session: str, name: str, digest: bytes
) -> List[Tuple[int, str]]:
    """Returns the state and time of each fact kept under an id of a session, oldest first."""
    # A row of version 1 names no session. The digest covers it, and derived ids begin with it.
    named = name.startswith(f"{session}/")
    sought = {"source": source, "id": name, "session": session, "digest": digest, "named": named}
    return [
        (int(state), str(time))
        for _, state, time, known, content, body in rows.execute(_KEPT, sought)
        if known or content == digest or (named if body is None else _session_of(body) == session)
    ]


_KEPT = """
    SELECT seq, state, time, session, digest, body FROM facts
    WHERE source = :source AND id = :id AND session = :session
    UNION ALL
    SELECT seq, state, time, session, digest, body FROM facts
    WHERE source = :source AND id = :id AND session IS NULL
        AND (digest = :digest OR body IS NOT NULL OR :named)
    ORDER BY seq
"""


def _session_of(body: str) -> str:
    return str(json.loads(body)["data"]["session_id"])
