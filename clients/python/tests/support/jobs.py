"""The work of the test of kills: what happened to each session follows from its number alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Tuple

RATE = 44_100


def story(number: int) -> List[Tuple[str, Dict[str, Any]]]:
    """What a worker tells of a session of one attempt, or of one that fails and a second."""
    named = {"session_id": f"rec-{number}", "user_id": f"user-{number % 7}"}
    worker = {**named, "stt_provider": ("google", "assemblyai")[number % 2]}
    length = {"frames": 1_000_003 + 7_919 * number, "frame_rate": RATE}
    if number % 3:
        return [("started", worker), ("completed", {**worker, **length})]
    return [
        ("started", worker),
        ("failed", {**worker, "error_code": "timeout"}),
        ("retried", {**named, "attempt": 2}),
        ("started", {**worker, "attempt": 2}),
        ("completed", {**worker, "attempt": 2, **length}),
    ]


def fact_ids(number: int) -> List[str]:
    """The ids of its facts."""
    return [f"rec-{number}/{data.get('attempt', 1)}/{kind}" for kind, data in story(number)]


def seconds(number: int) -> Fraction:
    """Its length, to the nearest nanosecond."""
    return Fraction(round(Fraction(1_000_003 + 7_919 * number, RATE) * 10**9), 10**9)
