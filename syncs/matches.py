"""How many of the people on a list an ad platform found among its own: as far as it says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Matched:
    """People from..to, or a share of those sent in percent from..to; whichever the platform tells."""

    people_from: int | None = None
    people_to: int | None = None
    percent_from: int | None = None
    percent_to: int | None = None


def counted(low: Any, high: Any) -> Matched | None:
    """Of bounds in people; None where the platform has not counted yet or keeps a small number to itself."""
    bounds = [int(each) for each in (low, high) if each is not None]
    return Matched(people_from=min(bounds), people_to=max(bounds)) if bounds and min(bounds) >= 0 else None


def in_words(matched: Matched) -> str:
    """For people: `12,300 to 14,500 people`, or `61 to 70 %`."""
    is_share = matched.people_from is None
    low, high = (
        (matched.percent_from, matched.percent_to) if is_share else (matched.people_from, matched.people_to)
    )
    span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{span} {'%' if is_share else 'people'}"
