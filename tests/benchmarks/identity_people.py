"""People who are known, and what forms and receipts say of them: accounts, cards, addresses, telephones, tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

KINDS = ("account", "loyalty_card", "email", "phone", "device_token", "profile", "cookie")
ACCOUNT, CARD, EMAIL, PHONE, TOKEN, PROFILE, COOKIE = range(len(KINDS))
OBSERVATIONS_EACH = 16.5  # of a person, hubs included
CHUNK = 50_000  # people drawn at a time
SLOTS = 10_000  # an observation falls into one at random; the last ones are the next batch
NOBODY = 4_000_000_000  # numbers from here on are hubs and chains, nobody's own


@dataclass(frozen=True)
class World:
    """What share of people has, shares or uses what. Sizes in people follow from the number of observations."""

    observations: int
    seed: int = 7
    account: float = 0.60
    second_account: float = 0.0
    card: float = 0.40
    second_card: float = 0.0
    second_email: float = 0.15
    shared_phone: float = 0.08
    shared_email: float = 0.02
    recycled_phone: float = 0.01
    kiosk: float = 0.02
    default_card: float = 0.005
    test_email: float = 0.002
    typo: float = 0.02
    signed_in: float = 0.6

    @property
    def people(self) -> int:
        return max(1000, int(self.observations / OBSERVATIONS_EACH))

    @property
    def chunks(self) -> list[tuple[int, int]]:
        """First person and the one after the last, chunk by chunk."""
        return [(low, min(low + CHUNK, self.people)) for low in range(0, self.people, CHUNK)]


@dataclass
class Links:
    """Pairs of identifiers, whose they are and whose name stands beside them (-1: nobody's); piece by piece."""

    pieces: list[Numbers] = field(default_factory=list)

    def add(
        self,
        kinds: tuple[int, int],
        left: Numbers,
        right: Numbers,
        name: Numbers | None = None,
        owner: Numbers | None = None,
    ) -> None:
        """Each pair once."""
        rows = np.full((6, len(left)), -1, np.int64)
        rows[0], rows[1], rows[2], rows[3] = kinds[0], left, kinds[1], right
        rows[4] = -1 if name is None else name
        rows[5] = -1 if owner is None else owner
        self.pieces.append(rows)

    def all(self) -> Numbers:
        """Rows: kind, number, kind, number, named person, owner."""
        return np.concatenate(self.pieces, axis=1)


@dataclass(frozen=True)
class People:
    """One chunk: numbers of what each has, -1 for nothing."""

    person: Numbers
    mate: Numbers  # the one before in the household, or -1
    account: Numbers
    card: Numbers
    email: Numbers
    phone: Numbers


def draw_people(world: World, rng: np.random.Generator, low: int, high: int) -> People:
    """Households of one to five in a row; a shared address or telephone is the one of the housemate before."""
    person = np.arange(low, high, dtype=np.int64)
    first = np.zeros(len(person), bool)
    sizes = rng.choice([1, 2, 3, 4, 5], len(person), p=[0.38, 0.32, 0.14, 0.11, 0.05])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    first[starts[starts < len(person)]] = True
    mate = np.where(first, -1, person - 1)

    def some(share: float) -> Mask:
        return rng.random(len(person)) < share

    share_email = some(world.shared_email / 0.6) & (mate >= 0)
    email = np.where(some(0.9), person * 2, -1)
    email = np.where(share_email, mate * 2, email)
    share_phone = some(world.shared_phone / 0.6) & (mate >= 0)
    phone = np.where(some(0.75), person, -1)
    phone = np.where(share_phone, mate, phone)
    stranger = rng.integers(0, world.people, len(person))
    phone = np.where((phone == person) & some(world.recycled_phone), stranger, phone)
    account = np.where(some(world.account) & (email >= 0), person * 2, -1)
    card = np.where(some(world.card), person * 2, -1)
    return People(person, mate, account, card, email, phone)


def own_links(world: World, rng: np.random.Generator, people: People, links: Links) -> None:
    """What forms and receipts say: account, card, addresses and telephone of one person."""

    def some(share: float) -> Mask:
        return rng.random(len(people.person)) < share

    def pairs(kinds: tuple[int, int], left: Numbers, right: Numbers, where: Mask, named: bool = True) -> None:
        at = np.flatnonzero(where & (left >= 0) & (right >= 0))
        person = people.person[at]
        links.add(kinds, left[at], right[at], person if named else None, person)

    no_account = people.account < 0
    second = people.person * 2 + 1
    pairs((ACCOUNT, EMAIL), people.account, people.email, some(1.0))
    pairs((ACCOUNT, EMAIL), people.account, second, some(world.second_email))
    pairs((ACCOUNT, PHONE), people.account, people.phone, some(0.8))
    pairs((EMAIL, PHONE), people.email, people.phone, no_account | some(0.4), named=False)
    pairs((CARD, EMAIL), people.card, people.email, some(0.7))
    pairs((CARD, PHONE), people.card, people.phone, some(0.5))
    pairs((ACCOUNT, CARD), people.account, people.card, some(0.4))
    pairs((ACCOUNT, EMAIL), second, people.email, some(world.second_account) & ~no_account)
    pairs((CARD, EMAIL), second, people.email, some(world.second_card) & (people.card >= 0))
    for number in range(2):
        token = people.person * 2 + number
        here = some(0.3 if number == 0 else 0.08)
        pairs((ACCOUNT, TOKEN), people.account, token, here, named=False)
        pairs((EMAIL, TOKEN), people.email, token, here & no_account, named=False)
