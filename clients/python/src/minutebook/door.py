"""A ledger's endpoint for producers: posts a batch of events and reads the verdicts."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, cast

from .errors import LedgerError
from .http import Answer, Http
from .outbox import Refusal

MAX_EVENTS = 10_000
MAX_BYTES = 16 * 1024 * 1024
_PATH = "/v1/events"
_BATCH = "application/cloudevents-batch+json"

_WHOLE_REQUEST = {"invalid_json", "too_deep", "invalid_body", "body_too_large", "too_many_events"}
"""Codes with which a ledger refuses a whole request although a single event may be to blame."""


@dataclass(frozen=True)
class Verdict:
    """The ledger's verdict on one event: ``recorded``, ``duplicate``, or ``rejected`` and why."""

    status: str
    refusal: Optional[Refusal] = None


@dataclass(frozen=True)
class Verdicts:
    """One verdict per event, in the order sent, and a position at or after all of them."""

    position: str
    verdicts: List[Verdict]


class TooMuchError(Exception):
    """The request was refused whole; fewer events may pass. For a single one, ``why`` is final."""

    def __init__(self, why: LedgerError) -> None:
        super().__init__(str(why))
        self.why = why


class Door:
    """Posts batches, compressed as ``compress`` says until the server refuses that.

    ``compress``: True from the start, False never, None once the ledger announces it
    (``Accept-Encoding: gzip``).
    """

    def __init__(self, http: Http, timeout: float, compress: Optional[bool]) -> None:
        self._http = http
        self._timeout = timeout
        self._announced = compress is None
        self._compress = compress is True

    def post(self, bodies: Sequence[str]) -> Verdicts:
        """Posts events as one batch. Raises LedgerError, and TooMuchError if it may be split."""
        batch = f"[{','.join(bodies)}]".encode()
        answer = self._send(batch)
        if answer.status in (400, 415) and self._compress:
            # The server does not take gzip, or a proxy broke it: no event is to blame.
            self._compress = self._announced = False
            answer = self._send(batch)
        if answer.status in (200, 207):
            return _read(answer, len(bodies))
        problem = answer.problem()
        if answer.status == 413 or (answer.status == 400 and problem.code in _WHOLE_REQUEST):
            raise TooMuchError(problem)
        raise problem

    def _send(self, batch: bytes) -> Answer:
        headers = {"content-type": _BATCH}
        if self._compress:
            headers["content-encoding"] = "gzip"
            batch = gzip.compress(batch, 6)
        answer = self._http.request("POST", _PATH, self._timeout, batch, headers)
        if self._announced and "gzip" in answer.headers.get("accept-encoding", ""):
            self._compress = True
        return answer


def _read(answer: Answer, count: int) -> Verdicts:
    body = answer.json()
    try:
        results = cast("List[Dict[str, Any]]", body["results"])
        verdicts = [_verdict(result) for result in results]
        position = str(body["position"])
    except (KeyError, TypeError):
        verdicts, position = [], ""
    if len(verdicts) != count:
        detail = (
            f"HTTP {answer.status} without a verdict for each event: does the url lead to a ledger?"
        )
        raise LedgerError("unexpected_answer", detail, status=answer.status)
    return Verdicts(position, verdicts)


def _verdict(result: Dict[str, Any]) -> Verdict:
    status = str(result["status"])
    if status in ("recorded", "duplicate"):
        return Verdict(status)
    if status != "rejected":
        raise KeyError(status)
    fields = tuple(str(name) for name in result.get("fields") or ())
    pointer = result.get("pointer")
    refusal = Refusal(str(result["code"]), str(result.get("detail", "")), pointer, fields)
    return Verdict(status, refusal)
