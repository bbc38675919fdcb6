"""Where deliveries are, for whoever watches: a bar in the terminal, lines and observations in Dagster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """`done` of `rows` rows of a list that are to change have been answered, whatever the answer was."""

    destination: str
    sync_id: str
    done: int
    rows: int


Watcher = Callable[[Step], None]


def nobody(step: Step) -> None:
    """The watcher of ordinary life."""


_watching: ContextVar[Watcher] = ContextVar("watching", default=nobody)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Inside the block `watcher` is told of every delivery, however deep below Dagster it happens."""
    token = _watching.set(watcher)
    try:
        yield
    finally:
        _watching.reset(token)


def who_watches() -> Watcher:
    return _watching.get()


@dataclass
class Progress:
    """Counts of one lane, told after every request. A list of which nothing is to change is never told of."""

    destination: str
    watcher: Watcher
    done: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    def expect(self, rows: dict[str, int]) -> None:
        """A phase is about to begin: so many more rows per list."""
        self.rows.update(rows)
        for sync_id in rows:
            self._tell(sync_id)

    def answered(self, sync_id: str, rows: int) -> None:
        self.done[sync_id] += rows
        self._tell(sync_id)

    def _tell(self, sync_id: str) -> None:
        self.watcher(Step(self.destination, sync_id, self.done[sync_id], self.rows[sync_id]))
