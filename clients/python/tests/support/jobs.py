"""The jobs of the kill test. What happens to a session follows from its number alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Tuple

RATE = 44_100


def story(number: int) -> List[Tuple[str, Dict[str, Any]]]:
    """Returns a worker's reports on a session: one attempt, or a failed one and a second."""
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
    """Returns the ids of a session's facts."""
    return [f"rec-{number}/{data.get('attempt', 1)}/{kind}" for kind, data in story(number)]


def seconds(number: int) -> Fraction:
    """Returns a session's length, to the nearest nanosecond."""
    return Fraction(round(Fraction(1_000_003 + 7_919 * number, RATE) * 10**9), 10**9)
