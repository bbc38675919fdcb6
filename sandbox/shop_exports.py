"""What the web shop's API shows: accounts, orders, lines, refunds and the catalogue."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sandbox.columns import (
    Columns,
    digits,
    export,
    join,
    moments,
    money,
    pick,
    take,
    text,
    where,
)
from sandbox.noise import Array, scramble
from sandbox.people import SECOND_ACCOUNT_AFTER
from sandbox.typed import postcodes, typed_address, typed_email, typed_names, typed_phone
from sandbox.world import World

SHIPPED_AFTER, DELIVERED_AFTER = 1, 3  # days
REASONS = [
    "Changed my mind",
    "Does not fit",
    "Damaged",
    "Not as described",
    "Gift, not wanted",
    "Zu spät geliefert",
]
SIGN_UP_HOUR, OFFICE_HOUR = 7 * 3600, 10 * 3600


def accounts(world: World, first: int, last: int) -> pa.Table:
    """Accounts opened or moved from the first day to the last, as they stand at the end of the last."""
    facts = join([_accounts_of(world, slot, first, last) for slot in (0, 1)])
    person, slot = facts["person"], facts["slot"]
    german = world.people.homes.is_german[person]
    never = np.full(len(person), 99)
    second = SIGN_UP_HOUR + person % 50_000
    return export(
        "shop.accounts",
        len(person),
        {
            "account_id": take(world.contacts.accounts, world.contacts.row(slot, person)),
            "email": typed_email(world, person, slot),
            "phone": typed_phone(world, person, scramble(person) % np.uint64(10) < 7),
            **typed_names(world, person, never),
            **typed_address(world, person, (facts["changed"] > facts["opened"]).astype(np.int64)),
            "country": where(german, "DE", "US"),
            "locale": where(german, "de-DE", "en-US"),
            "created_at": moments(facts["opened"], second),
            "updated_at": moments(facts["changed"], second),
        },
    )


def _accounts_of(world: World, slot: int, first: int, last: int) -> Columns:
    """First (0) or second (1) accounts, with the days they were opened and last changed."""
    belongings, homes = world.people.belongings, world.people.homes
    opened = belongings.account_on + slot * SECOND_ACCOUNT_AFTER
    moved = np.where((homes.moved_on > opened) & (homes.moved_on <= last), homes.moved_on, -1)
    changed = np.maximum(opened, moved)
    rows = belongings.accounts[slot] & (changed >= first) & (changed <= last) & (opened <= last)
    person = np.flatnonzero(rows)
    return {
        "person": person,
        "slot": np.full(len(person), slot),
        "opened": opened[person],
        "changed": changed[person],
    }


def order_ids(number: Array) -> pa.Array:
    return text("W", digits(number + 100_000))


def utm(world: World, message: Array) -> pa.Array:
    """Campaign name of a message; null for none."""
    return take(pa.array(world.messages.campaigns), message)


def orders(world: World, facts: Columns, decisions: pa.Array, day: int) -> pa.Table:
    """Web orders as they stand at the end of a day."""
    facts = pick(facts, facts["is_web"])
    person, contacts = facts["person"].astype(np.int64), world.contacts
    step = _step(day - facts["day"])
    second = np.where(step > 0, OFFICE_HOUR, facts["second"])
    moved = (world.people.homes.moved_on[person] <= facts["day"]).astype(np.int64)
    slip = scramble(facts["order"] + 5) % np.uint64(100)
    return export(
        "shop.orders",
        len(person),
        {
            "order_id": order_ids(facts["order"]),
            "account_id": take(contacts.accounts, contacts.row(facts["account_slot"], person)),
            "email": typed_email(world, person, facts["email_slot"]),
            "phone": typed_phone(world, person, slip >= 45),
            "cookie_id": take(contacts.cookies, contacts.row(facts["cookie_slot"], person)),
            **typed_names(world, person, slip),
            "postcode": postcodes(world, person, moved),
            "country": where(world.people.homes.is_german[person], "DE", "US"),
            "status": take(pa.array(["placed", "shipped", "", "delivered"]), step),
            "total_amount": money(facts["cents"]),
            "utm_campaign": utm(world, facts["utm_message"]),
            "utm_decision_id": take(decisions, facts["utm_decision"]),
            "placed_at": moments(facts["day"], facts["second"]),
            "updated_at": moments(facts["day"] + step, second),
        },
    )


def _step(age: Array) -> Array:
    """Days between placing and the last change of an order of this age."""
    step: Array = np.select(
        [age >= DELIVERED_AFTER, age >= SHIPPED_AFTER], [DELIVERED_AFTER, SHIPPED_AFTER], 0
    )
    return step


def order_lines(world: World, facts: Columns) -> pa.Table:
    facts = pick(facts, facts["is_web"])
    return export(
        "shop.order_lines",
        len(facts["order"]),
        {
            "order_line_id": text(order_ids(facts["order"]), "-", digits(facts["line"])),
            "order_id": order_ids(facts["order"]),
            "product_id": take(pa.array(world.products.ids), facts["product"]),
            "quantity": facts["quantity"],
            "amount": money(facts["cents"]),
            "updated_at": moments(facts["day"], facts["second"]),
        },
    )


def refunds(world: World, facts: Columns) -> pa.Table:
    facts = pick(facts, facts["is_web"])
    return export(
        "shop.refunds",
        len(facts["order"]),
        {
            "refund_id": text("R", digits(facts["returned"] + 10_000)),
            "order_id": order_ids(facts["order"]),
            "order_line_id": text(order_ids(facts["order"]), "-", digits(facts["line"])),
            "product_id": take(pa.array(world.products.ids), facts["product"]),
            "quantity": facts["quantity"],
            "amount": money(facts["cents"]),
            "reason": take(
                pa.array(REASONS), (scramble(facts["returned"]) % np.uint64(len(REASONS))).astype(np.int64)
            ),
            "refunded_at": moments(facts["returned_on"], OFFICE_HOUR + facts["returned"] % 20_000),
        },
    )


def products(world: World) -> pa.Table:
    shelf = world.products
    return export(
        "shop.products",
        shelf.count,
        {
            "product_id": shelf.ids,
            "name": shelf.names,
            "category": [shelf.category_names[c] for c in shelf.category],
            "price_amount": money(shelf.price_cents),
            "margin_rate": np.round(shelf.margin, 4),
            "updated_at": moments(np.full(shelf.count, world.first_day), np.zeros(shelf.count)),
        },
    )
