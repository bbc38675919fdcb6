"""Who lives in the world: households, tastes and belongings. One entry per person in every array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox import names
from sandbox.noise import Array

NEVER = np.int32(2_000_000)  # a day that does not come
SECOND_ACCOUNT_AFTER = 45  # days
CATEGORY_COUNT = len(names.CATEGORIES)


@dataclass(frozen=True)
class Homes:
    """Where people live and with whom."""

    household: Array  # number of the household
    head: Array  # the person who stands for it
    household_size: Array
    is_german: Array
    first_name: Array  # position in the pool of the country
    last_name: Array
    street: Array  # old and new: position 0 and 1 of the last axis
    house_number: Array
    postcode: Array
    moved_on: Array  # day of the move, or NEVER


@dataclass(frozen=True)
class Traits:
    """What people are like. rate: purchases a day; affinity: share of need by category, sums to 1."""

    joined_on: Array
    rate: Array
    visit_rate: Array
    web_share: Array
    engagement: Array
    affinity: Array
    home_store: Array
    reads_by_machine: Array  # the mail program opens everything


@dataclass(frozen=True)
class Belongings:
    """Which contact points and cards people have."""

    emails: Array  # (3, people): main, second, mistyped
    phones: Array  # (2, people): own, shared landline
    cookies: Array  # (3, people): first browser, second device, browser after clearing
    cookie_cleared_on: Array
    payment_owner: Array  # the person whose card is used
    has_payment_card: Array
    accounts: Array  # (2, people)
    account_on: Array
    has_card: Array
    card_on: Array
    card_email: Array  # which e-mail stands on the form; -1 none
    has_app: Array
    is_dead_mailbox: Array
    consents: Array  # (people, 7): what was granted at the start


@dataclass(frozen=True)
class People:
    homes: Homes
    traits: Traits
    belongings: Belongings
    stores: int

    @property
    def count(self) -> int:
        return len(self.traits.rate)

    @classmethod
    def settle(cls, count: int, seed: int, first_day: int, go_live: int) -> People:
        """People of a world: deterministic in (count, seed, first_day, go_live)."""
        rng = np.random.default_rng([seed, 21])
        stores = min(400, max(6, count // 2500))
        homes = _homes(rng, count, first_day, go_live)
        traits = _traits(rng, count, stores, first_day, go_live, homes)
        return cls(homes, traits, _belongings(rng, homes, traits), stores)

    def cashier_card_owner(self, store: Array) -> Array:
        """The member of staff whose own card lies at the till of a store."""
        holders = np.flatnonzero(self.belongings.has_card)
        owners: Array = holders[(store.astype(np.int64) * 7919) % len(holders)]
        return owners


def _homes(rng: np.random.Generator, count: int, first_day: int, go_live: int) -> Homes:
    sizes = rng.choice([1, 2, 3, 4], count, p=[0.45, 0.33, 0.12, 0.10])
    household = np.repeat(np.arange(count), sizes)[:count].astype(np.int32)
    starts = np.flatnonzero(np.diff(household, prepend=-1))
    head = starts[household].astype(np.int32)
    german = (rng.random(count) < 0.08)[household]
    pool = np.where(german, len(names.GERMAN_LAST), len(names.LAST))
    family = rng.integers(0, 1 << 30, count)[household]
    own = rng.integers(0, 1 << 30, count)
    last = np.where(rng.random(count) < 0.07, own, family) % pool
    first = rng.integers(0, 1 << 30, count) % np.where(german, len(names.GERMAN_FIRST), len(names.FIRST))
    moves = (rng.random(count) < 0.12)[household]
    moved_on = rng.integers(first_day + 20, go_live + 90, count)[household]
    return Homes(
        household=household,
        head=head,
        household_size=np.bincount(household, minlength=count)[household].astype(np.int32),
        is_german=german,
        first_name=first.astype(np.int32),
        last_name=last.astype(np.int32),
        street=rng.integers(0, 1 << 30, (count, 2))[household].astype(np.int32),
        house_number=rng.integers(1, 250, (count, 2))[household].astype(np.int32),
        postcode=rng.integers(0, max(40, count // 250), (count, 2))[household].astype(np.int32),
        moved_on=np.where(moves, moved_on, NEVER).astype(np.int32),
    )


def _traits(
    rng: np.random.Generator, count: int, stores: int, first_day: int, go_live: int, homes: Homes
) -> Traits:
    joined = rng.integers(first_day, go_live, count)
    joined = np.where(rng.random(count) < 0.72, first_day, joined)
    joined = np.where(rng.random(count) < 0.03, rng.integers(go_live, go_live + 90, count), joined)
    affinity = rng.standard_gamma(0.5, (count, CATEGORY_COUNT), dtype=np.float32) + np.float32(0.01)
    affinity /= affinity.sum(axis=1, keepdims=True)
    rate = rng.standard_gamma(1.6, count) * 11.5 / 1.6 / 365
    web = np.clip(rng.beta(0.9, 1.1, count), 0.03, 0.97)
    home_store = np.where(
        rng.random(count) < 0.85, homes.postcode[:, 0] % stores, rng.integers(0, stores, count)
    )
    return Traits(
        joined_on=joined.astype(np.int32),
        rate=rate.astype(np.float32),
        visit_rate=(0.008 + rate * web * 1.8).astype(np.float32),
        web_share=web.astype(np.float32),
        engagement=rng.lognormal(-0.25, 0.7, count).astype(np.float32),
        affinity=affinity,
        home_store=home_store.astype(np.int32),
        reads_by_machine=rng.random(count) < 0.3,
    )


def _belongings(rng: np.random.Generator, homes: Homes, traits: Traits) -> Belongings:
    count = len(traits.rate)
    chance = rng.random((16, count), dtype=np.float32)
    mail = chance[0] < 0.94
    emails = np.stack([mail, mail & (chance[1] < 0.25), mail & (chance[2] < 0.10)])
    landline = (homes.household_size > 1) & (rng.random(count) < 0.35)[homes.head]
    phones = np.stack([chance[3] < 0.82, landline])
    account = mail & (chance[4] < 0.35 + 0.5 * traits.web_share)
    card, app = chance[5] < 0.62, chance[7] < 0.32
    partner = (rng.random(count) < 0.2) & (homes.household_size > 1)
    return Belongings(
        emails=emails,
        phones=phones,
        cookies=np.stack([np.ones(count, bool), chance[8] < 0.55, chance[9] < 0.30]),
        cookie_cleared_on=(traits.joined_on + 30 + chance[10] * 400).astype(np.int32),
        payment_owner=np.where(partner, homes.head, np.arange(count)).astype(np.int32),
        has_payment_card=chance[11] < 0.85,
        accounts=np.stack([account, account & emails[1] & (chance[12] < 0.25)]),
        account_on=(traits.joined_on + 60 * chance[13] ** 2).astype(np.int32),
        has_card=card,
        card_on=(traits.joined_on + 40 * chance[14] ** 2).astype(np.int32),
        card_email=_card_email(emails, chance[6]),
        has_app=app,
        is_dead_mailbox=chance[15] < 0.015,
        consents=_consents(rng, mail, phones[0], app, card),
    )


def _card_email(emails: Array, chance: Array) -> Array:
    """Which address stands on the loyalty form: none, the second, the mistyped or the main one."""
    cases = [~emails[0] | (chance < 0.1), emails[1] & (chance < 0.6), emails[2] & (chance < 0.5)]
    return np.select(cases, [-1, 1, 2], default=0).astype(np.int8)


def _consents(rng: np.random.Generator, mail: Array, phone: Array, app: Array, card: Array) -> Array:
    """(people, channel): email, sms, push, paid_social, onsite, direct_mail, call."""
    chance = rng.random((7, len(mail)), dtype=np.float32)
    reachable = [mail, phone, app, mail, np.ones(len(mail), bool), card, phone]
    shares = [0.72, 0.35, 0.75, 0.85, 0.94, 0.8, 0.2]
    return np.stack([r & (c < s) for r, c, s in zip(reachable, chance, shares, strict=True)], axis=1)
