"""The simulator's own books: what true persons bought, were sent and complained about. Never exported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from sandbox.columns import Columns, join
from sandbox.day import Day

SENDS = [
    "person",
    "message",
    "category",
    "product",
    "day",
    "second",
    "caused",
    "clicked",
    "left",
    "irritation",
]
LINES = ["order", "person", "product", "quantity", "cents", "day", "is_web", "cause", "is_known"]
RETURNS = ["person", "product", "quantity", "cents", "returned_on"]
TICKETS = ["ticket", "person", "kind", "day", "solved_on", "rated_on", "score"]
OPTOUTS = ["person", "channel", "origin", "day"]


@dataclass
class Books:
    """One chunk per day and kind; chunks are never changed, so branches share their past."""

    sends_from: int  # sends before this day are not kept: a year of them is larger than the rest of the world
    chunks: dict[str, list[Columns]] = field(default_factory=dict)
    dropped: dict[int, int] = field(default_factory=dict)

    def write(self, happened: Day) -> None:
        """Enters a day."""
        kinds = {
            "lines": (LINES, happened.lines),
            "returns": (RETURNS, happened.returns),
            "tickets": (TICKETS, happened.tickets),
            "optouts": (OPTOUTS, happened.optouts),
        }
        if happened.day >= self.sends_from:
            kinds["sends"] = (SENDS, happened.contacts)
        for kind, (names, facts) in kinds.items():
            self.chunks.setdefault(kind, []).append({name: facts[name] for name in names})
        self.dropped[happened.day] = happened.dropped

    def copy(self) -> Books:
        chunks = {kind: list(parts) for kind, parts in self.chunks.items()}
        return Books(self.sends_from, chunks, dict(self.dropped))

    def all(self, kind: str) -> Columns:
        """Everything of a kind: sends, lines, returns, tickets or optouts, in order of day."""
        return join(self.chunks[kind])

    @property
    def kinds(self) -> Iterable[str]:
        return self.chunks.keys()

    def between(self, kind: str, first: int, last: int) -> Columns:
        """Rows from the first day to the last; returns count on the day they come back."""
        name = "returned_on" if kind == "returns" else "day"
        found = self.all(kind)
        rows = (found[name] >= first) & (found[name] <= last)
        return {column: values[np.flatnonzero(rows)] for column, values in found.items()}
