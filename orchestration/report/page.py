"""The page, section by section, in the order a reader asks: what happened, what did not, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from orchestration.report.drawing import bars, columns, spoken, table, tiles
from orchestration.report.figures import Figures
from orchestration.report.measured import Measured
from orchestration.report.measured_page import measured_sections
from orchestration.report.style import STYLE

HELD_BACK = ("suppressed", "outranked", "held", "withheld")
"""The figures of fct_daily_numbers that count what was considered and not sent, by reason."""

TRUTH_WORDS = {
    "messages": "messages received",
    "messages_to_yesterdays_buyers_of_same_product": "… for a product bought the day before",
    "referral_asks_with_open_bad_case": "… asking for a referral during a bad service case",
    "days_over_cap": "person-days with more messages than the daily cap",
    "collisions": "person-days with two or more campaigns",
    "opt_outs": "opt-outs",
    "net_revenue": "net revenue",
    "marketing_cost": "marketing cost",
}


def page(found: Figures, scoreboard: Mapping[str, Mapping[str, float]], told: Measured) -> str:
    """The whole document as HTML text; nothing in it is fetched from anywhere."""
    sections = "".join(f"<section>{section}</section>" for section in _sections(found, scoreboard, told))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Downbeat in numbers</title><style>{STYLE}</style></head><body>{_head(found)}{sections}"
        f'<footer class="quiet">{_foot(found)}</footer></body></html>\n'
    )


def _head(found: Figures) -> str:
    held_back = sum(found.total(metric) for metric in HELD_BACK)
    orders = found.total("orders_by_last_click")
    rows = [
        ("people reached", float(found.people_reached), "on any channel, ad audiences not counted"),
        ("messages", found.total("messages_sent"), "ours and other tools'"),
        ("messages held back", held_back, "each with its reason below"),
        (
            "collisions avoided",
            found.total("collisions_avoided"),
            "person-days that wanted two campaigns or more",
        ),
        ("collisions left", found.total("collisions"), "person-days with two campaigns or more"),
        ("orders", orders, "web and till"),
    ]
    return (
        f"<header><h1>Downbeat in numbers</h1><p class='quiet'>{found.first:%d %b %Y} to {found.last:%d %b %Y}</p>"
        f"{tiles(rows)}</header>"
    )


def _sections(found: Figures, scoreboard: Mapping[str, Mapping[str, float]], told: Measured) -> Iterator[str]:
    if scoreboard:
        yield _truth(scoreboard)
    changes, *measured = measured_sections(told)
    yield changes
    messages = columns(found.by_day("messages_sent"), found.first, found.last, found.live_since)
    yield f"<h2>Messages by day and channel</h2>{messages}"
    yield (
        "<h2>What was held back, and why</h2>"
        "<p class='quiet'>The first reason of every message that was considered and not sent.</p>"
        + bars(_held_back(found), "no message was considered in these days")
    )
    yield from measured
    yield _orders(found)
    yield from _letters(found)
    yield _identity(found)
    yield _lists(found)
    yield _quarantine(found)


def _truth(scoreboard: Mapping[str, Mapping[str, float]]) -> str:
    names = list(dict.fromkeys(name for figures in scoreboard.values() for name in figures))
    rows = [
        [
            TRUTH_WORDS.get(name, spoken(name)),
            *(_known(figures, name) for figures in scoreboard.values()),
        ]
        for name in names
    ]
    return (
        "<h2>The same people, the same luck</h2><p class='quiet'>From the simulator's own books, which no model"
        f" reads: true persons, not our customers.</p>{table(['', *scoreboard], rows)}"
    )


def _known(figures: Mapping[str, float], name: str) -> object:
    return float(figures[name]) if name in figures else "–"


def _held_back(found: Figures) -> list[tuple[str, float]]:
    rows = [row for metric in HELD_BACK for row in found.by_breakdown(metric)]
    return sorted(rows, key=lambda row: -row[1])


def _orders(found: Figures) -> str:
    revenue = dict(found.by_breakdown("revenue_by_last_click"))
    cost = dict(found.by_breakdown("cost"))
    orders = dict(found.by_breakdown("orders_by_last_click"))
    rows = [
        (spoken(name), orders.get(name, 0.0), revenue.get(name, 0.0), cost.get(name, 0.0))
        for name in {**orders, **cost}
    ]
    return (
        "<h2>Orders by last click</h2><p class='quiet'><strong>Association, not effect</strong>: these orders came"
        " after a click. How many would have come anyway, this table cannot say.</p>"
        + table(["channel", "orders", "revenue", "cost"], rows)
    )


def _letters(found: Figures) -> Iterator[str]:
    """Only where there is something to tell: letters that overlap, or that offer what was just bought."""
    if found.campaign_days:
        rows = [(f"{count} at once", float(days)) for count, days in found.campaign_days]
        yield f"<h2>Letter campaigns running at once</h2><p class='quiet'>Customer-days.</p>{bars(rows)}"
    if found.offered_after_purchase:
        yield (
            "<h2>Offered what had just been bought</h2>"
            f"{table(['channel', 'contacts', 'customers'], found.offered_after_purchase)}"
        )


def _identity(found: Figures) -> str:
    kinds = table(["identifier", "known", "of a customer"], found.identifiers)
    return f"<h2>Who is who</h2>{table(['', 'count'], found.identity)}{kinds}"


def _lists(found: Figures) -> str:
    rows = [
        (x.sync_id, x.wanted, x.held, x.missing, "–" if x.mode == "append" else x.extra, x.destination)
        for x in found.lists
    ]
    head = ["list", "wanted", "accepted", "missing", "extra", "tool"]
    return (
        "<h2>Lists and what the tools acknowledged</h2><p class='quiet'>Accepted counts what a tool accepted and"
        f" was not asked to remove; messages count since the beginning.</p>{table(head, rows)}"
    )


def _quarantine(found: Figures) -> str:
    rows = sorted(found.quarantine, key=lambda row: (-row[2], row[0]))
    return (
        "<h2>What arrived, and what was put aside</h2><p class='quiet'>Rows put aside stay in quarantine with file,"
        f" line and reason.</p>{table(['stream', 'rows kept', 'put aside'], rows)}"
    )


def _foot(found: Figures) -> str:
    manifest = found.release.manifest
    return escape(
        f"Release {found.release.release_id} ({manifest['verdict']}), as of {manifest['as_of']} UTC, engine"
        f" {manifest['engine']}, policy {manifest['policy_version']}, data {str(manifest['data_version'])[:12]}."
    )
