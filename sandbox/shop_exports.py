"""What the web shop's API shows: accounts, orders, lines, refunds and the catalogue."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox import names
from sandbox.columns import (
    DAY_SECONDS,
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
OFFICE_HOUR = 10 * 3600


def accounts(world: World, first: int, last: int) -> pa.Table:
    """Accounts opened or moved from the first day to the last, as they stand at the end of the last."""
    belongings, homes = world.people.belongings, world.people.homes
    moved = np.where(homes.moved_on > belongings.account_on, homes.moved_on, -1)
    parts = []
    for slot in (0, 1):
        opened = belongings.account_on + slot * 45
        changed = np.maximum(opened, np.where(moved <= last, moved, -1))
        rows = belongings.accounts[slot] & (changed >= first) & (changed <= last) & (opened <= last)
        person = np.flatnonzero(rows)
        parts.append(
            {
                "person": person,
                "slot": np.full(len(person), slot),
                "opened": opened[person],
                "changed": changed[person],
            }
        )
    facts = join(parts)
    person, slot = facts["person"], facts["slot"]
    new_home = facts["changed"] > facts["opened"]
    return export(
        "shop.accounts",
        len(person),
        {
            "account_id": take(world.contacts.accounts, world.contacts.row(slot, person)),
            "email": typed_email(world, person, slot),
            "phone": _typed_phone(world, person, scramble(person) % np.uint64(10) < 7),
            "first_name": take(world.contacts.first_names, world.contacts.first_name[person]),
            "last_name": take(world.contacts.last_names, world.contacts.last_name[person]),
            **_address(world, person, new_home.astype(np.int64)),
            "country": where(homes.is_german[person], "DE", "US"),
            "locale": where(homes.is_german[person], "de-DE", "en-US"),
            "created_at": moments(facts["opened"], 7 * 3600 + person % 50_000),
            "updated_at": moments(facts["changed"], 7 * 3600 + person % 50_000),
        },
    )


def typed_email(world: World, person: Array, slot: Array) -> pa.Array:
    """The address as typed: now and then in capitals or with a space behind."""
    address = take(world.contacts.emails, world.contacts.row(slot, person))
    habit = scramble(person * 3 + slot) % np.uint64(50)
    loud = where(habit == 0, pc.utf8_upper(address), address)
    return where(habit == 1, text(loud, " "), loud)


def _typed_phone(world: World, person: Array, given: Array) -> pa.Array:
    own = world.people.belongings.phones[0][person]
    number = take(world.contacts.typed_phones, np.where(own, person, world.people.count + person))
    return where(given, number, None)


def postcodes(world: World, person: Array, home: Array) -> pa.Array:
    """Postcode of the old (0) or the new (1) home."""
    homes = world.people.homes
    code = homes.postcode[person, home].astype(np.int64)
    return digits(np.where(homes.is_german[person], 10_115 + code * 7, 20_001 + code * 11), 5)


def _address(world: World, person: Array, home: Array) -> dict[str, pa.Array]:
    homes = world.people.homes
    german = homes.is_german[person]
    street, code = homes.street[person, home], homes.postcode[person, home]
    number = digits(homes.house_number[person, home])
    local = text(take(pa.array(names.GERMAN_STREETS), street % len(names.GERMAN_STREETS)), " ", number)
    other = text(number, " ", take(pa.array(names.STREETS), street % len(names.STREETS)), " Street")
    towns = where(
        german,
        take(pa.array(names.GERMAN_CITIES), code % len(names.GERMAN_CITIES)),
        take(pa.array(names.CITIES), code % len(names.CITIES)),
    )
    return {"street": where(german, local, other), "postcode": postcodes(world, person, home), "city": towns}


def order_ids(number: Array) -> pa.Array:
    return text("W", digits(number + 100_000))


def utm(world: World, message: Array) -> pa.Array:
    """Campaign name of a message; null for none."""
    return take(pa.array(world.messages.campaigns), message)


def orders(world: World, facts: Columns, decisions: pa.Array, day: int | None = None) -> pa.Table:
    """Web orders as they stand on a day (default: the day they were placed)."""
    facts = pick(facts, facts["is_web"])
    person, slot = facts["person"].astype(np.int64), facts["email_slot"]
    age = np.zeros(len(person), np.int64) if day is None else day - facts["day"]
    placed = facts["day"].astype(np.int64) * DAY_SECONDS + facts["second"]
    step = np.select([age >= DELIVERED_AFTER, age >= SHIPPED_AFTER], [DELIVERED_AFTER, SHIPPED_AFTER], 0)
    updated = np.where(step > 0, (facts["day"] + step).astype(np.int64) * DAY_SECONDS + OFFICE_HOUR, placed)
    moved = (world.people.homes.moved_on[person] <= facts["day"]).astype(np.int64)
    slip = scramble(facts["order"] + 5) % np.uint64(100)
    first = take(world.contacts.first_names, world.contacts.first_name[person])
    return export(
        "shop.orders",
        len(person),
        {
            "order_id": order_ids(facts["order"]),
            "account_id": take(world.contacts.accounts, world.contacts.row(facts["account_slot"], person)),
            "email": typed_email(world, person, slot),
            "phone": _typed_phone(world, person, slip >= 45),
            "cookie_id": take(world.contacts.cookies, world.contacts.row(facts["cookie_slot"], person)),
            "first_name": where(slip < 8, text(pc.utf8_slice_codeunits(first, 0, 1), "."), first),
            "last_name": _slipped(take(world.contacts.last_names, world.contacts.last_name[person]), slip),
            "postcode": postcodes(world, person, moved),
            "country": where(world.people.homes.is_german[person], "DE", "US"),
            "status": take(pa.array(["placed", "shipped", "", "delivered"]), step),
            "total_amount": money(facts["cents"]),
            "utm_campaign": utm(world, facts["utm_message"]),
            "utm_decision_id": take(decisions, facts["utm_decision"]),
            "placed_at": moments(facts["day"], facts["second"]),
            "updated_at": moments(updated * 0, updated),
        },
    )


def _slipped(name: pa.Array, slip: Array) -> pa.Array:
    """A letter lost in three of a hundred names, capitals in four."""
    short = text(pc.utf8_slice_codeunits(name, 0, 2), pc.utf8_slice_codeunits(name, 3))
    return where(
        (slip >= 20) & (slip < 23), short, where((slip >= 23) & (slip < 27), pc.utf8_upper(name), name)
    )


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
