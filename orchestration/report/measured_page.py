"""The sections of measurement: what to change first, then what it rests on, each figure with its interval or none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from html import escape
from typing import Any

from orchestration.paths import PROJECT
from orchestration.report.drawing import number, span, spoken, table
from orchestration.report.effects_page import efficacy, lift
from orchestration.report.measured import MOST_CHANGES, Measured


def measured_sections(found: Measured) -> Iterator[str]:
    """HTML by section; every section is there, and says so where there is nothing yet."""
    charts = found.charts()
    yield _changes(found)
    yield _attribution(found) + _pictures(charts, "orders brought")
    yield lift(found) + _pictures(charts, "lift")
    yield efficacy(found)
    yield _pressure(found) + _pictures(charts, "pressure")
    yield _scores(found) + _pictures(charts, "calibration", "drift")
    yield _words(found)
    yield _agreement(found)


def _pictures(charts: dict[str, str], *kinds: str) -> str:
    return "".join(
        f'<figure><img alt="{escape(title)}" src="{image}"><figcaption>{escape(title)}</figcaption></figure>'
        for title, image in charts.items()
        if title.startswith(kinds)
    )


def _changes(found: Measured) -> str:
    items = "".join(_change(row) for row in found.rows["changes"][:MOST_CHANGES])
    shown = f"<ol class='changes'>{items}</ol>" if items else "<p class='quiet'>nothing to change today</p>"
    return (
        "<h2>What to change</h2><p class='quiet'>Measured effects first, with their interval; where nothing was drawn"
        f" by lot the effect is unknown, and says so.</p>{shown}"
    )


def _change(row: tuple[Any, ...]) -> str:
    kind, advice, reason, effect, low, high, unit, seed_file, seed_key = row
    told = unit if effect is None else f"{span(effect, low, high)} {unit}"
    return (
        f"<li><b>{escape(kind)}: {escape(subject(seed_key))}</b> {escape(advice)}<small>{escape(reason)}</small>"
        f"<small>{escape(told)}</small><code>{escape(place_of(seed_file, seed_key))}</code></li>"
    )


def subject(seed_key: str) -> str:
    """What a row of a seed is called."""
    return seed_key.partition("=")[2]


def place_of(seed_file: str, seed_key: str) -> str:
    """file:line of a seed's row, and its key; without a line where the row is gone."""
    column, _, value = seed_key.partition("=")
    path = PROJECT / seed_file
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                if row.get(column) == value:
                    return f"{seed_file}:{line} ({seed_key})"
    return f"{seed_file} ({seed_key})"


def _attribution(found: Measured) -> str:
    rows = [
        (
            spoken(channel),
            float(last or 0),
            float(shared or 0),
            "–" if roas is None else float(roas),
            "none" if evidence == "none" else f"{_ends(middle, low, high)}, {spoken(evidence)}",
        )
        for channel, last, shared, roas, middle, low, high, evidence in found.rows["channels"]
    ]
    changed = [
        (month, spoken(channel), float(earlier), float(now), reason)
        for month, channel, earlier, now, reason in found.rows["restated"]
    ]
    head = ["month", "channel", "orders before", "now", "why"]
    restated = "<h3>Published before, and changed since</h3>" + table(head, changed) if changed else ""
    return (
        "<h2>Attribution</h2><p class='quiet'><strong>Credit is not effect.</strong> Last touch and Shapley divide the"
        " orders of the last month among those who were there, and ROAS is revenue so credited per unit of money"
        " spent; only what a holdout says was brought.</p>"
        + table(["channel", "last touch", "Shapley", "ROAS", "brought, by a holdout"], rows)
        + restated
    )


def _ends(middle: Any, low: Any, high: Any) -> str:
    return "unknown" if None in (middle, low, high) else f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"


def _pressure(found: Measured) -> str:
    rows = [
        (name, "unknown" if None in (value, low, high) else span(value, low, high), verdict, cap or "–")
        for name, value, low, high, verdict, cap in found.rows["curve"]
    ]
    return (
        "<h2>Pressure</h2><p class='quiet'>What one more message of a week is worth, where caps were drawn by lot.</p>"
        + table(["message", "net value per week", "verdict", "suggested cap"], rows)
    )


def _scores(found: Measured) -> str:
    rows = [
        (spoken(model), "in force" if in_force else "not published", reason)
        for model, _, in_force, reason in found.rows["models"]
    ]
    stages = table(["lifecycle", "customers"], [(name, count) for name, count in found.rows["stages"]])
    return (
        "<h2>Scores</h2><p class='quiet'>A model that does not beat its baselines on the last days is not published;"
        " messages then go by the base rates of their seed.</p>"
        + table(["model", "", "why"], rows, "nothing learned yet")
        + stages
    )


def _words(found: Measured) -> str:
    rows = [
        (signal, way, *("–" if rate is None else f"{100 * rate:.0f} %" for rate in (precision, recall)))
        for signal, way, precision, recall in found.rows["words"]
    ]
    return (
        "<h2>Signals in words</h2><p class='quiet'>Counted on sentences that nothing was learned from.</p>"
        + table(["signal", "found by", "right", "of all"], rows)
    )


def _agreement(found: Measured) -> str:
    rows = [(verdict, number(float(count))) for verdict, count in found.rows["agreement"]]
    return "<h2>Agreement</h2><p class='quiet'>What tools sent against what was decided.</p>" + table(
        ["", "sends"], rows
    )
