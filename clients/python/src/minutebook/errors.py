"""The errors of this package. Each has a ``code`` for programs, and says what to do."""

from __future__ import annotations

from typing import Optional, Tuple


class MinutebookError(Exception):
    """The base of all errors of this package."""

    code: str

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class OptionError(MinutebookError, ValueError):
    """An option (``invalid_option``) or key (``invalid_key``) is invalid. Never repeats the key."""

    def __init__(self, detail: str, code: str = "invalid_option") -> None:
        super().__init__(code, detail)


class InvalidFactError(MinutebookError, ValueError):
    """The ledger would refuse the fact for good, so it was not kept. ``field`` is at fault."""

    def __init__(self, field: str, must: str) -> None:
        super().__init__("invalid_field", f"{field} must {must}.")
        self.field = field


class SpoolError(MinutebookError):
    """The spool can't be read or written (``spool_failed``): the fact was not kept."""

    def __init__(self, detail: str, code: str = "spool_failed") -> None:
        super().__init__(code, detail)


class SpoolFullError(SpoolError):
    """The spool holds as much as it may (``spool_full``): the fact was not kept.

    Nothing is ever dropped to make room.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail, "spool_full")


class LedgerError(MinutebookError):
    """The ledger answered with an error, or not at all.

    ``code`` is the ledger's own, ``unreachable`` if no answer came, ``unexpected_answer`` if
    something other than a ledger answered, or ``invalid_key`` if the key function returned a key
    that can't be sent: then nothing was sent. ``status`` is the HTTP status, None if no answer
    came. ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: Optional[int] = None,
        pointer: Optional[str] = None,
        fields: Tuple[str, ...] = (),
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(code, detail)
        self.status = status
        self.pointer = pointer
        self.fields = fields
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later, without anybody changing it."""
        if self.status is None:
            return self.code not in ("invalid_key", "invalid_parameter")
        return self.status in (408, 429) or self.status >= 500


class ParameterError(LedgerError, ValueError):
    """An id would change the request's path (``invalid_parameter``): nothing was sent."""

    def __init__(self, detail: str) -> None:
        super().__init__("invalid_parameter", detail)
