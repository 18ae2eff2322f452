"""Seconds as the ledger takes them: exact text with at most nine decimals, rounded half-even."""

from __future__ import annotations

import numbers
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from operator import index
from typing import Optional, Union

from .errors import InvalidFactError

Seconds = Union[int, float, Decimal, Fraction, str]
"""A length of time in seconds. A text is a decimal number, such as ``"90.5"``."""

Rate = Union[int, float, Decimal, Fraction]
"""Frames (samples of one channel) per second."""

_NANOS = 10**9
_NANO = Decimal("0.000000001")
# The caller's context might round to fewer digits.
_CONTEXT = Context(prec=40)


def seconds_text(field: str, value: Seconds, maximum: int) -> str:
    """Writes seconds as text, from 0 to ``maximum``. Raises InvalidFactError."""
    return _print(field, _nanos(field, value), maximum)


def frames_text(field: str, frames: int, rate: Optional[Rate], maximum: int) -> str:
    """Writes the length of so many frames at a rate, in seconds. Raises InvalidFactError."""
    try:
        count, per_second = index(frames), Fraction(rate or 0)
    except (TypeError, ValueError, OverflowError):
        raise InvalidFactError(field, "be a whole number of frames, with a frame_rate") from None
    if per_second <= 0:
        raise InvalidFactError("frame_rate", "be above 0, in frames per second, such as 44100")
    # round() of a fraction is exact, and half-even.
    return _print(field, round(count * _NANOS / per_second), maximum, " seconds")


def _nanos(field: str, value: Seconds) -> int:
    must = "be 0 or more, as a number or a decimal text"
    if isinstance(value, bool):
        raise InvalidFactError(field, must)
    if isinstance(value, Fraction):
        return round(value * _NANOS)
    try:
        decimal = Decimal(value if isinstance(value, (int, str, Decimal)) else _printed(value))
        return int(_CONTEXT.scaleb(decimal.quantize(_NANO, ROUND_HALF_EVEN, _CONTEXT), 9))
    except (TypeError, ValueError, OverflowError, InvalidOperation):
        raise InvalidFactError(field, must) from None


def _printed(value: object) -> str:
    """Prints a float, numpy's too, as its shortest decimal, as the ledger reads numbers."""
    if not isinstance(value, numbers.Real):
        raise TypeError
    return repr(float(value))


def _print(field: str, nanos: int, maximum: int, unit: str = "") -> str:
    if not 0 <= nanos <= maximum * _NANOS:
        raise InvalidFactError(field, f"be from 0 to {maximum}{unit}")
    whole, rest = divmod(nanos, _NANOS)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
