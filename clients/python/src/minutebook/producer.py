"""For workers: report what happened to a session, and have it billed exactly once."""

from __future__ import annotations

import atexit
import logging
import os
import ssl
import time as clock
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Mapping, Optional, Type, Union

from .checks import MAX_DURATION_SECONDS, text
from .door import Door
from .durations import Rate, Seconds, frames_text
from .errors import InvalidFactError, MinutebookError, SpoolError
from .facts import Extension, fact_id, make_fact
from .http import Http, Key
from .outbox import Outbox
from .refused import RefusedFacts
from .sender import OnRefused, OnTrouble, Sender
from .spool import Receipt, Spool, SpoolStatus

log = logging.getLogger("minutebook")

Metadata = Mapping[str, Any]
Extensions = Mapping[str, Extension]


class Producer:
    """Keeps facts in a spool on disk and sends them to a ledger in the background.

    A call returns once its fact is on disk; it never waits for the network. A worker that died and
    runs again may report everything again: ids are derived from session, attempt and kind, and the
    first time stands.

    Args:
        url: the ledger's address, such as ``http://127.0.0.1:3000``.
        source: names the reporting program, such as ``my/worker``. It is part of every fact's
            identity, so it must be the same on all machines, forever.
        spool: a folder on a local disk that survives the process; workers may share it.
        key: a producer's API key, or a function that returns it.
        spool_bytes: how many bytes of waiting and refused events the spool may hold. If they are
            used up, calls raise SpoolFullError.
        remembered_facts: how many sent facts the spool remembers, for workers that run again.
        timeout: how many seconds a request may take, its upload included.
        max_backoff: the longest pause between two tries, in seconds; the ledger may ask for more.
        compress: whether to gzip batches. None: once the ledger announces that it accepts gzip.
        on_refused: called at least once for each fact that is refused for good, on the sender's
            thread.
        on_trouble: called when facts can't be sent just now; they are kept.
        exit_timeout: how many seconds the end of the program, or of a ``with`` block, waits for
            the ledger. Unsent facts stay in the spool for the next start.
        ssl_context: for https; the default trusts the system's certificates.
    """

    def __init__(
        self,
        url: str,
        *,
        source: str,
        spool: Union[str, "os.PathLike[str]"],
        key: Key = None,
        spool_bytes: int = 256 * 1024 * 1024,
        remembered_facts: int = 100_000,
        timeout: float = 30.0,
        max_backoff: float = 60.0,
        compress: Optional[bool] = None,
        on_refused: Optional[OnRefused] = None,
        on_trouble: Optional[OnTrouble] = None,
        exit_timeout: float = 10.0,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._source = text("source", source, 512)
        self._http = Http(url, key, ssl_context)
        self._spool = Spool(Path(spool), spool_bytes)
        self._outbox = Outbox(self._spool.database, remembered_facts)
        self.refused = RefusedFacts(self._spool.database)
        self._sender = Sender(
            self._outbox,
            self.refused,
            Door(self._http, timeout, compress),
            timeout=timeout,
            max_backoff=max_backoff,
            on_refused=on_refused,
            on_trouble=on_trouble,
        )
        self._exit_timeout = exit_timeout
        self._closed = False
        self._left = 0
        self._position: Optional[str] = None
        atexit.register(self._at_exit)
        self._sender.start()

    def started(
        self,
        *,
        session_id: str,
        user_id: str,
        stt_provider: str,
        attempt: int = 1,
        client_id: Optional[str] = None,
        language: Optional[str] = None,
        enable_diarization: Optional[bool] = None,
        original_filename: Optional[str] = None,
        file_size_bytes: Optional[int] = None,
        provider_metadata: Optional[Metadata] = None,
        time: Optional[datetime] = None,
        id: Optional[str] = None,
        extensions: Optional[Extensions] = None,
    ) -> Receipt:
        """Reports that an attempt at a session began.

        For all four calls: ``time`` is when it happened (default: now). ``id`` replaces the derived
        one, to send a correct fact after finance voided a wrong one. ``extensions`` are CloudEvents
        attributes such as ``traceparent``. Returns once the fact is on disk. If it raises
        InvalidFactError, SpoolFullError or SpoolError, the fact is not kept.
        """
        return self._tell("started", time, id, extensions, _fields(locals()))

    def completed(
        self,
        *,
        session_id: str,
        user_id: str,
        stt_provider: str,
        duration_seconds: Optional[Seconds] = None,
        frames: Optional[int] = None,
        frame_rate: Optional[Rate] = None,
        attempt: int = 1,
        client_id: Optional[str] = None,
        channels: Optional[int] = None,
        speaker_count: Optional[int] = None,
        confidence_score: Optional[float] = None,
        word_count: Optional[int] = None,
        character_count: Optional[int] = None,
        processing_time_seconds: Optional[Seconds] = None,
        language: Optional[str] = None,
        original_filename: Optional[str] = None,
        provider_metadata: Optional[Metadata] = None,
        time: Optional[datetime] = None,
        id: Optional[str] = None,
        extensions: Optional[Extensions] = None,
    ) -> Receipt:
        """Reports that an attempt succeeded. Takes ``duration_seconds``, or ``frames`` and a rate.

        The length is rounded half-even to nine decimals, exactly: the ledger refuses numbers with
        more.
        """
        fields = _fields(locals())
        count, rate = fields.pop("frames"), fields.pop("frame_rate")
        if (duration_seconds is None) == (count is None):
            raise InvalidFactError("duration_seconds", "be given, or frames and frame_rate instead")
        if count is not None:
            length = frames_text("frames", count, rate, MAX_DURATION_SECONDS)
            fields["duration_seconds"] = length
        return self._tell("completed", time, id, extensions, fields)

    def failed(
        self,
        *,
        session_id: str,
        user_id: str,
        stt_provider: str,
        error_code: str,
        attempt: int = 1,
        error_message: Optional[str] = None,
        client_id: Optional[str] = None,
        provider_metadata: Optional[Metadata] = None,
        time: Optional[datetime] = None,
        id: Optional[str] = None,
        extensions: Optional[Extensions] = None,
    ) -> Receipt:
        """Reports that an attempt failed. ``error_message`` is cut to 4,096 characters."""
        return self._tell("failed", time, id, extensions, _fields(locals()))

    def retried(
        self,
        *,
        session_id: str,
        user_id: str,
        attempt: int,
        requested_by: Optional[str] = None,
        reason: Optional[str] = None,
        stt_provider: Optional[str] = None,
        client_id: Optional[str] = None,
        provider_metadata: Optional[Metadata] = None,
        time: Optional[datetime] = None,
        id: Optional[str] = None,
        extensions: Optional[Extensions] = None,
    ) -> Receipt:
        """Reports that a further attempt was requested. ``attempt`` is the new one: 2 or more."""
        if attempt == 1:
            raise InvalidFactError("attempt", "be the number of the new attempt, 2 or more")
        return self._tell("retried", time, id, extensions, _fields(locals()))

    def _tell(
        self,
        kind: str,
        time: Optional[datetime],
        id: Optional[str],
        extensions: Optional[Extensions],
        fields: Mapping[str, Any],
    ) -> Receipt:
        receipt = self._spool.put(make_fact(self._source, kind, fields, id, extensions), time)
        self._sender.start()
        self._sender.wake()
        return receipt

    def recall(
        self, kind: str, *, session_id: str, attempt: int = 1, id: Optional[str] = None
    ) -> Optional[Receipt]:
        """Returns an earlier report that the spool remembers: a worker may then skip the work."""
        name = id or fact_id(kind, session_id, attempt)
        return self._spool.recall(self._source, session_id, name)

    def flush(self, timeout: float = 30.0) -> int:
        """Waits until all facts reported so far are sent, ``timeout`` seconds at most.

        Returns how many of them are still waiting. If 0, the ledger has them, except those that it
        refused for good: ``refused`` and ``status().refused`` show these.
        """
        newest = self._spool.newest()
        until = clock.monotonic() + timeout
        if self._outbox.waits(newest):
            self._sender.start()
        with self._sender.hurrying():
            while self._outbox.waits(newest) and clock.monotonic() < until:
                clock.sleep(0.01)
        return self._outbox.left(newest)

    @property
    def position(self) -> Optional[str]:
        """The ledger's position after the last send from this spool; None before the first.

        After ``close``, the position at that moment.
        """
        try:
            return self._spool.position()
        except SpoolError:
            if not self._closed:
                raise
            return self._position

    def status(self) -> SpoolStatus:
        """Returns what the spool holds, for metrics and alarms."""
        return self._spool.status()

    def close(self, timeout: float = 10.0) -> int:
        """Flushes, ``timeout`` seconds at most, and closes the spool.

        Returns how many facts wait for the next start.
        """
        atexit.unregister(self._at_exit)
        if self._closed:
            return self._left
        self._closed = True
        until = clock.monotonic() + timeout
        try:
            newest = self._spool.newest()
            self.flush(timeout)
            self._sender.stop(max(0.0, until - clock.monotonic()))
            # Counted last: a request that was under way may have ended meanwhile.
            self._left = self._outbox.left(newest)
            self._position = self._spool.position()
        finally:
            self._spool.close()
            self._http.close()
        return self._left

    def __enter__(self) -> "Producer":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close(self._exit_timeout)

    def _at_exit(self) -> None:
        try:
            waiting = self.close(self._exit_timeout)
            if waiting > 0:
                log.warning("minutebook: facts left in the spool for the next start: %d", waiting)
        except MinutebookError as error:
            log.warning("minutebook: the spool could not be flushed at exit: %s", error.code)


def _fields(named: Mapping[str, Any]) -> "dict[str, Any]":
    """Returns the arguments that are fields of the event."""
    return {name: value for name, value in named.items() if name not in _NO_FIELDS}


_NO_FIELDS = {"self", "time", "id", "extensions"}
