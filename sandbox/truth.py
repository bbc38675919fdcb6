"""The truth as tables, for whoever is allowed to see it: who is who, what was bought and why, what messages cause."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from sandbox.books import Books
from sandbox.columns import money, take
from sandbox.contacts import Contacts
from sandbox.world import World

# identifier type of the warehouse: text array of Contacts
KINDS = {
    "email": "emails",
    "phone": "phones",
    "loyalty_card": "cards",
    "account": "accounts",
    "device_token": "device_tokens",
    "cookie": "cookies",
    "payment_hash": "payment_hashes",
}


def write_truth(world: World, books: Books, folder: Path) -> list[Path]:
    """persons, contact_points, purchases and effects as Parquet under folder; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "persons": persons(world),
        "contact_points": contact_points(world),
        "purchases": purchases(world, books),
        "effects": effects(world, books),
    }
    for name, table in tables.items():
        pa.parquet.write_table(table, folder / f"{name}.parquet")
    return [folder / f"{name}.parquet" for name in tables]


def persons(world: World) -> pa.Table:
    """One row per person."""
    people, contacts = world.people, world.contacts
    return pa.table(
        {
            "person_id": contacts.everyone,
            "household_id": people.homes.household,
            "first_name": take(contacts.first_names, contacts.first_name),
            "last_name": take(contacts.last_names, contacts.last_name),
            "country": np.where(people.homes.is_german, "DE", "US"),
            "purchases_per_year": people.traits.rate * 365,
            "joined_on": pa.array(people.traits.joined_on).cast(pa.date32()),
        }
    )


def contact_points(world: World) -> pa.Table:
    """One row per person and identifier; what several persons share stands several times."""
    parts = [_points(world.contacts, kind, name) for kind, name in KINDS.items()]
    return pa.concat_tables(parts)


def _points(contacts: Contacts, kind: str, name: str) -> pa.Table:
    values = getattr(contacts, name)
    person = np.arange(len(values)) % contacts.people.count
    has = values.is_valid()
    table = pa.table(
        {"person_id": person, "identifier_type": pa.repeat(kind, len(values)), "identifier": values}
    )
    return table.filter(has)


def purchases(world: World, books: Books) -> pa.Table:
    """One row per line ever bought; cause is the message without which it would not have been, null for most."""
    lines = books.all("lines")
    return pa.table(
        {
            "order_id": lines["order"],
            "person_id": lines["person"],
            "product_id": take(pa.array(world.products.ids), lines["product"]),
            "quantity": lines["quantity"],
            "amount": money(lines["cents"]),
            "is_web": lines["is_web"],
            "is_identified": lines["is_known"],
            "cause": take(pa.array(world.messages.ids), lines["cause"]),
            "bought_on": pa.array(lines["day"]).cast(pa.date32()),
        }
    )


def effects(world: World, books: Books) -> pa.Table:
    """One row per message: the share of responders it makes buy, and what it did in the days whose sends were kept."""
    sends, lines, size = books.all("sends"), books.all("lines"), len(world.messages.ids)
    _, first_line = np.unique(lines["order"], return_index=True)
    cause = lines["cause"][first_line][lines["day"][first_line] >= books.sends_from]
    return pa.table(
        {
            "message_id": world.messages.ids,
            "caused_share_of_responders": world.messages.caused_share,
            "sent": np.bincount(sends["message"], minlength=size),
            "clicked": np.bincount(sends["message"], weights=sends["clicked"], minlength=size).astype(
                np.int64
            ),
            "caused_orders": np.bincount(cause[cause >= 0], minlength=size),
            "left_because_of": np.bincount(sends["message"], weights=sends["left"], minlength=size).astype(
                np.int64
            ),
        }
    )
