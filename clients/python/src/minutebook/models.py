"""The ledger's answers to readers.

Seconds, minutes, costs and amounts are exact decimals, times are aware datetimes, cents are whole
numbers, positions are texts. What is absent is None. Fields that a newer ledger adds are left
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Optional, Union


@dataclass(frozen=True)
class Totals:
    """Sums over usage logs."""

    transcriptions: int
    billed_seconds: Decimal
    billable_minutes: Decimal
    cost: Decimal
    cost_cents: int


@dataclass(frozen=True)
class ProviderTotals(Totals):
    """Sums of one provider."""

    stt_provider: str


@dataclass(frozen=True)
class TypeTotals(Totals):
    """Sums of one transcription type."""

    transcription_type: str


@dataclass(frozen=True)
class Limits:
    """A plan's limits per period and per file; None = no limit."""

    minutes: Optional[Decimal]
    sessions: Optional[int]
    file_size_bytes: Optional[int]
    export_formats: Optional[List[str]]


@dataclass(frozen=True)
class Summary:
    """A user's totals for a period, in one currency."""

    user_id: str
    period: str
    currency: str
    sessions: int
    transcriptions: int
    failed_attempts: int
    free_retries: int
    retranscriptions: int
    total_seconds: Decimal
    billed_seconds: Decimal
    included_seconds: Decimal
    billable_minutes: Decimal
    cost: Decimal
    usage_cost_cents: int
    adjustments_cents: int
    cost_cents: int
    by_provider: List[ProviderTotals]
    by_transcription_type: List[TypeTotals]
    plan: str
    limits: Limits
    remaining_minutes: Optional[Decimal]
    closed: bool
    other_currencies: List[str]
    position: str


@dataclass(frozen=True)
class TrendPoint(Totals):
    """Sums of a day, week or month, cut to the requested range: ``[from_, to)``."""

    from_: datetime
    to: datetime
    currency: str


@dataclass(frozen=True)
class Trend:
    """Usage over time, empty points included."""

    points: List[TrendPoint]
    position: str


@dataclass(frozen=True)
class UsageLog:
    """One completed attempt: its length, how much of it is billed, and its cost."""

    id: str
    session_id: str
    user_id: str
    client_id: Optional[str]
    attempt: int
    retry_count: int
    transcription_type: str
    billable: bool
    billing_reason: str
    parent_log_id: Optional[str]
    stt_provider: str
    duration_seconds: Decimal
    billed_seconds: Decimal
    included_seconds: Decimal
    billable_minutes: Decimal
    cost: Decimal
    cost_cents: int
    currency: str
    usage_period: str
    billing_period: str
    late: bool
    plan: str
    rate_card_id: Optional[str]
    started_at: Optional[datetime]
    completed_at: datetime
    processing_time_seconds: Optional[Decimal]
    language: Optional[str]
    enable_diarization: Optional[bool]
    original_filename: Optional[str]
    file_size_bytes: Optional[int]
    channels: int
    speaker_count: Optional[int]
    confidence_score: Optional[float]
    word_count: Optional[int]
    character_count: Optional[int]
    provider_metadata: Optional[Dict[str, Any]]
    position: str
    erased: bool = False


@dataclass(frozen=True)
class Explanation:
    """The derivation from facts to cents, as JSON.

    Each of ``steps`` has a ``step``, a ``text`` (a sentence) and its numbers. ``events_complete``
    is False if the session has more events than ``events``.
    """

    events: List[Dict[str, Any]]
    rate_card: Optional[Dict[str, Any]]
    plan: Optional[Dict[str, Any]]
    steps: List[Dict[str, Any]]
    events_complete: bool = True


@dataclass(frozen=True)
class _Explained:
    explanation: Explanation


@dataclass(frozen=True)
class ExplainedUsageLog(UsageLog, _Explained):
    """A usage log, and why it costs what it does."""


@dataclass(frozen=True)
class Attempt:
    """One try at a session. ``status``: completed, failed, open, pending or unrated."""

    attempt: int
    status: str
    transcription_type: Optional[str]
    billable: Optional[bool]
    started_at: Optional[datetime]
    completed_at: Optional[datetime]


@dataclass(frozen=True)
class NextAttempt:
    """What a further attempt would be; None = not known yet."""

    attempt: int
    transcription_type: Optional[str]
    billable: Optional[bool]


@dataclass(frozen=True)
class Session:
    """A recording, its attempts and their cost."""

    session_id: str
    user_id: Optional[str]
    attempts: List[Attempt]
    usage_logs: List[UsageLog]
    cost: Decimal
    cost_cents: int
    currency: Optional[str]
    next_attempt: NextAttempt


@dataclass(frozen=True)
class LimitCheck:
    """One limit of a plan, how much of it is used, and whether the request still fits.

    Minutes are decimal texts, sessions and bytes whole numbers, formats a list.
    """

    name: str
    used: Union[str, int, None]
    requested: Union[str, int]
    limit: Union[str, int, List[str], None]
    allowed: bool
    reason: Optional[str]


@dataclass(frozen=True)
class Entitlement:
    """Whether a user's plan allows more."""

    allowed: bool
    plan: str
    limits: List[LimitCheck]
    position: str
