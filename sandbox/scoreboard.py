"""How a period went for true persons, from the simulator's own books; and how well persons were recognised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np

from sandbox.books import Books
from sandbox.catalogue import PAID, Messages
from sandbox.columns import Columns, pick
from sandbox.history import day_number
from sandbox.noise import Array
from sandbox.retailer import Retailer
from sandbox.service import BAD_SCORE_DAYS
from sandbox.ticket_texts import COMPLAINT, LEAVING
from sandbox.truth import contact_points

DAILY_AND_WEEKLY = {1: 2, 7: 4}  # window in days: messages a person should get at most


def scoreboard(
    books: Books, first: date, last: date, caps: Mapping[int, int] = DAILY_AND_WEEKLY
) -> dict[str, float]:
    """Figures of the days first to last, both included. Money in the shop's currency, net of returns.

    Ads count as ad_exposures, not as messages; transactional mail and what does not count to caps breaks no cap.
    caps: window in days to the most messages in it; a person-day is over when any window that ends on it holds more.
    "Yesterday's buyers": of orders that carry an identifier (web, own card); anonymous ones are counted apart.
    """
    start, end = day_number(first), day_number(last)
    messages = Messages.read()
    longest = max(caps, default=1)
    window = books.between("sends", start - longest + 1, end)
    sends = pick(window, np.flatnonzero(window["day"] >= start))
    is_ad = messages.channel[sends["message"]] == PAID
    bought = _bought_yesterday(books, sends, start, end, known=True)
    unseen = _bought_yesterday(books, sends, start, end, known=False)
    referral = messages.is_referral[sends["message"]]
    return {
        "messages": int((~is_ad).sum()),
        "ad_exposures": int(is_ad.sum()),
        "messages_to_yesterdays_buyers_of_same_product": int(bought.sum()),
        "messages_to_yesterdays_anonymous_buyers": int((unseen & ~bought).sum()),
        "referral_asks_with_open_bad_case": int((referral & in_bad_case(books, sends)).sum()),
        "days_over_cap": _days_over(window, messages, start, caps),
        "collisions": _collisions(pick(sends, np.flatnonzero(~is_ad)), messages),
        "opt_outs": len(books.between("optouts", start, end)["person"]),
        **_money(books, sends, messages, start, end),
    }


def _money(books: Books, sends: Columns, messages: Messages, start: int, end: int) -> dict[str, float]:
    lines, returns = books.between("lines", start, end), books.between("returns", start, end)
    caused = lines["cause"] >= 0
    return {
        "orders": len(np.unique(lines["order"])),
        "caused_orders": len(np.unique(lines["order"][caused])),
        "net_revenue": round(float(lines["cents"].sum() - returns["cents"].sum()) / 100, 2),
        "caused_revenue": round(float(lines["cents"][caused].sum()) / 100, 2),
        "marketing_cost": round(float(messages.cost_cents[sends["message"]].sum()) / 100, 2),
        "irritation": round(float(sends["irritation"].sum()), 1),
    }


def _key(day: Array, person: Array, product: Array) -> Array:
    key: Array = (day.astype(np.int64) << 44) | (person.astype(np.int64) << 16) | product.astype(np.int64)
    return key


def _bought_yesterday(books: Books, sends: Columns, start: int, end: int, known: bool) -> Array:
    """Mask of sends that promote a product their reader bought the day before."""
    lines = books.between("lines", start - 1, end)
    lines = pick(lines, np.flatnonzero(lines["is_known"] == known))
    yesterday = _key(sends["day"] - 1, sends["person"], np.maximum(sends["product"], 0))
    found = np.isin(yesterday, _key(lines["day"], lines["person"], lines["product"]))
    return found & (sends["product"] >= 0)


def in_bad_case(books: Books, sends: Columns) -> Array:
    """Mask of sends to people who that morning had an open complaint or a bad score of the last 30 days."""
    tickets = books.all("tickets")
    upset = np.isin(tickets["kind"], [COMPLAINT, LEAVING])
    bad = (tickets["score"] > 0) & (tickets["score"] <= 2)
    spans = [
        (tickets["person"][upset], tickets["day"][upset] + 1, tickets["solved_on"][upset]),
        (tickets["person"][bad], tickets["rated_on"][bad] + 1, tickets["rated_on"][bad] + BAD_SCORE_DAYS),
    ]
    found = np.zeros(len(sends["person"]), bool)
    for person, begins, ends in spans:
        longest = int((ends - begins).max(initial=-1)) + 1
        for ahead in range(longest):
            days = np.flatnonzero(begins + ahead <= ends)
            open_on = _key(begins[days] + ahead, person[days], np.zeros(len(days), np.int64))
            found |= np.isin(_key(sends["day"], sends["person"], np.zeros(len(found), np.int64)), open_on)
    return found


def _days_over(window: Columns, messages: Messages, start: int, caps: Mapping[int, int]) -> int:
    """Person-days whose rolling window holds more counted messages than allowed."""
    counted = pick(window, np.flatnonzero(messages.counts_to_caps[window["message"]]))
    if not len(counted["person"]):
        return 0
    people, person = np.unique(counted["person"], return_inverse=True)
    first = int(counted["day"].min())
    day = counted["day"] - first
    held = np.zeros((len(people), int(day.max()) + 1), np.int32)
    np.add.at(held, (person, day), 1)
    total = np.cumsum(held, axis=1)
    over = np.zeros(held.shape, bool)
    for days, most in caps.items():
        earlier = np.zeros_like(total)
        earlier[:, days:] = total[:, :-days]
        over |= (total - earlier > most) & (held > 0)
    return int(over[:, max(0, start - first) :].sum())


def _collisions(sends: Columns, messages: Messages) -> int:
    """Person-days with messages of two or more marketing campaigns."""
    rows = np.flatnonzero(messages.is_marketing[sends["message"]])
    names = sorted(set(messages.campaigns))
    campaign = np.array([names.index(c) for c in messages.campaigns])[sends["message"][rows]]
    key = np.unique(_key(sends["day"][rows], sends["person"][rows], campaign))
    return int((np.unique(key >> 16, return_counts=True)[1] >= 2).sum())


PAIRS = """
    with sole as (
        select identifier_type, identifier, min(person_id) as person from truth group by all having count(*) = 1
    ), seen as (
        select sole.person, found.customer_id as customer from sole
        join read_parquet('{identifiers}') as found using (identifier_type, identifier) where not found.is_shared
    ), known as (select * from seen where customer is not null),
    agreed as (select count(*) as n from known group by person, customer),
    persons as (select count(*) as n from known group by person),
    customers as (select count(*) as n from known group by customer),
    everything as (select count(*) as n from seen group by person)
    select (select sum(n * (n - 1)) from agreed), (select sum(n * (n - 1)) from customers),
        (select sum(n * (n - 1)) from persons), (select sum(n * (n - 1)) from everything),
        (select count(*) from known)"""


def identity_quality(identifiers: str, retailer: Retailer) -> dict[str, float]:
    """Pairwise precision and recall of who-is-who. identifiers: Parquet files of dim_customer_identifiers.

    Over pairs of identifiers that belong to one true person each, were not set aside as shared and were given to a
    customer: precision is the share of pairs under one customer that are one person, recall the share of one person's
    pairs under one customer. recall_of_all also counts identifiers given to nobody: browsers that never log in and
    cards never shown with a name, which no evidence could place.
    """
    with duckdb.connect() as base:
        base.register("truth", contact_points(retailer.world))
        found = base.execute(PAIRS.format(identifiers=identifiers)).fetchall()[0]
    right, customers, persons, everything, count = (float(value or 0) for value in found)
    return {
        "precision": right / max(1.0, customers),
        "recall": right / max(1.0, persons),
        "recall_of_all": right / max(1.0, everything),
        "identifiers": count,
    }
