"""The answer for people, in the order of their questions: who, where they stand, what was said or not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.why.answer import Considered, Explanation, Receipt

COLOURS = {"send": "green", "suppress": "red", "lose": "yellow", "hold": "cyan", "withhold": "magenta"}
OUTCOMES = {
    "send": "sent on",
    "suppress": "suppressed",
    "lose": "lost",
    "hold": "held",
    "withhold": "withheld",
}


def show(explanation: Explanation, console: Console) -> None:
    """Prints the whole answer."""
    console.print(Group(*parts(explanation)))


def parts(answer: Explanation) -> Iterator[RenderableType]:
    """The answer, piece by piece."""
    yield _who(answer)
    yield _identifiers(answer)
    if answer.links:
        yield _links(answer)
    yield _standing(answer)
    if answer.programmes:
        yield _programmes(answer)
    yield _considered(answer)
    yield _contacts(answer)
    if answer.memberships:
        yield _memberships(answer)
    yield Text(f"\nrelease {answer.release_id}, as of {moment(answer.as_of)} UTC", style="dim")


def _who(answer: Explanation) -> Text:
    told = Text(f"{answer.customer_id}", style="bold")
    told.append(f"  asked as {answer.asked}\n" if answer.asked != answer.customer_id else "\n", style="dim")
    if answer.former_ids:
        told.append(f"  earlier known as {', '.join(answer.former_ids)}\n", style="default")
    facts = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in answer.profile.items()
        if value not in (None, "")
    ]
    told.append("  " + " · ".join(facts) + "\n", style="not bold")
    return told


def _identifiers(answer: Explanation) -> Table:
    table = _table("Known by", "kind", "identifier", "sources", "first seen", "last seen")
    for each in answer.identifiers:
        note = f"{each.source_count}" + (" (shared)" if each.is_shared else "")
        table.add_row(
            each.identifier_type, each.identifier, note, day(each.first_seen_at), day(each.last_seen_at)
        )
    return table


def _links(answer: Explanation) -> Table:
    table = _table("On this evidence", "one", "other", "rule", "seen", "in", "verdict")
    for link in answer.links:
        verdict = (
            Text("joined", "green") if link.is_accepted else Text(f"refused: {link.refusal_reason}", "red")
        )
        table.add_row(link.left, link.right, link.rule, f"{link.evidence_count}×", link.sources, verdict)
    return table


def _standing(answer: Explanation) -> Table:
    table = _table("Where they stand", "", "what", "why", "until")
    for each in answer.standing:
        what = f"{each.audience} {each.scope_key}".strip()
        table.add_row(each.kind, what, each.reason, day(each.expires_at) or "–")
    for channel, consent in answer.consents.items():
        table.add_row("consent", channel, consent, "")
    return table


def _programmes(answer: Explanation) -> Table:
    table = _table("In programmes", "since", "programme", "now", "why", "what came of the steps")
    for each in answer.programmes:
        now = (
            f"step {each.step}, {each.message_id}"
            if each.status in ("live", "suspended") and each.step
            else ""
        )
        status = f"{each.status}\n{now}".strip()
        table.add_row(day(each.entered_at), each.programme, status, each.moved_because, "\n".join(each.steps))
    return table


def _considered(answer: Explanation) -> RenderableType:
    first, last = answer.window
    span = f"on {last}" if first == last else f"from {first} to {last}"
    if not answer.considered:
        return Text(f"\nNo message was considered {span}.")
    table = _table(f"Considered {span}", "when", "message", "outcome", "why", "the tool said")
    for each in answer.considered:
        outcome = Text(OUTCOMES.get(each.outcome, each.outcome), COLOURS.get(each.outcome, ""))
        what = f"{each.message_id}\n{each.channel}, {each.campaign}"
        table.add_row(moment(each.decided_at), what, outcome, why(each), said(each.receipts))
    return table


def why(each: Considered) -> str:
    """All reasons in words, and to whom it lost or until when it is held, and what had to be different."""
    told = list(each.reasons) or ["nothing spoke against it"]
    if each.lost_to:
        told.append(f"the room went to {each.lost_to}")
    if each.hold_until and each.outcome == "hold":
        told.append(f"until {moment(each.hold_until)}")
    if each.otherwise:
        told.append(each.otherwise)
    if each.decision_id and each.send_after:
        told.append(f"decision {each.decision_id}, not before {moment(each.send_after)}")
    return "\n".join(told)


def said(receipts: tuple[Receipt, ...]) -> str:
    """What the tool answered, one line an answer."""
    return "\n".join(
        f"{r.change} {r.outcome} {r.code}".strip() + f", {moment(r.finished_at)}" for r in receipts
    )


def _contacts(answer: Explanation) -> RenderableType:
    if not answer.contacts:
        return Text("\nNo contact by anyone is known.")
    table = _table("Contacts, newest first", "when", "channel", "campaign", "message", "state", "by", "")
    for each in answer.contacts:
        bought = Text(each.bought_before, "red")
        table.add_row(
            moment(each.counted_at), each.channel, each.campaign, each.message_id, each.state, each.by, bought
        )
    return table


def _memberships(answer: Explanation) -> Table:
    table = _table("Belongs on", "list", "the tool said")
    for each in answer.memberships:
        table.add_row(each.sync_id, said((each.receipt,)) if each.receipt else "nothing yet")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(
        *columns, title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for column in table.columns:
        column.header_style, column.overflow = "dim", "fold"
    return table


def moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""


def day(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d}" if when else ""
