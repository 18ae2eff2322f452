"""Client of Minutebook, the billing ledger for speech-to-text.

Workers report what happened to their sessions to a Producer; apps read usage with a Reader.
"""

from .durations import Rate, Seconds
from .errors import (
    InvalidFactError,
    LedgerError,
    MinutebookError,
    OptionError,
    ParameterError,
    SpoolError,
    SpoolFullError,
)
from .gate import Decision, EntitlementGate
from .models import (
    Attempt,
    Entitlement,
    ExplainedUsageLog,
    Explanation,
    LimitCheck,
    Limits,
    NextAttempt,
    ProviderTotals,
    Session,
    Summary,
    Trend,
    TrendPoint,
    TypeTotals,
    UsageLog,
)
from .producer import Producer
from .reader import Reader
from .refused import Refused, RefusedFacts
from .sender import Trouble
from .spool import Receipt, SpoolStatus

__version__ = "0.1.0"

__all__ = [
    "Attempt",
    "Decision",
    "Entitlement",
    "EntitlementGate",
    "ExplainedUsageLog",
    "Explanation",
    "InvalidFactError",
    "LedgerError",
    "LimitCheck",
    "Limits",
    "MinutebookError",
    "OptionError",
    "ParameterError",
    "NextAttempt",
    "Producer",
    "ProviderTotals",
    "Rate",
    "Reader",
    "Receipt",
    "Refused",
    "RefusedFacts",
    "Seconds",
    "Session",
    "SpoolError",
    "SpoolFullError",
    "SpoolStatus",
    "Summary",
    "Trend",
    "TrendPoint",
    "Trouble",
    "TypeTotals",
    "UsageLog",
]
