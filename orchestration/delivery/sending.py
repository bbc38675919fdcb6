"""One request and what comes of it: the poison row alone is refused, and what we did not hear stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from syncs.connector import Connector
from syncs.errors import BadRows, BadSetup, SyncError
from syncs.shape import Member, Outcome

MOST_REFUSED = 10  # refused one by one with none accepted: it is not the rows


@dataclass
class Sending:
    """The rows of one prepared request on their way. `trouble` is what ended it early.

    `is_doubtful`: a first attempt that nobody answered may still be applied after the one that was.
    """

    connector: Connector
    change: str
    object: str
    passing: Callable[[str], None]
    requests: int = 0
    trouble: SyncError | None = None
    is_doubtful: bool = False
    _refused: int = field(default=0, init=False)
    _accepted: int = field(default=0, init=False)

    def send(self, members: Sequence[Member]) -> Iterator[list[Outcome]]:
        """Outcomes as they become known, each row once. Halves a batch that the tool refuses as a whole."""
        if self.trouble or self._is_hopeless():
            yield [Outcome(m.op_id, "not_sent", "not_tried") for m in members]
            return
        doubts = self.connector.doubts
        try:
            self.requests += 1
            self.passing("before_send")
            heard = self._accounted(members, self.connector.write(self.change, self.object, members))
            self.is_doubtful |= self.connector.doubts > doubts
        except BadRows as refused:
            yield from self._without(members, refused)
            return
        except Exception as surprise:
            self.trouble = surprise if isinstance(surprise, SyncError) else _not_understood(surprise)
            end = "unknown" if self.trouble.is_ambiguous else "not_sent"
            yield [Outcome(m.op_id, end, "no_answer") for m in members]  # type: ignore[arg-type]
            return
        self._note(heard)
        yield heard

    def _without(self, members: Sequence[Member], refused: BadRows) -> Iterator[list[Outcome]]:
        named = {m.op_id: refused.rows[m.member_key] for m in members if m.member_key in refused.rows}
        if len(members) == 1:
            named = {members[0].op_id: named.get(members[0].op_id, refused.code)}
        self.is_doubtful |= refused.is_ambiguous
        if named:
            self._refused += len(named)
            # Refused now, but an attempt before it may have been applied: whoever is not asked again would stay.
            end: Literal["unknown", "rejected"] = "unknown" if self.is_doubtful else "rejected"
            yield [Outcome(op_id, end, code) for op_id, code in named.items()]
            members = [m for m in members if m.op_id not in named]
            if members:
                yield from self.send(members)
            return
        middle = len(members) // 2
        yield from self.send(members[:middle])
        yield from self.send(members[middle:])

    def _accounted(self, members: Sequence[Member], heard: Sequence[Outcome]) -> list[Outcome]:
        """Exactly one outcome per row: success of a row is proven by an answer about that row, or not at all."""
        by_id = {outcome.op_id: outcome for outcome in heard}
        return [by_id.get(m.op_id) or Outcome(m.op_id, "unknown", "not_accounted_for") for m in members]

    def _note(self, heard: Sequence[Outcome]) -> None:
        self._accepted += sum(outcome.outcome in ("accepted", "staged") for outcome in heard)
        if any(outcome.outcome in ("not_sent", "unknown") for outcome in heard):
            self.trouble = SyncError("the tool stopped answering", is_ambiguous=True)

    def _is_hopeless(self) -> bool:
        if self._refused >= MOST_REFUSED and not self._accepted:
            self.trouble = BadSetup(f"the tool refuses every row of {self.object}")
        return self.trouble is not None


def _not_understood(surprise: Exception) -> BadSetup:
    """The answer had a shape the connector does not know. Its text stays out: it may quote a person."""
    return BadSetup(f"the answer was not understood ({type(surprise).__name__})", is_ambiguous=True)
