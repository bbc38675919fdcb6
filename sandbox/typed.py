"""What people write into forms: addresses, numbers and names as typed, slips included."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox import names
from sandbox.columns import digits, take, text, where
from sandbox.noise import Array, scramble
from sandbox.world import World


def typed_email(world: World, person: Array, slot: Array) -> pa.Array:
    """The address as typed: now and then in capitals or with a space behind."""
    address = take(world.contacts.emails, world.contacts.row(slot, person))
    habit = scramble(person * 3 + slot) % np.uint64(50)
    loud = where(habit == 0, pc.utf8_upper(address), address)
    return where(habit == 1, text(loud, " "), loud)


def typed_phone(world: World, person: Array, given: Array) -> pa.Array:
    """Own number, else the landline, in the habit of the person; null where not given."""
    own = world.people.belongings.phones[0][person]
    number = take(world.contacts.typed_phones, np.where(own, person, world.people.count + person))
    return where(given, number, None)


def postcodes(world: World, person: Array, home: Array) -> pa.Array:
    """Postcode of the old (0) or the new (1) home."""
    homes = world.people.homes
    code = homes.postcode[person, home].astype(np.int64)
    return digits(np.where(homes.is_german[person], 10_115 + code * 7, 20_001 + code * 11), 5)


def typed_address(world: World, person: Array, home: Array) -> dict[str, pa.Array]:
    """Street, postcode and city of the old (0) or the new (1) home."""
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


def typed_names(world: World, person: Array, slip: Array) -> dict[str, pa.Array]:
    """First and last name; by slip (0 to 99) eight in a hundred are an initial, three lack a letter, four shout."""
    first = take(world.contacts.first_names, world.contacts.first_name[person])
    last = take(world.contacts.last_names, world.contacts.last_name[person])
    short = text(pc.utf8_slice_codeunits(last, 0, 2), pc.utf8_slice_codeunits(last, 3))
    loud = where((slip >= 23) & (slip < 27), pc.utf8_upper(last), last)
    return {
        "first_name": where(slip < 8, text(pc.utf8_slice_codeunits(first, 0, 1), "."), first),
        "last_name": where((slip >= 20) & (slip < 23), short, loud),
    }
