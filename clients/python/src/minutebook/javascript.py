"""Numbers as JavaScript writes them: the ledger measures JSON in this spelling."""

from __future__ import annotations

from decimal import Decimal
from typing import Union, cast

_EXACT = 2**53
# JavaScript writes an exponent for numbers with more digits than this before the point,
_MOST_DIGITS = 21
# or with this many zeros after it.
_MOST_ZEROS = 6


def number_text(value: Union[int, float]) -> str:
    """Writes a finite number: 1.0 as 1, 5e-05 as 0.00005, 10**21 as 1e+21."""
    if isinstance(value, int) and abs(value) <= _EXACT:
        return str(value)
    sign, figures, exponent = Decimal(repr(float(value))).as_tuple()
    written = "".join(map(str, figures))
    point = len(written) + cast(int, exponent)
    digits = written.rstrip("0")
    if digits == "":
        return "0"
    minus = "-" if sign else ""
    if 0 < point <= _MOST_DIGITS:
        return minus + _with_point(digits[:point].ljust(point, "0"), digits[point:])
    if -_MOST_ZEROS < point <= 0:
        return minus + _with_point("0", "0" * -point + digits)
    return f"{minus}{_with_point(digits[0], digits[1:])}e{point - 1:+d}"


def _with_point(whole: str, rest: str) -> str:
    return f"{whole}.{rest}" if rest else whole
