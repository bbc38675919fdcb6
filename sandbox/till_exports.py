"""What the tills and the loyalty programme write at night: receipts, coupons, members.

Tills forget the card, ring strangers up on the cashier's own card, and some nights send a file again.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.columns import Columns, digits, export, join, moments, money, pick, take, text, where
from sandbox.noise import Array, scramble
from sandbox.shop_exports import utm
from sandbox.typed import postcodes
from sandbox.world import World

STORE_GROUPS = 4
TOLD_AFTER = 9  # days after a move
SAME_AGAIN, CORRECTED = 0.06, 0.08  # chance per store group and night: an identical file, a corrected one


def store_ids(store: Array) -> pa.Array:
    return text("S", digits(store + 1, 3))


def receipt_facts(lines: Columns, returns: Columns) -> Columns:
    """Lines sold in stores and lines brought back, as a till sees them: refunds are negative and have a receipt."""
    sales, back = pick(lines, ~lines["is_web"]), pick(returns, ~returns["is_web"])
    refunds = back | {
        "quantity": -back["quantity"],
        "cents": -back["cents"],
        "day": back["returned_on"],
        "order": back["returned"],
        "line": np.ones(len(back["line"]), np.int8),
    }
    return join([sales, {name: refunds[name] for name in sales}])


def receipt_lines(world: World, facts: Columns) -> pa.Table:
    """One row per line of a receipt, in the order rung up."""
    person, store, day = facts["person"].astype(np.int64), facts["store"], facts["day"]
    number = text(where(facts["cents"] < 0, "R", ""), digits(facts["order"], 6))
    receipt = text(store_ids(store), "-", digits(_till(facts)), "-", digits(day), "-", number)
    shown = np.select(
        [facts["card"] == 1, facts["card"] == 2], [person, world.people.cashier_card_owner(store)], -1
    )
    return export(
        "pos.receipt_lines",
        len(person),
        {
            "receipt_line_id": text(receipt, "-", digits(facts["line"])),
            "receipt_id": receipt,
            "store_id": store_ids(store),
            "till_id": text("T", digits(_till(facts))),
            "cashier_id": text("C", digits(store * 10 + facts["order"] % 7)),
            "loyalty_card": take(world.contacts.cards, shown),
            "payment_hash": take(world.contacts.payment_hashes, np.where(facts["pays_by_card"], person, -1)),
            "product_id": take(pa.array(world.products.ids), facts["product"]),
            "quantity": facts["quantity"],
            "amount": money(facts["cents"]),
            "kind": where(facts["cents"] < 0, "refund", "sale"),
            "sold_at": moments(day, facts["second"]),
        },
    )


def _till(facts: Columns) -> Array:
    till: Array = facts["order"] % 4 + 1
    return till


def store_group(store_id: pa.Array) -> Array:
    """Which nightly file a store's receipts are in."""
    number = pc.utf8_slice_codeunits(store_id, 1).cast(pa.int32()).to_numpy(zero_copy_only=False)
    group: Array = number % STORE_GROUPS + 1
    return group


def with_slips(world: World, receipts: pa.Table, day: int) -> pa.Table:
    """The night's file as first sent: in groups that will be corrected, some lines have a wrong amount and no card."""
    wrong = _in_groups(world, receipts, day, "corrects", CORRECTED)
    number = np.arange(len(receipts))
    wrong &= scramble(number + day) % np.uint64(12) == 0
    cents = pc.cast(pc.multiply(receipts["amount"], pa.scalar(100)), pa.int64(), safe=False).to_numpy()
    table = receipts.set_column(
        receipts.schema.get_field_index("amount"),
        receipts.schema.field("amount"),
        money(np.where(wrong, cents * 10, cents)),
    )
    card = where(wrong, None, receipts["loyalty_card"].combine_chunks())
    return table.set_column(
        table.schema.get_field_index("loyalty_card"), table.schema.field("loyalty_card"), card
    )


def sent_again(world: World, receipts: pa.Table, day: int) -> pa.Table:
    """Of a night's true receipts, the store groups whose file comes again the next night, now right."""
    again = _in_groups(world, receipts, day, "corrects", CORRECTED) | _in_groups(
        world, receipts, day, "again", SAME_AGAIN
    )
    return receipts.filter(pa.array(again))


def _in_groups(world: World, receipts: pa.Table, day: int, purpose: str, chance: float) -> Array:
    chosen = world.noise.of(day, purpose, np.arange(STORE_GROUPS + 1)) < chance
    if len(receipts) == 0:
        return np.zeros(0, bool)
    mask: Array = chosen[store_group(receipts["store_id"].combine_chunks())]
    return mask


def coupons(world: World, facts: Columns, decisions: pa.Array) -> pa.Table:
    campaign = utm(world, facts["message"])
    return export(
        "pos.coupon_redemptions",
        len(facts["person"]),
        {
            "redemption_id": text("K", digits(facts["order"] + 100_000)),
            "loyalty_card": take(world.contacts.cards, facts["person"]),
            "coupon": text(pc.utf8_upper(campaign), "-10"),
            "campaign": campaign,
            "decision_id": take(decisions, facts["decision"]),
            "redeemed_at": moments(facts["day"], facts["second"]),
        },
    )


def members(world: World, first: int, last: int) -> pa.Table:
    """Cards taken out or changed from the first day to the last; names in capitals, moves told nine days late."""
    belongings, homes, contacts = world.people.belongings, world.people.homes, world.contacts
    told = homes.moved_on + TOLD_AFTER
    moved = np.where((homes.moved_on > belongings.card_on) & (told <= last), told, -1)
    changed = np.maximum(belongings.card_on, moved)
    here = belongings.has_card & (belongings.card_on <= last) & (changed >= first) & (changed <= last)
    person = np.flatnonzero(here).astype(np.int64)
    landline = belongings.phones[1][person] & (scramble(person + 9) % np.uint64(3) == 0)
    line = np.where(landline, 1, np.where(belongings.phones[0][person], 0, -1))
    second = 9 * 3600 + person % 40_000
    return export(
        "loyalty.members",
        len(person),
        {
            "loyalty_card": take(contacts.cards, person),
            "email": take(contacts.emails, contacts.row(belongings.card_email[person], person)),
            "phone": take(contacts.typed_phones, contacts.row(line, person)),
            "first_name": pc.utf8_upper(take(contacts.first_names, contacts.first_name[person])),
            "last_name": pc.utf8_upper(take(contacts.last_names, contacts.last_name[person])),
            "birth_date": _birth_dates(person),
            "postcode": postcodes(world, person, (moved[person] > 0).astype(np.int64)),
            "country": where(homes.is_german[person], "DE", "US"),
            "store_id": store_ids(world.people.traits.home_store[person]),
            "household_size": homes.household_size[person],
            "signed_up_at": moments(belongings.card_on[person], second),
            "updated_at": moments(changed[person], second),
        },
    )


def _birth_dates(person: Array) -> pa.Array:
    """Between 1956 and 2005."""
    days = (scramble(person + 13) % np.uint64(18_000)).astype(np.int32) - 5_000
    return pa.array(days).cast(pa.date32())
