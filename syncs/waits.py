"""How long to wait: what tools say about it in their several dialects, and the clock we wait by."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
LEFT = (
    "ratelimit-remaining",
    "x-ratelimit-remaining",
    "x-rate-limit-remaining",
    "x-hubspot-ratelimit-remaining",
)
META_USAGE = ("x-business-use-case-usage", "x-app-usage", "x-ad-account-usage")


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Time as a connector sees it; tests hand in their own, so that minutes of waiting cost nothing."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = _wall
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def told_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the tool asks for: Retry-After (seconds or date), a reset counter or epoch, Meta's minutes."""
    low = {name.lower(): value.strip() for name, value in headers.items()}
    if "retry-after" in low:
        return _seconds_or_date(low["retry-after"], now)
    for name in RESETS:
        if name in low and (seconds := _number(low[name])) is not None:
            return max(0.0, seconds - now.timestamp() if seconds > 1e9 else seconds)
    minutes = [used.get("estimated_time_to_regain_access", 0) for used in meta_usage(low)]
    return max(minutes) * 60 if any(minutes) else None


def is_nearly_used(headers: Mapping[str, str], share: float = 95) -> bool:
    """Whether the quota is all but spent although this request still went through."""
    low = {name.lower(): value.strip() for name, value in headers.items()}
    left = _number(next((low[name] for name in LEFT if name in low), ""))
    counts = ("call_count", "total_cputime", "total_time")
    return left == 0 or any(used.get(count, 0) >= share for used in meta_usage(low) for count in counts)


def meta_usage(low: Mapping[str, str]) -> list[dict[str, float]]:
    """The usage records in Meta's headers: percentages, and minutes until access comes back."""
    records: list[dict[str, float]] = []
    for name in META_USAGE:
        try:
            said = json.loads(low.get(name, "{}"))
        except ValueError:
            continue
        groups = said.values() if isinstance(said, dict) and name == META_USAGE[0] else [[said]]
        records += [record for group in groups for record in _records(group)]
    return records


def _records(group: object) -> list[dict[str, float]]:
    rows = group if isinstance(group, list) else []
    return [
        {key: float(value) for key, value in row.items() if isinstance(value, int | float)}
        for row in rows
        if isinstance(row, dict)
    ]


def _seconds_or_date(text: str, now: datetime) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None
