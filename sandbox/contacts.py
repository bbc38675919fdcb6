"""How people appear in systems: addresses, numbers, cookies, cards; and who is behind one.

Every kind is one text array over slots x people: row slot * people + person, null where a person has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox import names
from sandbox.columns import digits, hexadecimal, take, text, where
from sandbox.noise import Array, scramble
from sandbox.people import People

FICTIONAL_LINES = 100  # 555-0100 to 555-0199 of every area code
AREAS = np.array([a for a in range(200, 1000) if a % 100 != 11])
RESERVED_AREAS = np.array([h * 100 + 90 + u for h in range(2, 10) for u in range(10)])  # never assigned
GERMAN_PREFIXES = np.array([3023125000, 4066969000, 6990009000, 2214710000, 8999998000])  # for films
BIG_PRIME = 99_999_989


def numbered(people: Array, salt: int) -> Array:
    """A different 8-digit number for each person, in no order that tells who."""
    shifted: Array = (people.astype(np.int64) * (7_654_321 + 2 * salt) + salt * 1_234_577) % BIG_PRIME
    return shifted


@dataclass(frozen=True)
class Contacts:
    people: People
    seed: int

    @cached_property
    def everyone(self) -> Array:
        return np.arange(self.people.count, dtype=np.int64)

    @cached_property
    def first_names(self) -> pa.Array:
        return pa.array(names.FIRST + names.GERMAN_FIRST)

    @cached_property
    def last_names(self) -> pa.Array:
        return pa.array(names.LAST + names.GERMAN_LAST)

    @cached_property
    def first_name(self) -> Array:
        homes = self.people.homes
        return homes.first_name + np.where(homes.is_german, len(names.FIRST), 0).astype(np.int32)

    @cached_property
    def last_name(self) -> Array:
        homes = self.people.homes
        return homes.last_name + np.where(homes.is_german, len(names.LAST), 0).astype(np.int32)

    @cached_property
    def emails(self) -> pa.Array:
        """(3 slots): main address, second address, main address with a letter lost."""
        first = [names.plain(w) for w in names.FIRST + names.GERMAN_FIRST]
        given = take(pa.array(first), self.first_name)
        typo = take(pa.array([names.mistyped(w) for w in first]), self.first_name)
        family = take(pa.array([names.plain(w) for w in self.last_names.to_pylist()]), self.last_name)
        number = digits(numbered(self.everyone, self.seed % 1000) % self._number_space)
        domains = [self._domain(1), self._domain(2)]
        initial = pc.utf8_slice_codeunits(given, 0, 1)
        slots = [
            text(given, ".", family, number, "@", domains[0]),
            text(initial, family, number, "@", domains[1]),
            text(typo, ".", family, number, "@", domains[0]),
        ]
        return _present(slots, self.people.belongings.emails)

    @property
    def _number_space(self) -> int:
        return BIG_PRIME  # all digits are kept, so that no two people share an address

    def _domain(self, salt: int) -> pa.Array:
        share = scramble(self.everyone + salt * 1_000_003 + self.seed).astype(np.float64) / 2.0**64
        return take(pa.array(names.DOMAINS), np.searchsorted(np.cumsum(names.DOMAIN_SHARES)[:-1], share))

    @cached_property
    def phones(self) -> pa.Array:
        """(2 slots): own number and the household's landline, E.164."""
        count = self.people.count
        german = self.people.homes.is_german
        slots, present = [], self.people.belongings.phones.copy()
        for slot, line in enumerate([self.everyone, count + self.people.homes.head.astype(np.int64)]):
            rank = np.cumsum(german) * 2 + slot
            foreign = GERMAN_PREFIXES[rank % 5] + (rank // 5) % 1000
            present[slot] &= ~german | (rank < 5000)
            slots.append(where(german, text("+49", digits(foreign)), text("+1", digits(_american(line)))))
        return _present(slots, present)

    @cached_property
    def typed_phones(self) -> pa.Array:
        """The same numbers as people type them at home."""
        number = self.phones
        national = pc.utf8_slice_codeunits(number, 2)
        area, exchange, line = (pc.utf8_slice_codeunits(national, a, b) for a, b in [(0, 3), (3, 6), (6, 10)])
        habit = np.tile(scramble(self.everyone + 77) % np.uint64(4), 2)
        german = np.tile(self.people.homes.is_german, 2)
        typed = where(
            habit == 0, text("(", area, ") ", exchange, "-", line), text(area, "-", exchange, "-", line)
        )
        typed = where(habit == 2, text("+1 ", area, " ", exchange, " ", line), typed)
        typed = where(habit == 3, national, typed)
        home = text("0", pc.utf8_slice_codeunits(number, 3))
        return where(german, where(habit < 2, home, number), typed)

    @cached_property
    def cookies(self) -> pa.Array:
        slots = [hexadecimal(self._secret(30 + slot)) for slot in range(3)]
        return _present(slots, self.people.belongings.cookies)

    @cached_property
    def device_tokens(self) -> pa.Array:
        return _present([text("fcm-", hexadecimal(self._secret(41)))], self.people.belongings.has_app[None])

    @cached_property
    def payment_hashes(self) -> pa.Array:
        """Belongs to the owner of the card; households share some."""
        own = hexadecimal(self._secret(51))
        shared = take(own, self.people.belongings.payment_owner)
        return _present([shared], self.people.belongings.has_payment_card[None])

    @cached_property
    def cards(self) -> pa.Array:
        slot = text("2900", digits(numbered(self.everyone, 61), 8))
        return _present([slot], self.people.belongings.has_card[None])

    @cached_property
    def accounts(self) -> pa.Array:
        slots = [text(letter, digits(numbered(self.everyone, 71), 8)) for letter in ("A", "B")]
        return _present(slots, self.people.belongings.accounts)

    @cached_property
    def email_hashes(self) -> pa.Array:
        """SHA-256 of the lower-case address, as ad platforms want it."""
        return _sha256(self.emails)

    @cached_property
    def phone_hashes(self) -> pa.Array:
        """SHA-256 of the number with country code, digits only."""
        return _sha256(pc.utf8_ltrim(self.phones, "+"))

    def _secret(self, salt: int) -> Array:
        return scramble(scramble(self.everyone + salt * 10_000_019) ^ np.uint64(self.seed))

    def row(self, slot: Array | int, person: Array) -> Array:
        """Position of a person's slot in any of the text arrays; -1 where the slot is negative."""
        place = np.broadcast_to(np.asarray(slot, np.int64), person.shape)
        return np.where(place >= 0, place * self.people.count + person, -1)

    def owner(self, kind: str, identifiers: list[str | None]) -> tuple[Array, Array]:
        """(person, slot) of each identifier of a kind (emails, phones, device_tokens, ...); -1 for strangers."""
        row = pc.index_in(pa.array(identifiers, pa.string()), value_set=getattr(self, kind))
        found = row.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        known = found >= 0
        count = self.people.count
        return np.where(known, found % count, -1), np.where(known, found // count, -1)


def _american(line: Array) -> Array:
    """Ten digits that ring nowhere: 555-01xx first, then area codes that are never assigned."""
    spread = (line * 48_611) % (len(AREAS) * FICTIONAL_LINES)
    fictional = AREAS[spread // FICTIONAL_LINES] * 10_000_000 + 5_550_100 + spread % FICTIONAL_LINES
    beyond = line - len(AREAS) * FICTIONAL_LINES
    area = RESERVED_AREAS[beyond % len(RESERVED_AREAS)]
    reserved = area * 10_000_000 + 2_000_000 + (beyond // len(RESERVED_AREAS)) * 7919 % 8_000_000
    ringing_nowhere: Array = np.where(beyond < 0, fictional, reserved)
    return ringing_nowhere


def _present(slots: list[pa.Array], has: Array) -> pa.Array:
    return pa.concat_arrays([where(mask, slot, None) for mask, slot in zip(has, slots, strict=True)])


def _sha256(values: pa.Array) -> pa.Array:
    with duckdb.connect() as base:
        base.register("plain", pa.table({"row": np.arange(len(values)), "value": values}))
        return (
            base.sql("select sha256(value) as hash from plain order by row")
            .to_arrow_table()["hash"]
            .combine_chunks()
        )
