"""For apps: what was used, and what it costs."""

from __future__ import annotations

import random
import ssl
import time
from datetime import datetime
from typing import Any, Dict, Iterator, List, Literal, Mapping, Optional, Type, TypeVar, Union, cast
from urllib.parse import quote, urlencode

from .decode import decode
from .durations import Seconds, seconds_text
from .errors import LedgerError, ParameterError
from .facts import time_text
from .http import Http, Key
from .models import Entitlement, ExplainedUsageLog, Session, Summary, Trend, UsageLog
from .producer import Producer

T = TypeVar("T")
AsOf = Union[None, str, datetime]
Parameter = Union[None, str, int, datetime]

_FIRST_PAUSE = 0.1


class Reader:
    """Reads from a ledger; threads may share one.

    All methods raise LedgerError, with the ledger's ``code``. They take ``as_of``, a position or a
    moment: the answer as it was known then. And ``at_least``, a position: the answer waits until
    what was written there is counted.

    Args:
        url: of the ledger.
        key: the API key of a reader, or a function that gives it.
        producer: what it wrote last is the ``at_least`` of every read that has none, so that an
            app that flushed it reads its own writes.
        timeout: how many seconds a read may take. What passes (no answer, 429, 5xx) is tried
            again meanwhile.
        ssl_context: whom to trust with https, if not whom the system trusts.
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
        """A month (``YYYY-MM``; the current one) of a user added up."""
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
        """The last months (1 to 24), newest first."""
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
        """Usage from a moment to another, by ``day``, ``week`` or ``month``: 400 points at most."""
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
        """A user's usage logs, newest first; pages are fetched as they are needed."""
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
        """One usage log, and the events, prices and steps that it follows from."""
        asked = {"at_least": at_least, "as_of": as_of}
        return self._one(ExplainedUsageLog, f"/v1/usage-logs/{_part(log_id)}", asked)

    def session(
        self, session_id: str, *, at_least: Optional[str] = None, as_of: AsOf = None
    ) -> Session:
        """A session with its attempts and their usage logs; ``not_found`` if no fact names it."""
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
        """Whether a user's plan allows a session more, so many minutes, this size and format."""
        asked = {
            "minutes": None if minutes is None else seconds_text("minutes", minutes, 10**9),
            "file_size_bytes": file_size_bytes,
            "export_format": export_format,
            "at_least": at_least,
            "as_of": as_of,
        }
        return self._one(Entitlement, f"/v1/users/{_part(user_id)}/entitlement", asked)

    def get(self, path: str, parameters: Optional[Mapping[str, Parameter]] = None) -> Any:
        """Any other read, such as ``/v1/plans``: the JSON as it is."""
        asked = dict(parameters or {})
        if self._producer is not None and asked.get("as_of") is None:
            if asked.get("at_least") is None:
                asked["at_least"] = self._producer.position
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
                raise LedgerError("unexpected_answer", "The answer is no list.")
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


def _part(value: str) -> str:
    """A part of a path: whatever an id holds, it leads nowhere else."""
    if value in ("", ".", ".."):
        raise ParameterError('An id is 1 to 128 characters, and not "." or "..". Nothing was asked.')
    return quote(value, safe="")


def _print(value: Parameter) -> str:
    return time_text(value) if isinstance(value, datetime) else str(value)
