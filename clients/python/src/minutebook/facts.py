"""Facts of sessions. Their ids are derived, so a worker that runs again gives the same ones."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, Optional, Tuple, Union

from .checks import CHECKS, Json, an_id, compact_json, text
from .errors import InvalidFactError

TYPES: Dict[str, str] = {
    kind: f"transcription.session.{kind}" for kind in ("started", "completed", "failed", "retried")
}

_WORKERS = ("session_id", "user_id", "stt_provider")
_REQUIRED: Dict[str, Tuple[str, ...]] = {
    "started": _WORKERS,
    "completed": (*_WORKERS, "duration_seconds"),
    "failed": (*_WORKERS, "error_code"),
    "retried": ("session_id", "user_id", "attempt"),
}

Extension = Union[str, int, bool]

_EXTENSION_NAME = re.compile(r"[a-z0-9]{1,64}")
_RESERVED = {
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "data",
    "datacontenttype",
    "dataschema",
}


@dataclass(frozen=True)
class Fact:
    """A fact without its time, which is that of the first call."""

    source: str
    id: str
    type: str
    data: Dict[str, Json]
    extensions: Dict[str, Json]

    @property
    def session(self) -> str:
        """The session, within which the source and id name the fact."""
        return str(self.data["session_id"])

    def digest(self) -> bytes:
        """Hashes the content that the ledger compares, except the time."""
        content = json.dumps([self.type, self.data], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).digest()[:16]

    def event(self, time: str) -> str:
        """Writes the CloudEvent as JSON."""
        return compact_json(
            {
                **self.extensions,
                "specversion": "1.0",
                "id": self.id,
                "source": self.source,
                "type": self.type,
                "time": time,
                "data": self.data,
            }
        )


def fact_id(kind: str, session_id: str, attempt: int) -> str:
    """Derives the id from session, attempt and kind. None of them can contain a ``/``."""
    if kind not in TYPES:
        raise ValueError(f"kind must be one of {', '.join(TYPES)}, not {kind!r}")
    number = CHECKS["attempt"]("attempt", attempt)
    return f"{an_id('session_id', session_id)}/{number}/{kind}"


def make_fact(
    source: str,
    kind: str,
    data: Mapping[str, Any],
    name: Optional[str],
    extensions: Optional[Mapping[str, Extension]],
) -> Fact:
    """Checks and normalises a fact's fields; None means absent. Raises InvalidFactError."""
    checked = {
        name: CHECKS[name](name, value)
        for name, value in data.items()
        if value is not None and not (name == "error_message" and value == "")
    }
    for field in _REQUIRED[kind]:
        if field not in checked:
            raise InvalidFactError(field, f"be given for {kind}")
    chosen = (
        fact_id(kind, data["session_id"], data["attempt"])
        if name is None
        else text("id", name, 512)
    )
    return Fact(source, chosen, TYPES[kind], checked, _extensions(extensions or {}))


def time_text(moment: Optional[datetime] = None) -> str:
    """Writes a moment, or now, as the ledger does: UTC, milliseconds, further digits cut."""
    if moment is None:
        moment = datetime.now(timezone.utc)
    if not isinstance(moment, datetime):  # pyright: ignore
        raise InvalidFactError("time", f"be a datetime, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise InvalidFactError("time", "have a time zone, as datetime.now(timezone.utc) has")
    utc = moment.astimezone(timezone.utc)
    if utc.year < 1970:
        raise InvalidFactError("time", "be in 1970 or later")
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(value: str) -> datetime:
    """Reads a time of the ledger; the inverse of time_text."""
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


def _extensions(given: Mapping[str, Extension]) -> Dict[str, Json]:
    for name, value in given.items():
        if name in _RESERVED or _EXTENSION_NAME.fullmatch(name) is None:
            must = (
                "have a name of 1 to 64 characters of a-z 0-9 that is not a CloudEvents attribute"
            )
            raise InvalidFactError(f"extensions[{name!r}]", must)
        if isinstance(value, str):
            text(name, value)
        elif not isinstance(value, int) or not -(2**31) <= value < 2**31:  # pyright: ignore
            raise InvalidFactError(name, "be a string, a boolean or a 32-bit integer")
    return dict(given)
