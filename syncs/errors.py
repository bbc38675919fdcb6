"""What can go wrong with a tool, named by what to do next. No message ever holds a secret or a person's data."""

from __future__ import annotations

from collections.abc import Mapping


class SyncError(Exception):
    """`is_ambiguous`: the tool may have applied the request although we did not hear so."""

    def __init__(self, message: str, is_ambiguous: bool = False) -> None:
        super().__init__(message)
        self.is_ambiguous = is_ambiguous


class TryLater(SyncError):
    """Busy or down: the next run sends the same rows again. `retry_after` in seconds where the tool said it."""

    def __init__(self, message: str, retry_after: float | None = None, is_ambiguous: bool = False) -> None:
        super().__init__(message, is_ambiguous)
        self.retry_after = retry_after


class BadSetup(SyncError):
    """A key, address, permission or list is wrong: a person must mend it, so nothing is tried again."""


class BadRows(SyncError):
    """The tool refused rows: record why and carry on. Empty `rows` means it refused all and named none."""

    def __init__(self, code: str, rows: Mapping[str, str] | None = None) -> None:
        super().__init__(f"the tool refused rows: {code}")
        self.code, self.rows = code, dict(rows or {})
