"""From what happened to what every system writes down about it, stream by stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from sandbox import consent_exports, desk_exports, shop_exports, site_exports, till_exports, tool_exports
from sandbox.columns import Columns, join, size
from sandbox.day import Day
from sandbox.state import State
from sandbox.world import World

# What one stream writes: facts of some days, the decision ids behind their numbers, the day it is written on.
Writer = Callable[[World, Columns, pa.Array, int], pa.Table]

STREAMS: dict[str, Writer] = {
    "shop.orders": lambda w, f, d, day: shop_exports.orders(w, f, d, day),
    "shop.order_lines": lambda w, f, _d, _day: shop_exports.order_lines(w, f),
    "shop.refunds": lambda w, f, _d, _day: shop_exports.refunds(w, f),
    "pos.receipt_lines": lambda w, f, _d, _day: till_exports.receipt_lines(w, f),
    "pos.coupon_redemptions": lambda w, f, d, _day: till_exports.coupons(w, f, d),
    "klaviyo.events": lambda w, f, d, _day: tool_exports.events(w, f, d),
    "meta.campaign_insights": lambda w, f, _d, _day: tool_exports.insights(w, f),
    "site.events": lambda w, f, d, _day: site_exports.pages(w, f, d),
    "desk.tickets": lambda w, f, _d, day: desk_exports.tickets(w, f, day),
    "preferences.consents": lambda w, f, _d, _day: consent_exports.consents(w, f),
    "mailhouse.mailings": lambda w, f, d, _day: tool_exports.mailings(w, f, d),
}
REGISTERS = ("shop.accounts", "loyalty.members")  # written from who there is, not from what happened
CATALOGUES = ("shop.products", "mailhouse.campaign_products")


def facts_by_stream(world: World, state: State, happened: Day) -> Iterator[tuple[str, Columns]]:
    """The facts each stream will write; events get their numbers here."""
    yield "shop.orders", happened.orders
    yield "shop.order_lines", happened.lines
    yield "shop.refunds", happened.returns
    yield "pos.receipt_lines", till_exports.receipt_facts(happened.lines, happened.returns)
    yield "pos.coupon_redemptions", happened.coupons
    engagement = tool_exports.engagement_facts(world, happened.contacts, happened.optouts)
    yield "klaviyo.events", engagement | {"number": state.number("event", size(engagement))}
    yield "meta.campaign_insights", tool_exports.insight_facts(world, happened.contacts, happened.day)
    pages = site_exports.page_facts(happened.visits, happened.pages)
    yield "site.events", pages | {"number": state.number("page", size(pages))}
    yield "desk.tickets", happened.tickets
    grants = consent_exports.grant_facts(world, happened.day, happened.day)
    yield "preferences.consents", join([grants, consent_exports.withdrawal_facts(happened.optouts)])
    yield "mailhouse.mailings", tool_exports.letter_facts(world, happened.contacts)


def register(world: World, stream: str, first: int, last: int) -> pa.Table:
    """Accounts or members that are new or changed between two days."""
    table = shop_exports.accounts if stream == "shop.accounts" else till_exports.members
    return table(world, first, last)


def catalogue(world: World, stream: str) -> pa.Table:
    """Products, or the products letters offer."""
    return (
        shop_exports.products(world) if stream == "shop.products" else tool_exports.campaign_products(world)
    )


def decision_texts(decisions: list[str]) -> pa.Array:
    return pa.array(decisions, pa.string())


def numbered_decisions(decision_id: np.ndarray, known: list[str]) -> np.ndarray:
    """Adds the ids of a day's sends to the known ones; gives the number of each, -1 where there is none."""
    numbers = np.full(len(decision_id), -1, np.int32)
    rows = np.flatnonzero(decision_id != "")
    numbers[rows] = np.arange(len(known), len(known) + len(rows))
    known.extend(str(value) for value in decision_id[rows])
    return numbers
