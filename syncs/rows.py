"""Small shapes of writing: one row at a time, rows in groups, and everyone accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from syncs.errors import BadRows, SyncError
from syncs.shape import Member, Outcome


def all_accepted(members: Iterable[Member], code: str = "") -> list[Outcome]:
    return [Outcome(member.op_id, "accepted", code) for member in members]


def except_for(members: Iterable[Member], refused: Mapping[str, str]) -> list[Outcome]:
    """Accepted, but for those whose op_id is in `refused` (op_id → code)."""
    return [
        Outcome(m.op_id, "rejected", refused[m.op_id]) if m.op_id in refused else Outcome(m.op_id, "accepted")
        for m in members
    ]


def one_by_one(members: Sequence[Member], send: Callable[[Member], Outcome]) -> list[Outcome]:
    """`send` one member after another. When the tool stops answering, the rest were not sent.

    Raises the SyncError itself where nothing was accepted before it, so that the caller knows why.
    """
    outcomes: list[Outcome] = []
    for member in members:
        try:
            outcomes.append(send(member))
        except BadRows as refused:
            outcomes.append(Outcome(member.op_id, "rejected", refused.code))
        except SyncError as trouble:
            if len(members) == 1 or not (outcomes or trouble.is_ambiguous):
                raise
            outcomes.append(
                Outcome(member.op_id, "unknown" if trouble.is_ambiguous else "not_sent", "no_answer")
            )
            return outcomes + [Outcome(m.op_id, "not_sent", "no_answer") for m in members[len(outcomes) :]]
    return outcomes
