"""What experiments say: one question at a time, in plain words, with intervals; then messages at one pressure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from orchestration.report.drawing import span, spoken, table
from orchestration.report.measured import TOO_FEW, Measured

QUESTIONS = {
    (
        "ghosts",
        "against silence",
    ): "Where it would have been sent: what does it bring, against nothing at all?",
    ("ghosts", "against what would have been sent instead"): (
        "Where it would have been sent: what does it bring, against the message that goes out in its place?"
    ),
    (
        "intention to treat",
        "against silence",
    ): "Over everybody drawn: what does it bring, against nothing at all?",
    ("intention to treat", "against what would have been sent instead"): (
        "Over everybody drawn: what does it bring, against the messages that go out in its place?"
    ),
    (
        "intention to treat",
        "against the usual treatment",
    ): "Over everybody drawn: what does another cap change?",
}
NOT_TRIED = "not tried"
"""How the verdict of fct_message_efficacy begins where nothing is withheld of a message."""


def lift(found: Measured) -> str:
    """The section of experiments, a table per question."""
    asked: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for analysis, question, *row in found.rows["lifts"]:
        asked.setdefault((str(analysis), str(question)), []).append(tuple(row))
    known = [key for key in QUESTIONS if key in asked] + [key for key in asked if key not in QUESTIONS]
    told = "".join(_question(QUESTIONS.get(key, ", ".join(key)), asked[key]) for key in known)
    return (
        "<h2>Lift</h2><p class='quiet'>Drawn by lot, adjusted for what people did before; intervals of 95 % that hold"
        f" however often one looks.</p>{told or table([], [])}{_leaks(found)}"
    )


def _question(words: str, rows: Sequence[tuple[Any, ...]]) -> str:
    told, small = [], []
    for experiment, metric, arm, middle, low, high, verdict, *_ in rows:
        name = spoken(experiment) + ("" if arm == "treated" else f", {spoken(arm)}")
        if verdict == TOO_FEW:
            small.append(name)
        else:
            figure = "withheld" if middle is None else span(middle, low, high)
            told.append((f"{name}: {spoken(metric)}", figure, verdict))
    few = f"<p class='quiet'>{TOO_FEW.capitalize()} yet: {escape(_listed(small))}.</p>" if small else ""
    shown = table(["", "per person", "verdict"], told) if told else ""
    return f"<h3>{escape(words)}</h3>{shown}{few}"


def _listed(names: Sequence[str]) -> str:
    """Each once, in order."""
    return ", ".join(dict.fromkeys(names))


def _leaks(found: Measured) -> str:
    """Who was reached although held out, and who was drawn twice before a merge."""
    rows = []
    for analysis, question, experiment, metric, _, *_, reached, crossed in found.rows["lifts"]:
        kept = (analysis, question, metric) == ("intention to treat", "against silence", "orders")
        if kept and reached is not None:
            rows.append((spoken(experiment), _percent(reached), _percent(crossed or 0)))
    head = ["", "held out, reached all the same", "in two arms since a merge"]
    return f"<h3>How well arms were kept apart</h3>{table(head, rows)}" if rows else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def efficacy(found: Measured) -> str:
    """Messages compared at the pressure all of them share, beside the two figures that mislead."""
    rows, untried = [], []
    for message, common, low, high, as_sent, clicks, verdict in found.rows["efficacy"]:
        if str(verdict).startswith(NOT_TRIED):
            untried.append(spoken(message))
        else:
            rows.append((spoken(message), *_figures(common, low, high, as_sent, clicks), verdict))
    rest = f"<p class='quiet'>Nothing is withheld of: {escape(_listed(untried))}.</p>" if untried else ""
    return (
        "<h2>Messages at one pressure</h2><p class='quiet'>People who order because of it, per person sent to, where"
        " all messages on trial are sent equally often. For contrast: as sent mixes the message with when it is sent;"
        " clicks are credit, not effect.</p>"
        + table(["message", "effect", "as sent", "by clicks", "verdict"], rows, "no message is on trial")
        + rest
    )


def _figures(common: Any, low: Any, high: Any, as_sent: Any, clicks: Any) -> Iterator[str]:
    yield "unknown" if common is None else span(common, low, high)
    yield from ("–" if value is None else span(value, None, None) for value in (as_sent, clicks))
