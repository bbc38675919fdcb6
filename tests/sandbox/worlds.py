"""Small worlds for tests, made once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from sandbox.day import live_through
from sandbox.history import day_number
from sandbox.noise import Array
from sandbox.retailer import Retailer
from sandbox.sends import Sends
from sandbox.siloed import siloed_sends

GO_LIVE = date(2026, 11, 2)


def lived(customers: int = 400, days: int = 45, seed: int = 5) -> Retailer:
    """A retailer at go-live whose past was lived but not written."""
    return _lived(customers, days, seed).branch()


@cache
def _lived(customers: int, days: int, seed: int) -> Retailer:
    retailer = Retailer.create(customers, seed, GO_LIVE, days)
    for day in range(retailer.world.first_day, retailer.world.go_live):
        sends = siloed_sends(retailer.world, retailer.state, day)
        retailer.books.write(
            live_through(retailer.world, retailer.state, day, sends, np.full(len(sends), -1))
        )
    retailer.next_day = day_number(GO_LIVE)
    return retailer


def live_siloed(retailer: Retailer, days: int) -> None:
    """The next days as the channel teams would have them."""
    for number in range(days):
        day = GO_LIVE + timedelta(days=number)
        retailer.live_day(day, retailer.siloed_sends(day))


def to_all(
    retailer: Retailer, message: str, people: Array, category: Array | int = -1, product: Array | int = -1
) -> Sends:
    """One message to some people."""
    return Sends.of(people, retailer.world.messages.index(message), category, product)


def files(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
