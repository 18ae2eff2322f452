"""HTTP to a ledger: reused connections, bounded answers, failures with a code."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Union, cast
from urllib.parse import urlsplit

from . import forks
from .connection import Connection
from .errors import LedgerError, OptionError

Key = Union[None, str, Callable[[], str]]
"""An API key, or a function that returns the current one."""

_KEY = re.compile(r"[\x21-\x7e]+")
_IDLE_SECONDS = 30.0
_IDLE_CONNECTIONS = 4
_READ_BYTES = 64 * 1024
_MAX_ANSWER_BYTES = 64 * 1024 * 1024
_MAX_RETRY_AFTER = 600.0


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Parses the body as JSON. Raises LedgerError ``unexpected_answer`` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            detail = f"HTTP {self.status} without JSON: does the url lead to a ledger?"
            raise LedgerError("unexpected_answer", detail, status=self.status) from None

    def problem(self) -> LedgerError:
        """Makes the error for an answer outside 2xx."""
        known: Dict[str, Any] = {}
        if "json" in self.headers.get("content-type", ""):
            try:
                body = json.loads(self.body)
                known = cast("Dict[str, Any]", body) if isinstance(body, dict) else {}
            except ValueError:
                pass
        where = f" to {self.headers['location']}" if "location" in self.headers else ""
        return LedgerError(
            str(known.get("code", "unexpected_answer")),
            str(known.get("detail", f"The server answered HTTP {self.status}{where}.")),
            status=self.status,
            pointer=known.get("pointer"),
            fields=tuple(known.get("fields") or ()),
            retry_after=_retry_after(self.headers.get("retry-after")),
        )


class Http(forks.Forking):
    """Sends requests to one server; threads may share it."""

    def __init__(self, url: str, key: Key, context: Optional[ssl.SSLContext]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise OptionError("url must be that of a ledger, such as http://127.0.0.1:3000.")
        if parts.query or parts.fragment:
            raise OptionError("url must have no query and no fragment.")
        if re.search(r"/v1(/events)?/*$", parts.path):
            raise OptionError(
                "url must be the address of the service alone: leave out /v1 and what follows."
            )
        self._host, self._port, self._base = parts.hostname, parts.port, parts.path.rstrip("/")
        secure = parts.scheme == "https"
        self._context = (context or ssl.create_default_context()) if secure else None
        self._key: Key = _sound_key(key) if isinstance(key, str) else key
        self._lock = threading.Lock()
        self._idle: List[Tuple[float, Connection]] = []
        self._closed = False
        forks.register(self)

    def request(
        self,
        method: str,
        path: str,
        timeout: float,
        body: Optional[bytes] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Answer:
        """Sends a request, which must be safe to send twice.

        Raises LedgerError: ``unreachable``, or ``invalid_key`` if a key function's key is invalid.

        ``timeout`` is in seconds, for everything from connecting to the end of the answer. Only the
        key function and the look-up of the host's name can't be interrupted.
        """
        until = time.monotonic() + timeout
        sent = {"accept": "application/json", "user-agent": "minutebook-python", **(headers or {})}
        key = self._given_key(self._key) if callable(self._key) else self._key
        if key is not None:
            sent["authorization"] = f"Bearer {key}"
        connection = self._used()
        while True:
            fresh = connection is None
            if connection is None:
                connection = Connection(self._host, self._port, self._context)
            try:
                return self._exchange(connection, until, method, self._base + path, body, sent)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                connection = None
                # The server may just have closed an idle connection: try once more on a fresh one.
                if fresh or isinstance(error, socket.timeout):
                    raise LedgerError("unreachable", self._say(error)) from error

    def _given_key(self, give: Callable[[], str]) -> str:
        given = give()
        try:
            return _sound_key(given)
        except OptionError as error:
            raise LedgerError(error.code, error.detail) from None

    def _exchange(
        self,
        connection: Connection,
        until: float,
        method: str,
        path: str,
        body: Optional[bytes],
        headers: Mapping[str, str],
    ) -> Answer:
        connection.deadline.at = until
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        content = _read(response)
        found = {name.lower(): value for name, value in response.getheaders()}
        self._keep(connection, response.will_close)
        return Answer(response.status, found, content)

    def _used(self) -> Optional[Connection]:
        """Returns an idle open connection, if there is one."""
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if time.monotonic() - since < _IDLE_SECONDS:
                    return connection
                connection.close()
        return None

    def _keep(self, connection: Connection, closing: bool) -> None:
        with self._lock:
            if closing or self._closed or len(self._idle) >= _IDLE_CONNECTIONS:
                connection.close()
            else:
                self._idle.append((time.monotonic(), connection))

    def _say(self, error: Exception) -> str:
        why = str(error) or type(error).__name__
        return f"No answer from {self._host}{'' if self._port is None else f':{self._port}'}: {why}"

    def after_fork_in_child(self) -> None:
        self._lock = threading.Lock()
        self._idle = []  # These connections are the parent's.

    def close(self) -> None:
        """Closes idle connections, and each used one once its request ends."""
        with self._lock:
            self._closed = True
            for _, connection in self._idle:
                connection.close()
            self._idle.clear()


def _read(response: http.client.HTTPResponse) -> bytes:
    """Reads in parts: before Python 3.10, one big read allocates all that it might need."""
    parts: List[bytes] = []
    size = 0
    while True:
        part = response.read(_READ_BYTES)
        if not part and response.length:
            raise http.client.IncompleteRead(b"", response.length)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > _MAX_ANSWER_BYTES:
            raise http.client.HTTPException("the answer is too long")


def _sound_key(key: str) -> str:
    """Strips a key, which may end in a line break. Raises OptionError, which does not repeat it."""
    stripped = key.strip() if isinstance(key, str) else ""  # pyright: ignore
    if not stripped:
        detail = "The key is empty. Is the variable that it comes from set?"
        raise OptionError(detail, "invalid_key")
    if _KEY.fullmatch(stripped) is None:
        raise OptionError("The key contains characters that no key has.", "invalid_key")
    return stripped


def _retry_after(value: Optional[str]) -> Optional[float]:
    """Reads seconds or a date as seconds, at most ten minutes, whatever the server sent."""
    if value is None:
        return None
    try:
        seconds = float(int(value))
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER)
