"""Observations of identifiers by people who are known: who owns what, what is shared, and what lies.

Every identifier is a number until it is written; a chunk of people is drawn at a time, from the seed and the number of
the chunk alone, so that any size fits in memory and comes out the same again. People own accounts, cards, addresses,
telephones, push tokens and browsers. Households share telephones and addresses, telephones are handed on to strangers,
kiosks are used by thousands, tills enter a default card, a test address stands on accounts, browsers change
their cookie again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.identity_people import (
    ACCOUNT,
    CARD,
    COOKIE,
    EMAIL,
    NOBODY,
    PROFILE,
    SLOTS,
    Links,
    Mask,
    Numbers,
    People,
    World,
    draw_people,
    own_links,
)

DAYS = 380  # observations lie this far back at most


def browser_links(world: World, rng: np.random.Generator, people: People, links: Links) -> None:
    """Browsers by a power law; a signed-in one shows the account or a clicked e-mail, others a profile now and then."""
    count = np.minimum(rng.zipf(2.2, len(people.person)), 60)
    owner = np.repeat(np.arange(len(people.person)), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    cookie = people.person[owner] * 64 + place
    chance = rng.random(len(owner))
    account, email = people.account[owner], people.email[owner]
    known = chance < world.signed_in
    by_account = known & (account >= 0) & (rng.random(len(owner)) < 0.75)
    by_email = known & ~by_account & (email >= 0)
    strangers = (chance > 0.8) & ~known
    links.add((ACCOUNT, COOKIE), account[by_account], cookie[by_account])
    links.add((EMAIL, COOKIE), email[by_email], cookie[by_email])
    links.add((PROFILE, COOKIE), cookie[strangers], cookie[strangers])


def hub_links(world: World, rng: np.random.Generator, people: People, links: Links) -> None:
    """Kiosks of 30 to 3,000 users, default cards of tills, the test address, and chains of cookies."""
    person = people.person
    kiosks = max(1, world.people // 8_000)
    weights = 30 * np.minimum(100.0, np.random.default_rng(world.seed).pareto(1.0, kiosks) + 1)
    at = np.flatnonzero((rng.random(len(person)) < world.kiosk) & (people.account >= 0))
    kiosk = rng.choice(kiosks, len(at), p=weights / weights.sum())
    links.add((ACCOUNT, COOKIE), people.account[at], NOBODY + kiosk)
    tills = 1 + world.people // 20_000
    at = np.flatnonzero((rng.random(len(person)) < world.default_card) & (people.email >= 0))
    links.add((CARD, EMAIL), NOBODY + rng.integers(0, tills, len(at)), people.email[at], person[at])
    at = np.flatnonzero((rng.random(len(person)) < world.test_email) & (people.account >= 0))
    links.add((ACCOUNT, EMAIL), people.account[at], np.full(len(at), NOBODY), person[at])
    at = np.flatnonzero((rng.random(len(person)) < 1 / 20_000) & (people.account >= 0))
    length = np.minimum(4_000, 20 + 40 * rng.pareto(1.0, len(at))).astype(np.int64)
    start = np.repeat(NOBODY * 2 + person[at] * 4_096, length)
    step = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    links.add((ACCOUNT, COOKIE), people.account[at], NOBODY * 2 + person[at] * 4_096)
    links.add((PROFILE, COOKIE), start + step, start + step)
    links.add((PROFILE, COOKIE), start + step, start + step + 1)


@dataclass(frozen=True)
class Observed:
    """One chunk of observations, and which of the identifiers in them are whose."""

    links: Numbers  # as in Links.all, one column per observation
    has_typo: Mask
    seconds_ago: Numbers
    slot: Numbers
    owned: Numbers  # kind, number, person: each once


def draw(world: World) -> Iterator[Observed]:
    """The whole world, a chunk at a time. A link repeats by a power law; a name stands on its first observation."""
    for number, (low, high) in enumerate(world.chunks):
        rng = np.random.default_rng([world.seed, number])
        people, links = draw_people(world, rng, low, high), Links()
        own_links(world, rng, people, links)
        browser_links(world, rng, people, links)
        hub_links(world, rng, people, links)
        distinct = links.all()
        times = 1 + np.minimum(300, rng.pareto(1.2, distinct.shape[1])).astype(np.int64)
        rows = np.repeat(distinct, times, axis=1)
        size = rows.shape[1]
        is_first = np.zeros(size, bool)
        is_first[np.cumsum(times) - times] = True
        rows[4] = np.where(is_first, rows[4], -1)
        rows = rows[:, rng.permutation(size)]
        typo, ago = rng.random(size) < world.typo, rng.integers(0, DAYS * 86_400, size)
        yield Observed(rows, typo, ago, rng.integers(0, SLOTS, size), owners(distinct))


def owners(links: Numbers) -> Numbers:
    """Rows: kind, number, person; once for each person an identifier belongs to."""
    mine = links[:, links[5] >= 0]
    return np.unique(np.concatenate([mine[[0, 1, 5]], mine[[2, 3, 5]]], axis=1), axis=1)
