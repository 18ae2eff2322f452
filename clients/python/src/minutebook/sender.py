"""The thread that sends facts from the spool to the ledger."""

from __future__ import annotations

import logging
import random
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, Generator, List, Optional

from . import forks
from .door import MAX_BYTES, MAX_EVENTS, Door, TooMuchError, Verdict, Verdicts
from .errors import LedgerError, MinutebookError
from .lease import new_token
from .outbox import Outbox, Refusal, Settled, Waiting
from .refused import Refused, RefusedFacts

log = logging.getLogger("minutebook")

_IDLE_PAUSE = 2.0
_BUSY_PAUSE = 0.5
_FIRST_BACKOFF = 0.5
_LEASE_MARGIN = 15.0
_SPLIT_AFTER = 3
"""After this many failures that a single fact may cause, a batch is halved to find that fact."""

_HELD_CODES = {"time_in_future", "source_not_allowed"}
"""Refusals that end once the clock or the key is put right: the facts are fine and are kept."""


@dataclass(frozen=True)
class Trouble:
    """Why facts can't be sent just now: they are kept and sent again after ``retry_in`` seconds.

    ``code`` is the ledger's (``unauthorized``, ``store_unavailable`` …), ``unreachable`` or
    ``unexpected_answer``.
    """

    code: str
    detail: str
    status: Optional[int]
    retry_in: float


OnRefused = Callable[[Refused], None]
OnTrouble = Callable[[Trouble], None]


class Sender(forks.Forking):
    """Sends waiting facts, batch by batch, for as long as the process lives."""

    def __init__(
        self,
        outbox: Outbox,
        refused: RefusedFacts,
        door: Door,
        *,
        timeout: float,
        max_backoff: float,
        on_refused: Optional[OnRefused],
        on_trouble: Optional[OnTrouble],
    ) -> None:
        self._outbox = outbox
        self._refused = refused
        self._door = door
        self._lease = timeout + _LEASE_MARGIN
        self._max_backoff = max_backoff
        self._on_refused = on_refused
        self._on_trouble = on_trouble
        self._limit = MAX_EVENTS
        self._begin()
        forks.register(self)

    def _begin(self) -> None:
        self._token = new_token()
        self._wake = threading.Condition()
        self._woken = False
        self._stopping = False
        self._thread: Optional[threading.Thread] = None
        self._failures = 0
        self._unanswered = 0
        self._searching = False
        self._hurries = 0
        self._not_before = 0.0
        self._told_to_wait = 0.0

    def after_fork_in_child(self) -> None:
        self._begin()

    def start(self) -> None:
        """Starts the thread if it is not running: a forked child does not inherit it.

        If the system gives no thread, the facts wait for the next call, or another process. Python
        3.12 gives none while a program ends.
        """
        with self._wake:
            if self._thread is not None or self._stopping:
                return
            thread = threading.Thread(target=self._run, name="minutebook", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                log.warning("minutebook: facts wait, because no thread sends them: %s", error)
                return
            self._thread = thread

    def wake(self) -> None:
        """Wakes the thread, because a fact was put into the spool."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    @contextmanager
    def hurrying(self) -> Generator[None, None, None]:
        """Skips the backoff, but does not send before the time the ledger asked for.

        Inside the block, facts that were put off are sent as soon as no other is due.
        """
        with self._wake:
            self._not_before = self._told_to_wait
            self._hurries += 1
        self.wake()
        try:
            yield
        finally:
            with self._wake:
                self._hurries -= 1

    def stop(self, timeout: float) -> None:
        """Ends the thread after its current request."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout)
        self._outbox.end(self._token)

    def _run(self) -> None:
        while True:
            pause = self._guarded_round()
            with self._wake:
                if not self._woken and not self._stopping:
                    self._wake.wait(pause)
                self._woken = False
                if self._stopping:
                    return

    def _guarded_round(self) -> float:
        try:
            return self.round()
        except MinutebookError as error:
            if self._stopping:
                return 0.0  # The spool was closed meanwhile.
            return self._report(error.code, error.detail, None, None)
        except Exception as error:
            log.exception("minutebook: the sender failed and will retry")
            return self._report("internal_error", type(error).__name__, None, None)

    def round(self) -> float:
        """Sends a batch, if there is one. Returns the seconds until the next look."""
        wait = self._not_before - time.monotonic()
        if wait > 0:
            return wait
        batch = self._outbox.claim(
            self._token, self._limit, MAX_BYTES - 2, self._lease, self._hurries > 0
        )
        if batch is None:
            return _BUSY_PAUSE
        if not batch:
            self._call_back()
            return _IDLE_PAUSE
        try:
            self._settle(batch, self._door.post([one.body for one in batch]))
        except TooMuchError as error:
            self._split(batch, error.why)
        except LedgerError as error:
            return self._fail(batch, error)
        return 0.0

    def _settle(self, batch: List[Waiting], answer: Verdicts) -> None:
        settled = [_settled(one, said) for one, said in zip(batch, answer.verdicts)]
        self._outbox.settle(self._token, settled, answer.position)
        self._failures = self._unanswered = 0
        self._limit = min(self._limit * 2, MAX_EVENTS)
        self._searching = self._searching and self._limit < MAX_EVENTS
        self._tell_held(settled)
        self._call_back()

    def _split(self, batch: List[Waiting], why: LedgerError) -> None:
        """Halves a refused batch until one event is left: that one is to blame and set aside."""
        if len(batch) > 1:
            self._limit = len(batch) // 2
            self._outbox.release(self._token)
            return
        refusal = Refusal(why.code, why.detail, why.pointer, why.fields)
        status = "held" if why.code == "unexpected_answer" else "refused"
        settled = [Settled(batch[0].seq, status, refusal)]
        self._outbox.settle(self._token, settled, None)
        self._limit = MAX_EVENTS
        self._tell_held(settled)
        self._call_back()

    def _fail(self, batch: List[Waiting], error: LedgerError) -> float:
        """Backs off. Puts off a fact that makes the ledger fail, so that the others are sent."""
        ill = error.status == 500 or isinstance(error.__cause__, socket.timeout)
        self._unanswered = self._unanswered + 1 if ill else 0
        self._searching = ill and (self._searching or self._unanswered > _SPLIT_AFTER)
        if self._searching and len(batch) > 1:
            self._limit = len(batch) // 2
            self._outbox.release(self._token)
            return 0.0
        if self._searching:
            self._outbox.settle(self._token, [Settled(batch[0].seq, "held")], None)
            self._searching, self._limit = False, MAX_EVENTS
        return self._report(error.code, error.detail, error.status, error.retry_after)

    def _report(
        self, code: str, detail: str, status: Optional[int], retry_after: Optional[float]
    ) -> float:
        """Backs off exponentially with jitter, and reports the trouble."""
        most = min(self._max_backoff, _FIRST_BACKOFF * 2 ** min(self._failures, 16))
        wait = random.uniform(most / 2, most)
        self._failures += 1
        now = time.monotonic()
        self._told_to_wait = now + (retry_after or 0.0)
        if retry_after is not None:
            wait = max(wait, retry_after + random.uniform(0, most / 2))
        self._not_before = now + wait
        try:
            self._outbox.wait(self._token, wait + self._lease)
        except MinutebookError:
            pass  # The spool itself is the trouble.
        self._tell(Trouble(code, detail, status, wait))
        return wait

    def _tell_held(self, settled: List[Settled]) -> None:
        codes = {
            one.refusal.code: one.refusal for one in settled if one.refusal and one.status == "held"
        }
        for code, why in codes.items():
            self._tell(Trouble(code, why.detail, None, 60.0))

    def _tell(self, trouble: Trouble) -> None:
        log.warning(
            "minutebook: facts are kept and sent again in %.1f s: %s",
            trouble.retry_in,
            trouble.code,
        )
        _safely(self._on_trouble, trouble)

    def _call_back(self) -> None:
        """Calls back at least once for each refused fact, whichever process sent it."""
        if self._on_refused is None:
            return
        for one in self._refused.untold():
            _safely(self._on_refused, one)
            self._refused.note_told(one.number)


def _settled(one: Waiting, said: Verdict) -> Settled:
    why = said.refusal
    if why is None:
        return Settled(one.seq, "sent")
    if why.code == "event_id_reused" and why.fields == ("time",):
        log.warning("minutebook: a fact was already in the ledger with another time, which stands")
        return Settled(one.seq, "sent")
    if why.code in _HELD_CODES:
        return Settled(one.seq, "held", why)
    log.warning("minutebook: the ledger refused a fact for good: %s", why.code)
    return Settled(one.seq, "refused", why)


def _safely(callback: Optional[Callable[..., None]], value: object) -> None:
    if callback is None:
        return
    try:
        callback(value)
    except Exception:
        log.exception("minutebook: a callback failed")
