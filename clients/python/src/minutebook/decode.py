"""Turns JSON into the dataclasses of ``models``, by their type hints."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import (
    Any,
    Callable,
    Dict,
    List,
    Type,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from .errors import LedgerError
from .facts import read_time

T = TypeVar("T")
_Read = Callable[[Any], Any]


def decode(kind: Type[T], value: Any) -> T:
    """Reads a JSON value as a dataclass. Raises LedgerError ``unexpected_answer``."""
    try:
        return cast(T, _reader(kind)(value))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        detail = f"The answer is not a {kind.__name__} ({error}). Is the ledger of another version?"
        raise LedgerError("unexpected_answer", detail) from error


@lru_cache(maxsize=None)
def _reader(kind: Any) -> _Read:
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_reader(cast(type, kind))
    if kind is Decimal:
        return lambda value: Decimal(_text(value))
    if kind is datetime:
        return lambda value: read_time(_text(value))
    if origin is list:
        item = _reader(arguments[0])
        return lambda value: [item(one) for one in cast("List[Any]", _a(list, value))]
    if origin is Union and type(None) in arguments and len(arguments) == 2:
        some = _reader(next(one for one in arguments if one is not type(None)))
        return lambda value: None if value is None else some(value)
    if kind in (str, int, bool):
        return lambda value: _a(kind, value)
    if kind is float:
        return lambda value: float(_a((int, float), value))
    return lambda value: value


def _dataclass_reader(kind: type) -> _Read:
    hints = get_type_hints(kind)
    wanted = [
        (one.name, one.name.rstrip("_"), _reader(hints[one.name]), one.default is not MISSING)
        for one in fields(cast(Any, kind))
    ]

    def read(value: Any) -> Any:
        found = cast("Dict[str, Any]", _a(dict, value))
        return kind(
            **{
                name: part(found[wire])
                for name, wire, part, optional in wanted
                if wire in found or not optional
            }
        )

    return read


def _a(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"not what was expected but {type(value).__name__}")
    return value


def _text(value: Any) -> str:
    return cast(str, _a(str, value))
