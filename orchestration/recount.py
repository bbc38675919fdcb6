"""Count again, from what the tools received and what the sources delivered, whether any promise was broken.

Shares nothing with the models but the identifiers of the release that decided: no ledger, no fct_ table, no macro.
Works message by message, for a demonstration or a sample; the warehouse has its own set-wise tests.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from orchestration.paths import PROJECT, Home

Identity = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Contact:
    """One message a person was sent. `customer_id` is who Downbeat took them for on the day of sending."""

    customer_id: str
    day: date
    channel: str
    message_id: str
    campaign: str
    category: str
    exclusion_group: str
    product_id: str
    product_category: str
    ours: bool


@dataclass(frozen=True)
class Cap:
    """One row of seeds/caps.csv that counts per customer over rolling local days."""

    policy_id: str
    scope_type: str
    scope_key: str
    max_n: int
    window_days: int


@dataclass(frozen=True)
class Recount:
    """Broken promises, by kind; how many messages were looked at, and at how many a person was recognised."""

    messages: int
    recognised: int
    cap_breaches: int
    to_yesterdays_buyers: int
    referrals_in_a_bad_case: int


def read_caps() -> list[Cap]:
    """The caps that bind every single customer over rolling local days; the warehouse's own tests hold the others."""
    with (PROJECT / "seeds" / "caps.csv").open() as handle:
        rows = [row for row in csv.DictReader(handle) if row["unit"] == "customer" and row["segment"] == "*"]
    return [
        Cap(r["policy_id"], r["scope_type"], r["scope_key"], int(r["max_n"]), int(r["window_n"]))
        for r in rows
        if r["window_unit"] == "day" and r["window_kind"] == "rolling"
    ]


def identity_of(files: str) -> Identity:
    """(identifier type, identifier) to customer, as a release recognised them; shared ones name nobody."""
    query = f"""
        select identifier_type, identifier, customer_id from read_parquet('{files}')
        where not is_shared and customer_id is not null"""
    with duckdb.connect() as connection:
        return {(kind, value): customer for kind, value, customer in connection.execute(query).fetchall()}


def scope_value(contact: Contact, scope_type: str) -> str:
    """What a cap of this scope counts a contact under."""
    values = {
        "global": "all",
        "channel": contact.channel,
        "category": contact.category,
        "campaign": contact.campaign,
        "group": contact.exclusion_group,
        "message": contact.message_id,
        "product": contact.product_id,
        "product_category": contact.product_category,
    }
    return values.get(scope_type, "")


def cap_breaches(contacts: Sequence[Contact], caps: Iterable[Cap]) -> list[tuple[str, str, date]]:
    """Every (policy, customer, day) on which one of our own messages stood in a window that held too many."""
    by_customer: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_customer[contact.customer_id].append(contact)
    breaches = set()
    for cap in caps:
        for customer, theirs in by_customer.items():
            for contact in theirs:
                if contact.ours and over(contact, theirs, cap):
                    breaches.add((cap.policy_id, customer, contact.day))
    return sorted(breaches)


def over(contact: Contact, theirs: Sequence[Contact], cap: Cap) -> bool:
    """Whether the rolling window that ends on the day of this contact holds more than the cap allows."""
    value = scope_value(contact, cap.scope_type)
    if not value or cap.scope_key not in ("*", value):
        return False
    first = contact.day - timedelta(days=cap.window_days - 1)
    return (
        sum(first <= c.day <= contact.day and scope_value(c, cap.scope_type) == value for c in theirs)
        > cap.max_n
    )


def purchases(home: Home, identity: Identity) -> set[tuple[str, date, str]]:
    """(customer, day, product) for everything the sources say was bought under an identifier of one person."""
    query = f"""
        select 'account' as kind, account_id as value, placed_at as bought_at, product_id
        from read_parquet('{home.raw}/shop/orders/*.parquet') inner join
            (select order_id, product_id from read_parquet('{home.raw}/shop/order_lines/*.parquet')) using (order_id)
        where account_id is not null and status <> 'cancelled'
        union all
        select 'loyalty_card', loyalty_card, sold_at, product_id
        from read_parquet('{home.raw}/pos/receipt_lines/*.parquet')
        where loyalty_card is not null and kind = 'sale'"""
    with duckdb.connect() as connection:
        rows = connection.execute(query).fetchall()
    return {(identity[k, v], at_.date(), product) for k, v, at_, product in rows if (k, v) in identity}


def bad_cases(home: Home, identity: Identity, day: date) -> set[str]:
    """Customers with an open ticket, or a bad score in the last thirty days, as delivered before this day."""
    query = f"""
        with latest as (
            select *, row_number() over (partition by ticket_id order by updated_at desc, _loaded_at desc) as place
            from read_parquet('{home.raw}/desk/tickets/*.parquet') where updated_at < timestamp '{day} 06:00:00'
        )
        select lower(trim(email)) from latest
        where place = 1 and email is not null and (
            status in ('open', 'pending', 'new', 'hold')
            or (csat_score <= 2 and updated_at >= timestamp '{day} 06:00:00' - interval 30 days)
        )"""
    with duckdb.connect() as connection:
        rows = connection.execute(query).fetchall()
    return {identity[("email", email)] for (email,) in rows if ("email", email) in identity}
