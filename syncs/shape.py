"""What passes between Downbeat and a tool: pages read, members written, outcomes heard, answers parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from syncs.errors import TryLater

Change = Literal["add", "update", "remove"]
PASSING = frozenset({"conflict", "locked", "busy"})  # codes of refusals that may pass by themselves


@dataclass(frozen=True)
class Page:
    """Records as the stream contract names them. `cursor`: ISO moment up to which the stream has been read."""

    records: list[dict[str, object]]
    cursor: str | None


@dataclass(frozen=True)
class Member:
    """One row to write. `identity` is exactly what the tool will see; a removal has the one it was added with."""

    op_id: str
    member_key: str
    identity: dict[str, object]
    payload: dict[str, object]
    decision_id: str | None

    @property
    def request_id(self) -> str:
        """Our id of the request: operation ids are `<request id>.<number>`."""
        return self.op_id.rpartition(".")[0] or self.op_id

    @property
    def message_key(self) -> str:
        """What makes a repeat recognisable to the tool: the decision, else the member."""
        return self.decision_id or self.member_key


@dataclass(frozen=True)
class Outcome:
    """What became of one row: accepted, rejected, unknown, staged (a job runs on) or not_sent."""

    op_id: str
    outcome: Literal["accepted", "rejected", "unknown", "staged", "not_sent"]
    code: str = ""
    job_id: str = ""


@dataclass(frozen=True)
class Answer:
    """A tool's answer with its JSON already parsed; `body` is None when there was none."""

    status: int
    headers: Mapping[str, str]
    body: Any = None

    def get(self, *path: str | int) -> Any:
        """The value at `path`. Raises TryLater (ambiguous) where the answer lacks it: success without proof."""
        value = self.body
        if value is None:
            raise TryLater("the answer is empty", is_ambiguous=True)
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                raise TryLater("the answer lacks what the tool promises", is_ambiguous=True) from None
        return value

    def find(self, *path: str | int) -> Any:
        """The value at `path`, or None."""
        try:
            return self.get(*path)
        except TryLater:
            return None


@dataclass(frozen=True)
class Codes:
    """A tool's own codes, said in its bodies and with some in a 200: where one stands, and what each asks of us.

    `fine` holds what stands there when all is well. A code in none of the sets is a refusal of the rows.
    """

    path: tuple[str | int, ...] = ()
    fine: frozenset[object] = frozenset({None})
    busy: frozenset[object] = frozenset()
    key: frozenset[object] = frozenset()
    down: frozenset[object] = frozenset()

    def of(self, answer: Answer) -> object:
        return answer.find(*self.path) if self.path else None

    def is_fine(self, answer: Answer) -> bool:
        return not self.path or answer.status >= 300 or self.of(answer) in self.fine


@dataclass(frozen=True)
class Example:
    """An ordinary write: one member of `object`, and what a tool without a sandbox server would answer."""

    object: str
    identity: Mapping[str, Any]
    payload: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    answer: Any = field(default_factory=dict)
