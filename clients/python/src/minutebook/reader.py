"""For apps: reads usage and its cost."""

from __future__ import annotations

import logging
import random
import ssl
import time
from datetime import datetime
from typing import Any, Dict, Iterator, List, Literal, Mapping, Optional, Type, TypeVar, Union, cast
from urllib.parse import quote, urlencode

from .decode import decode
from .durations import Seconds, seconds_text
from .errors import LedgerError, ParameterError, SpoolError
from .facts import time_text
from .http import Http, Key
from .models import Entitlement, ExplainedUsageLog, Session, Summary, Trend, UsageLog
from .producer import Producer

log = logging.getLogger("minutebook")

T = TypeVar("T")
AsOf = Union[None, str, datetime]
Parameter = Union[None, str, int, datetime]

_FIRST_PAUSE = 0.1


class Reader:
    """Reads from a ledger; threads may share one.

    All methods raise LedgerError, with the ledger's ``code``. With ``as_of``, a position or a
    moment, the answer is as it was known then. With ``at_least``, a position, the answer waits
    until everything up to that position is counted.

    Args:
        url: the ledger's address.
        key: a reader's API key, or a function that returns it.
        producer: the position of its last write is the default for ``at_least``, so that an app
            that flushed it reads its own writes. If its spool can't be read, reads do not wait.
        timeout: how many seconds a read may take. Until then it is retried after failures that may
            pass (no answer, 408, 429, 5xx).
        ssl_context: for https; the default trusts the system's certificates.
    """

    def __init__(
        self,
        url: str,
        *,
        key: Key = None,
        producer: Optional[Producer] = None,
        timeout: float = 10.0,
        ssl_context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._http = Http(url, key, ssl_context)
        self._producer = producer
        self._timeout = timeout

    def usage_summary(
        self,
        user_id: str,
        *,
        period: Optional[str] = None,
        currency: Optional[str] = None,
        at_least: Optional[str] = None,
        as_of: AsOf = None,
    ) -> Summary:
        """Returns a user's totals for a month (``YYYY-MM``; default: the current one)."""
        asked = {"period": period, "currency": currency, "at_least": at_least, "as_of": as_of}
        return self._one(Summary, f"/v1/users/{_part(user_id)}/usage-summary", asked)

    def usage_history(
        self,
        user_id: str,
        *,
        months: int = 3,
        currency: Optional[str] = None,
        at_least: Optional[str] = None,
        as_of: AsOf = None,
    ) -> List[Summary]:
        """Returns the last months (1 to 24), newest first."""
        asked = {"months": months, "currency": currency, "at_least": at_least, "as_of": as_of}
        return list(self._items(Summary, f"/v1/users/{_part(user_id)}/usage-history", asked))

    def usage_trend(
        self,
        user_id: str,
        from_: datetime,
        to: datetime,
        *,
        group_by: Literal["day", "week", "month"] = "day",
        currency: Optional[str] = None,
        at_least: Optional[str] = None,
        as_of: AsOf = None,
    ) -> Trend:
        """Returns usage from one moment to another by day, week or month: 400 points at most."""
        asked = {
            "from": from_,
            "to": to,
            "group_by": group_by,
            "currency": currency,
            "at_least": at_least,
            "as_of": as_of,
        }
        return self._one(Trend, f"/v1/users/{_part(user_id)}/usage-trend", asked)

    def usage_logs(
        self,
        user_id: str,
        *,
        period: Optional[str] = None,
        provider: Optional[str] = None,
        transcription_type: Optional[str] = None,
        page_size: int = 100,
        at_least: Optional[str] = None,
        as_of: AsOf = None,
    ) -> Iterator[UsageLog]:
        """Iterates over a user's usage logs, newest first; fetches pages as they are needed."""
        asked = {
            "period": period,
            "provider": provider,
            "transcription_type": transcription_type,
            "limit": page_size,
            "at_least": at_least,
            "as_of": as_of,
        }
        return self._items(UsageLog, f"/v1/users/{_part(user_id)}/usage-logs", asked)

    def usage_log(
        self, log_id: str, *, at_least: Optional[str] = None, as_of: AsOf = None
    ) -> ExplainedUsageLog:
        """Returns a usage log with the events, prices and steps that it follows from."""
        asked = {"at_least": at_least, "as_of": as_of}
        return self._one(ExplainedUsageLog, f"/v1/usage-logs/{_part(log_id)}", asked)

    def session(
        self, session_id: str, *, at_least: Optional[str] = None, as_of: AsOf = None
    ) -> Session:
        """Returns a session with its attempts and usage logs; ``not_found`` if no fact names it."""
        asked = {"at_least": at_least, "as_of": as_of}
        return self._one(Session, f"/v1/sessions/{_part(session_id)}", asked)

    def entitlement(
        self,
        user_id: str,
        *,
        minutes: Optional[Seconds] = None,
        file_size_bytes: Optional[int] = None,
        export_format: Optional[str] = None,
        at_least: Optional[str] = None,
        as_of: AsOf = None,
    ) -> Entitlement:
        """Checks if a user's plan allows one more session of these minutes, size and format."""
        asked = {
            "minutes": None if minutes is None else seconds_text("minutes", minutes, 10**9),
            "file_size_bytes": file_size_bytes,
            "export_format": export_format,
            "at_least": at_least,
            "as_of": as_of,
        }
        return self._one(Entitlement, f"/v1/users/{_part(user_id)}/entitlement", asked)

    def get(self, path: str, parameters: Optional[Mapping[str, Parameter]] = None) -> Any:
        """Reads any other path, such as ``/v1/plans``, as plain JSON."""
        asked = dict(parameters or {})
        if self._producer is not None and asked.get("as_of") is None:
            if asked.get("at_least") is None:
                asked["at_least"] = _position(self._producer)
        said = {name: _print(value) for name, value in asked.items() if value is not None}
        return self._ask(path + (f"?{urlencode(said)}" if said else ""))

    def close(self) -> None:
        """Closes idle connections."""
        self._http.close()

    def _one(self, kind: Type[T], path: str, asked: Mapping[str, Parameter]) -> T:
        return decode(kind, self.get(path, asked))

    def _items(self, kind: Type[T], path: str, asked: Mapping[str, Parameter]) -> Iterator[T]:
        cursor: Optional[str] = None
        while True:
            page = self.get(path, {**asked, "cursor": cursor})
            if not isinstance(page, dict) or "items" not in page:
                raise LedgerError("unexpected_answer", "The answer is not a list.")
            found = cast("Dict[str, Any]", page)
            for item in found["items"]:
                yield decode(kind, item)
            cursor = found.get("next_cursor")
            if cursor is None:
                return

    def _ask(self, path: str) -> Any:
        until = time.monotonic() + self._timeout
        pause = _FIRST_PAUSE
        while True:
            left = max(until - time.monotonic(), 0.001)
            try:
                answer = self._http.request("GET", path, left)
                if answer.status == 200:
                    return answer.json()
                raise answer.problem()
            except LedgerError as error:
                wait = max(random.uniform(pause / 2, pause), error.retry_after or 0.0)
                if not error.passing or time.monotonic() + wait > until:
                    raise
            time.sleep(wait)
            pause *= 2


def _position(producer: Producer) -> Optional[str]:
    """Returns the position to wait for; None if the spool fails: a stale answer beats none."""
    try:
        return producer.position
    except SpoolError as error:
        log.warning("minutebook: a read does not wait for the last write: %s", error)
        return None


def _part(value: str) -> str:
    """Encodes an id as one segment of a path, so that no id leads to another path."""
    if value in ("", ".", ".."):
        raise ParameterError('An id is 1 to 128 characters, and not "." or "..". Nothing was sent.')
    return quote(value, safe="")


def _print(value: Parameter) -> str:
    return time_text(value) if isinstance(value, datetime) else str(value)
