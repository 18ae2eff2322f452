"""Asks a ledger whether a user may continue, and decides if it does not answer."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal, Optional, Tuple

from .durations import Seconds
from .errors import LedgerError, OptionError, ParameterError
from .models import Entitlement
from .reader import Reader

log = logging.getLogger("minutebook")

_ABOUT_THE_QUESTION = {400, 404, 405, 422}
"""Statuses of a wrong request: a mistake in the program, which no policy may hide."""


@dataclass(frozen=True)
class Decision:
    """Whether a user may continue. ``known`` is False if the ledger did not say; ``error`` is why.

    ``reasons`` has one entry per exceeded limit, such as ``minutes_exceeded``.
    """

    allowed: bool
    known: bool
    reasons: Tuple[str, ...] = ()
    entitlement: Optional[Entitlement] = None
    error: Optional[LedgerError] = None


@dataclass(frozen=True)
class _Question:
    """What a check asks, in the names of ``Reader.entitlement``.

    It is both what is sent and the key of what is kept, so no parameter is missing from the key.
    """

    user_id: str
    minutes: Optional[Seconds]
    file_size_bytes: Optional[int]
    export_format: Optional[str]


class EntitlementGate:
    """Checks entitlements; threads may share one.

    Args:
        reader: makes the requests. Its ``timeout`` bounds a check, in seconds: make it short.
        fails: ``"open"`` or ``"closed"``: what users may do while the ledger gives no answer.
        ttl: for how many seconds an answer is reused. A user may overdraw for that long.
        max_entries: how many answers are kept.
        pause: for how many seconds the ledger is left alone after it gave no answer. Until then,
            checks are answered at once, as ``fails`` says.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        fails: Literal["open", "closed"],
        ttl: float = 10.0,
        max_entries: int = 10_000,
        pause: float = 5.0,
    ) -> None:
        if fails not in ("open", "closed"):
            raise OptionError('fails must be "open" or "closed".')
        self._reader = reader
        self._allowed_unknown = fails == "open"
        self._ttl, self._max_entries, self._pause = ttl, max_entries, pause
        self._lock = threading.Lock()
        self._kept: "OrderedDict[_Question, Tuple[float, Decision]]" = OrderedDict()
        self._failure: Optional[Tuple[float, LedgerError]] = None
        self._forgets = 0

    def check(
        self,
        user_id: str,
        *,
        minutes: Optional[Seconds] = None,
        file_size_bytes: Optional[int] = None,
        export_format: Optional[str] = None,
    ) -> Decision:
        """Checks whether a user may have these further minutes, file size and export format.

        Raises LedgerError only for a request that the ledger does not understand.
        """
        question = _Question(user_id, minutes, file_size_bytes, export_format)
        decision = self._remembered(question)
        if decision is not None:
            return decision
        forgets = self._forgets
        try:
            answer = self._reader.entitlement(**vars(question))
        except LedgerError as error:
            if error.status in _ABOUT_THE_QUESTION or isinstance(error, ParameterError):
                raise
            return self._fail(error)
        return self._keep(question, answer, forgets)

    def forget(self, user_id: str) -> None:
        """Makes the next check ask the ledger: for a user who has just bought more."""
        with self._lock:
            self._forgets += 1
            for question in [one for one in self._kept if one.user_id == user_id]:
                del self._kept[question]

    def _remembered(self, question: _Question) -> Optional[Decision]:
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(question)
            if kept is not None and now < kept[0]:
                return kept[1]
            if self._failure is not None and now < self._failure[0]:
                return self._unknown(self._failure[1])
        return None

    def _keep(self, question: _Question, answer: Entitlement, forgets: int) -> Decision:
        reasons = tuple(one.reason for one in answer.limits if one.reason is not None)
        decision = Decision(answer.allowed, True, reasons, answer)
        with self._lock:
            self._failure = None
            if forgets != self._forgets:
                return decision  # Something was forgotten meanwhile: it may be out of date.
            self._kept[question] = (time.monotonic() + self._ttl, decision)
            self._kept.move_to_end(question)
            while len(self._kept) > self._max_entries:
                self._kept.popitem(last=False)
        return decision

    def _fail(self, error: LedgerError) -> Decision:
        log.warning("minutebook: an entitlement is unknown: %s", error.code)
        if error.passing:  # The failure is the ledger's, not this user's.
            with self._lock:
                self._failure = (time.monotonic() + self._pause, error)
        return self._unknown(error)

    def _unknown(self, error: LedgerError) -> Decision:
        return Decision(self._allowed_unknown, False, error=error)
