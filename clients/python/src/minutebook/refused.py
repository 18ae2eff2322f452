"""Facts that the ledger refused for good, kept apart with the reason until a person decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, cast

from .database import Database
from .facts import read_time
from .schema import REFUSED, WAITING

_PAGE = 500


@dataclass(frozen=True)
class Refused:
    """A fact that the ledger refused, and why.

    ``code`` is the ledger's, ``detail`` says what to do. ``event`` is the CloudEvent as it was
    sent. It may contain personal fields: take care where you log it.
    """

    number: int
    event: Dict[str, Any]
    code: str
    detail: str
    pointer: Optional[str]
    fields: Tuple[str, ...]
    refused_at: datetime


class RefusedFacts:
    """The refused facts of a spool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __iter__(self) -> Iterator[Refused]:
        """Iterates over the facts, oldest first."""
        last = 0
        while True:
            page = self._page("seq > ?", last)
            yield from page
            if not page:
                return
            last = page[-1].number

    def untold(self) -> List[Refused]:
        """Returns the facts not yet passed to the callback, oldest first, a page at most."""
        return self._page("told = 0 AND seq > ?", 0)

    def note_told(self, number: int) -> None:
        """Records that a fact was passed to the callback."""
        with self._database.transaction(durable=False) as rows:
            rows.execute("UPDATE facts SET told = 1 WHERE seq = ?", (number,))

    def send_again(self, numbers: Optional[Sequence[int]] = None) -> int:
        """Sends all of them again, or those with these numbers; returns how many."""
        return self._change(f"UPDATE facts SET state = {WAITING}", numbers)

    def discard(self, numbers: Optional[Sequence[int]] = None) -> int:
        """Deletes all of them, or those with these numbers; returns how many. They are lost."""
        return self._change("DELETE FROM facts", numbers)

    def _change(self, statement: str, numbers: Optional[Sequence[int]]) -> int:
        statement = f"{statement} WHERE state = {REFUSED}"
        with self._database.transaction() as rows:
            if numbers is None:
                return rows.execute(statement).rowcount
            found = [rows.execute(f"{statement} AND seq = ?", (one,)).rowcount for one in numbers]
        return sum(found)

    def _page(self, which: str, after: int) -> List[Refused]:
        query = f"""
            SELECT seq, body, code, detail, pointer, fields, refused_at FROM facts
            WHERE state = {REFUSED} AND {which} ORDER BY seq LIMIT {_PAGE}
        """
        with self._database.reading() as rows:
            found = rows.execute(query, (after,)).fetchall()
        return [_refused(*row) for row in found]


def _refused(
    number: int, body: str, code: str, detail: str, pointer: Optional[str], fields: str, at: str
) -> Refused:
    event = cast("Dict[str, Any]", json.loads(body))
    names = tuple(fields.split("\n")) if fields else ()
    return Refused(number, event, code, detail, pointer, names, read_time(at))
