"""The sandbox's clock: what the tools stamp on what they receive."""

from __future__ import annotations

import threading
from datetime import UTC, datetime


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a datetime without a zone is UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """A moment as tools write it: 2026-11-21T06:00:00.000Z. Always 24 characters, so text order is time order."""
    return as_utc(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse(text: str) -> datetime:
    """The moment a text names; a text without a zone is UTC. Raises ValueError where it names none."""
    return as_utc(datetime.fromisoformat(text.strip()))


class Clock:
    """Real time until someone sets it; from then on it stands still until it is set again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set_to: datetime | None = None

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._set_to = as_utc(moment)

    @property
    def set_to(self) -> datetime | None:
        """What it was set to, or None while it runs with real time."""
        with self._lock:
            return self._set_to

    def now(self) -> datetime:
        with self._lock:
            return self._set_to or datetime.now(UTC)
