"""The ledger's bounds of each field, checked when a fact is reported."""

from __future__ import annotations

import json
import math
import re
from operator import index
from typing import Callable, Dict, Iterator, Mapping, Union, cast

from .durations import seconds_text
from .errors import InvalidFactError
from .javascript import number_text

Json = Union[None, bool, int, float, str, "list[Json]", "dict[str, Json]"]
Check = Callable[[str, object], Json]

MAX_DURATION_SECONDS = 36_000
MAX_COUNT = 2**53 - 1

_ID = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
_PROVIDER = re.compile(r"[a-z0-9._-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TEXT_UNITS = 1_024
_MESSAGE_UNITS = 4_096
_METADATA_BYTES = 16 * 1_024
# A request may be nested 64 levels deep, and three of these are above the metadata in a batch.
_METADATA_DEPTH = 61


def text(field: str, value: object, maximum: int = _TEXT_UNITS) -> str:
    """Checks a text of 1 to ``maximum`` UTF-16 units, without control characters."""
    sound = isinstance(value, str) and 1 <= _units(value) <= maximum
    if not sound or _CONTROL.search(cast(str, value)) is not None:
        raise InvalidFactError(
            field, f"be a string of 1 to {maximum} characters without control characters"
        )
    return cast(str, value)


def an_id(field: str, value: object) -> str:
    """Checks an opaque id of a session, user or client."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None or value in (".", ".."):
        raise InvalidFactError(
            field, 'be 1 to 128 characters of A-Z a-z 0-9 . _ : @ - (but not "." or "..")'
        )
    return value


def provider(field: str, value: object) -> str:
    """Checks a provider's name and lower-cases it, as the ledger does."""
    name = value.lower() if isinstance(value, str) else ""
    if _PROVIDER.fullmatch(name) is None:
        raise InvalidFactError(field, "be 1 to 64 characters of a-z 0-9 . _ -")
    return name


def whole(minimum: int, maximum: int) -> Check:
    """Returns a check for a whole number within bounds, both included."""

    def check(field: str, value: object) -> int:
        try:
            number = -1 if isinstance(value, bool) else index(cast(int, value))
        except TypeError:
            number = -1
        if not minimum <= number <= maximum:
            raise InvalidFactError(field, f"be a whole number from {minimum} to {maximum}")
        return number

    return check


def _confidence(field: str, value: object) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str, bytes)) else float(cast(float, value))
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= 1:
        raise InvalidFactError(field, "be a number from 0 to 1")
    return number


def _flag(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidFactError(field, "be True or False")
    return value


def message(value: str) -> str:
    """Makes an exception's message fit: no fact is lost because its message is long or odd."""
    sound = value.encode("utf-16-le", "replace")[: 2 * _MESSAGE_UNITS]
    return _CONTROL_BUT_BREAKS.sub("\ufffd", sound.decode("utf-16-le", "ignore"))


def metadata(field: str, value: object) -> Json:
    """Checks a JSON object of up to 16 KiB and copies it, so that the caller may change its own."""
    if not isinstance(value, Mapping):
        raise InvalidFactError(field, "be a JSON object (a dict)")
    try:
        copy = cast(Json, json.loads(compact_json(dict(cast("Mapping[object, object]", value)))))
        _check_sound(field, copy, 1)
        size = _size(copy)
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, InvalidFactError):
            raise
        raise InvalidFactError(field, f"be JSON ({error})") from None
    if size > _METADATA_BYTES:
        raise InvalidFactError(
            field, f"be at most {_METADATA_BYTES} bytes as compact UTF-8 JSON, not {size}"
        )
    return copy


def compact_json(value: object) -> str:
    """Writes JSON without blanks, as Unicode. Raises ValueError or TypeError."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _check_sound(field: str, value: Json, depth: int) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise InvalidFactError(field, "contain no U+0000")
    if isinstance(value, int):
        _check_range(field, value)
    if not isinstance(value, (list, dict)):
        return
    if depth > _METADATA_DEPTH:
        raise InvalidFactError(field, f"be nested at most {_METADATA_DEPTH} levels deep")
    for part in value if isinstance(value, list) else [*value, *value.values()]:
        _check_sound(field, part, depth + 1)


def _size(value: Json) -> int:
    """Returns how many bytes the ledger counts: it writes numbers in another spelling."""
    written = len(compact_json(value).encode())
    return written + sum(len(number_text(one)) - len(json.dumps(one)) for one in _numbers(value))


def _numbers(value: Json) -> Iterator[Union[int, float]]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value if isinstance(value, list) else value.values():
            yield from _numbers(part)


def _check_range(field: str, value: int) -> None:
    try:
        float(value)
    except OverflowError:
        raise InvalidFactError(field, "contain no number beyond the range of a double") from None


def _units(value: str) -> int:
    try:
        return len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError:  # an unpaired surrogate
        return -1


def _seconds(maximum: int) -> Check:
    return lambda field, value: seconds_text(field, cast(float, value), maximum)


_COUNT = whole(0, MAX_COUNT)

CHECKS: Dict[str, Check] = {
    "session_id": an_id,
    "user_id": an_id,
    "client_id": an_id,
    "stt_provider": provider,
    "attempt": whole(1, 1_000),
    "language": text,
    "enable_diarization": _flag,
    "original_filename": text,
    "file_size_bytes": _COUNT,
    "duration_seconds": _seconds(MAX_DURATION_SECONDS),
    "channels": whole(1, 1_000),
    "speaker_count": whole(0, 10_000),
    "confidence_score": _confidence,
    "word_count": _COUNT,
    "character_count": _COUNT,
    "processing_time_seconds": _seconds(10**9),
    "error_code": text,
    "error_message": lambda field, value: message(str(value)),
    "requested_by": text,
    "reason": text,
    "provider_metadata": metadata,
}
