"""Small shapes of writing: one row at a time, rows in groups, and everyone accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from syncs.errors import BadRows, SyncError
from syncs.shape import Member, Outcome


def all_accepted(members: Iterable[Member], code: str = "") -> list[Outcome]:
    return [Outcome(member.op_id, "accepted", code) for member in members]


def not_sent(members: Iterable[Member], code: str) -> list[Outcome]:
    """To be sent again by the next run."""
    return [Outcome(member.op_id, "not_sent", code) for member in members]


def except_for(members: Iterable[Member], refused: Mapping[str, str]) -> list[Outcome]:
    """Accepted, but for those whose op_id is in `refused` (op_id → code)."""
    return [
        Outcome(m.op_id, "rejected", refused[m.op_id]) if m.op_id in refused else Outcome(m.op_id, "accepted")
        for m in members
    ]


def by_kind(members: Iterable[Member]) -> dict[str, list[Member]]:
    """Members by the first identifier they carry; nothing is under an empty value."""
    kinds: dict[str, list[Member]] = {}
    for member in members:
        kind = next((kind for kind, value in member.identity.items() if value), "")
        kinds.setdefault(kind, []).append(member)
    return kinds


def renamed(member: Member, names: Mapping[str, str]) -> dict[str, object]:
    """The identity under the tool's names; what is empty or has no name there is left out."""
    return {names[kind]: value for kind, value in member.identity.items() if kind in names and value}


def identified(
    members: Sequence[Member], is_usable: Callable[[Member], object]
) -> tuple[list[Member], list[Outcome]]:
    """Who can be sent, and the refusal of everybody without a usable identifier."""
    kept = [member for member in members if is_usable(member)]
    ids = {member.op_id for member in kept}
    return kept, [Outcome(m.op_id, "rejected", "no_identifier") for m in members if m.op_id not in ids]


def by_consent(members: Sequence[Member]) -> tuple[list[Member], list[Member], list[Outcome]]:
    """Who consented, of whom nothing is said (so nothing is claimed), and the refusal of everybody else."""
    consented = [m for m in members if m.payload.get("customer_consent") is True]
    silent = [m for m in members if "customer_consent" not in m.payload]
    told = {m.op_id for m in (*consented, *silent)}
    return (
        consented,
        silent,
        [Outcome(m.op_id, "rejected", "no_consent") for m in members if m.op_id not in told],
    )


def one_by_one(members: Sequence[Member], send: Callable[[Sequence[Member]], list[Outcome]]) -> list[Outcome]:
    """`send` each member by itself."""
    return in_turn([[member] for member in members], send)


def in_turn(
    groups: Sequence[Sequence[Member]], send: Callable[[Sequence[Member]], list[Outcome]]
) -> list[Outcome]:
    """`send` one group after another. When the tool stops answering, the groups after that were not sent.

    Raises the SyncError itself where nothing was accepted before it, so that the caller knows why, and BadRows
    for a group of several, so that the caller can halve it.
    """
    outcomes: list[Outcome] = []
    for place, group in enumerate(groups):
        try:
            outcomes += send(group)
        except BadRows as refused:
            if len(group) > 1:
                raise
            outcomes += [Outcome(member.op_id, "rejected", refused.code) for member in group]
        except SyncError as trouble:
            if len(groups) == 1 or not (outcomes or trouble.is_ambiguous):
                raise
            end: Literal["unknown", "not_sent"] = "unknown" if trouble.is_ambiguous else "not_sent"
            outcomes += [Outcome(member.op_id, end, "no_answer") for member in group]
            rest = [member for later in groups[place + 1 :] for member in later]
            return outcomes + [Outcome(member.op_id, "not_sent", "no_answer") for member in rest]
    return outcomes
