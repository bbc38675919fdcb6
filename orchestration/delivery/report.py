"""What one delivery did, without a word about people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Verdict(Protocol):
    """What a gate said of a list. Any object with these two will do."""

    @property
    def passed(self) -> bool: ...

    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Gate:
    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """`rows` rows of a list that met the same end. outcome: accepted, rejected, unknown, staged, not_sent, held."""

    sync_id: str
    change: str
    outcome: str
    reason: str
    rows: int


@dataclass(frozen=True)
class DeliveryReport:
    """One lane's run. `stopped` says why it ended early; `needs_a_person` that waiting will not mend it."""

    destination: str
    release_id: str
    run_id: str
    requests: int
    lines: tuple[Line, ...] = ()
    frozen: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    needs_a_person: bool = False

    def rows(self, outcome: str, sync_id: str = "") -> int:
        """Rows with this outcome, of one list or of all."""
        return sum(
            line.rows for line in self.lines if line.outcome == outcome and sync_id in ("", line.sync_id)
        )

    @property
    def is_quiet(self) -> bool:
        """Nothing was asked of the tool: it holds what we want."""
        return self.requests == 0 and not self.stopped

    @property
    def is_well(self) -> bool:
        """Nothing stopped, froze, was refused or is unsure."""
        return not (self.stopped or self.frozen or self.rows("rejected") or self.rows("unknown"))


@dataclass
class Tally:
    """Counts while a lane runs."""

    requests: int = 0
    ends: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    frozen: dict[str, str] = field(default_factory=dict)
    stopped: str = ""
    needs_a_person: bool = False

    def report(self, destination: str, release_id: str, run_id: str) -> DeliveryReport:
        lines = tuple(Line(*end, rows) for end, rows in sorted(self.ends.items()))
        return DeliveryReport(
            destination,
            release_id,
            run_id,
            self.requests,
            lines,
            self.frozen,
            self.stopped,
            self.needs_a_person,
        )
