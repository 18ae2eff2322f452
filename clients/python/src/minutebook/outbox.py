"""The sender's side of the spool: what to send next, and the outcomes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from .database import Database
from .lease import give_up, now_ms, take
from .schema import REFUSED, SENT, WAITING

_HELD_MS = 60_000
"""How long to hold back a fact that the ledger does not take yet, such as one in the future."""

_PRUNE_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Waiting:
    """A fact to be sent: its number and its CloudEvent as JSON."""

    seq: int
    body: str


@dataclass(frozen=True)
class Refusal:
    """Why the ledger refused a fact."""

    code: str
    detail: str
    pointer: Optional[str] = None
    fields: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The outcome of sending a fact: ``sent``, ``refused`` for good, or ``held`` for a minute.

    A fact that is held without a refusal is put off: the ledger did not answer for it.
    """

    seq: int
    status: str
    refusal: Optional[Refusal] = None


class Outbox:
    """Lets one of those that share a spool send at a time. If two do, it only costs a request."""

    def __init__(self, database: Database, remembered_facts: int) -> None:
        self._database = database
        self._remembered = remembered_facts
        self._ended = False

    def claim(
        self, token: str, facts: int, size: int, seconds: float, hurried: bool = False
    ) -> Optional[List[Waiting]]:
        """Returns the next facts: at most ``facts``, of ``size`` bytes; None while another sends.

        Facts that were held come last: if several spoil each request, the others must not wait for
        them again and again. If none is due and it is ``hurried``, these are facts that were put
        off. The caller must settle or release within ``seconds``; after that, another may claim.
        """
        which = _DUE if self._any(_DUE) else _PUT_OFF
        if which == _PUT_OFF and not (hurried and self._any(_PUT_OFF)):
            return []
        with self._database.transaction(durable=False) as rows:
            if self._ended or not take(rows, token, seconds):
                return None
            batch: List[Waiting] = []
            for one in (_PUT_OFF,) if which == _PUT_OFF else (_NEVER_HELD, _HELD_AND_DUE):
                found = rows.execute(
                    f"SELECT seq, body, bytes FROM facts WHERE {one} ORDER BY seq LIMIT :facts",
                    {"now": now_ms(), "facts": facts - len(batch)},
                )
                for seq, body, length in found:
                    size -= int(length) + 1
                    if size < 0 and batch:
                        return batch
                    batch.append(Waiting(int(seq), str(body)))
        return batch

    def settle(self, token: str, settled: Sequence[Settled], position: Optional[str]) -> None:
        """Records the outcomes in one transaction, and lets others send."""
        with self._database.transaction(durable=False) as rows:
            rows.executemany(_MARK_SENT, [(one.seq,) for one in settled if one.status == "sent"])
            for one in settled:
                if one.status == "held":
                    rows.execute(_HOLD, (now_ms(), now_ms() + _HELD_MS, *_why(one), one.seq))
                elif one.status == "refused":
                    rows.execute(_REFUSE, (*_why(one), one.seq))
            if position is not None:
                rows.execute("INSERT OR REPLACE INTO position VALUES (1, ?)", (position,))
            self._forget(rows)
            give_up(rows, token)

    def wait(self, token: str, seconds: float) -> None:
        """Keeps all that share the spool from sending for ``seconds``: the ledger takes nothing."""
        with self._database.transaction(durable=False) as rows:
            if not self._ended:
                take(rows, token, seconds)

    def release(self, token: str) -> None:
        """Lets others send."""
        with self._database.transaction(durable=False) as rows:
            give_up(rows, token)

    def end(self, token: str) -> None:
        """Lets others send, and claims no more: a request that ends later must not delay them."""
        with self._database.transaction(durable=False) as rows:
            self._ended = True
            give_up(rows, token)

    def waits(self, newest: int) -> bool:
        """Whether a fact up to this number is due or was put off; other held ones do not count."""
        return self._any(f"({_DUE} OR {_PUT_OFF})", newest)

    def left(self, newest: int) -> int:
        """Counts the facts up to this number that are not sent yet, held ones included."""
        with self._database.reading() as rows:
            query = "SELECT count(*) FROM facts WHERE state = ? AND seq <= ?"
            return int(rows.execute(query, (WAITING, newest)).fetchone()[0])

    def _any(self, which: str, newest: int = 2**62) -> bool:
        with self._database.reading() as rows:
            query = f"SELECT EXISTS (SELECT 1 FROM facts WHERE {which} AND seq <= :newest)"
            return bool(rows.execute(query, {"now": now_ms(), "newest": newest}).fetchone()[0])

    def _forget(self, rows: sqlite3.Connection) -> None:
        """Forgets all but the newest sent facts."""
        count = rows.execute("SELECT facts FROM totals WHERE state = ?", (SENT,)).fetchone()[0]
        surplus = min(int(count) - self._remembered, _PRUNE_AT_A_TIME)
        if surplus > 0:
            rows.execute(_FORGET, (SENT, surplus))


# A clock set back must not hold a fact for years: a fact held "later than now" is due.
_DUE_AGAIN = "(due_at <= :now OR held_at > :now)"
_DUE = f"state = {WAITING} AND (due_at IS NULL OR {_DUE_AGAIN})"
_NEVER_HELD = f"state = {WAITING} AND due_at IS NULL"
_HELD_AND_DUE = f"state = {WAITING} AND due_at IS NOT NULL AND {_DUE_AGAIN}"
_PUT_OFF = f"state = {WAITING} AND due_at IS NOT NULL AND code IS NULL"

_MARK_SENT = f"""
    UPDATE facts SET state = {SENT}, body = NULL, bytes = 0, held_at = NULL, due_at = NULL,
        code = NULL, detail = NULL, pointer = NULL, fields = NULL
    WHERE seq = ? AND state = {WAITING}
"""
_HOLD = f"""
    UPDATE facts SET held_at = ?, due_at = ?, code = ?, detail = ?, pointer = ?, fields = ?
    WHERE seq = ? AND state = {WAITING}
"""
_REFUSE = f"""
    UPDATE facts SET state = {REFUSED}, told = 0, code = ?, detail = ?, pointer = ?, fields = ?,
        refused_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE seq = ? AND state = {WAITING}
"""
_FORGET = """
    DELETE FROM facts WHERE seq IN (SELECT seq FROM facts WHERE state = ? ORDER BY seq LIMIT ?)
"""


def _why(one: Settled) -> Tuple[Optional[str], Optional[str], Optional[str], str]:
    why = one.refusal
    if why is None:
        return None, None, None, ""
    return why.code, why.detail, why.pointer, "\n".join(why.fields)
