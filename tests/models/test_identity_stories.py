"""Whatever comes in, in whatever order, a customer's id is the same: stories that hypothesis tells and cuts short.

A story is a handful of loads, repeated loads, merges, decisions by hand and runs over nothing, told to the project's
own models going on from pass to pass; in the end everything is built anew from the same records, shuffled and doubled.
DOWNBEAT_STORIES says how many are told.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.models.identity_engine import Engine, Key

pytestmark = pytest.mark.slow

BEGUN = datetime(2026, 11, 1, 5)
STREAMS = ("stg_shop__account_identifiers", "stg_pos__receipt_identifiers", "stg_site__browser_identifiers")
POOL = {"account": 3, "loyalty_card": 3, "email": 4, "phone": 3, "device_token": 2, "profile": 2, "cookie": 4}
NAMES = ("anna a 1000", "ana a 1000", "benjamin a 1000", "clara b 2000")
NAMING = ("account", "loyalty_card", "email")
ANCHORS = (*NAMING, "phone")
LATE = (0, 7, 30)  # hours by which a stream's load is older than the moment it comes in, stream by stream
WINDOW = 400 * 24  # hours after which a cookie seen once joins nobody any more


@dataclass(frozen=True)
class Record:
    """What one record of one stream shows, how many hours before the first load it was seen, and its load."""

    stream: int
    number: int
    shows: tuple[Key, ...]
    name: str | None
    hours_ago: int
    loaded_at: datetime


drawn = st.builds(
    Record,
    stream=st.integers(0, 2),
    number=st.just(0),
    shows=st.lists(st.sampled_from(list(POOL)), min_size=1, max_size=4, unique=True).flatmap(
        lambda kinds: st.tuples(
            *(st.tuples(st.just(k), st.integers(1, POOL[k]).map(lambda n, k=k: f"{k}{n}")) for k in kinds)
        )
    ),
    name=st.none() | st.sampled_from(NAMES),
    hours_ago=st.integers(0, 2000) | st.integers(WINDOW - 96, WINDOW),
    loaded_at=st.just(BEGUN),
)


@cache
def engine() -> Engine:
    return Engine()


def key_of(kind: str, value: str) -> int:
    return int(hashlib.md5(f"{kind}:{value}".encode()).hexdigest()[:15], 16)


class Stories(RuleBasedStateMachine):
    """One warehouse, from its first load on."""

    @initialize(records=st.lists(drawn, min_size=6, max_size=20))
    def begin(self, records: list[Record]) -> None:
        self.engine, self.now = engine(), BEGUN
        self.records: list[Record] = []
        self.cuts: set[tuple[Key, Key]] = set()
        self.found: dict[Key, str | None] = {}
        self.engine.forget()
        self.put([], anew=True)
        self.cut(set())
        self.a_load_comes(records)

    @rule(records=st.lists(drawn, min_size=3, max_size=14))
    def a_load_comes(self, records: list[Record]) -> None:
        self.load(records)
        self.run()

    @rule(lot=st.randoms(use_true_random=False))
    def a_load_comes_again(self, lot: Random) -> None:
        known = self.run()
        self.load(lot.sample(self.records, 1 + len(self.records) // 2))
        assert self.run() == known

    @rule()
    def nothing_comes(self) -> None:
        known, changes = self.run(), self.changes()
        assert self.run() == known
        assert self.changes() == changes

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.run()

    @precondition(lambda self: self.bridges())
    @rule(lot=st.randoms(use_true_random=False), stays=st.booleans())
    def two_become_one_and_are_cut(self, lot: Random, stays: bool) -> None:
        known, pair = self.run(), lot.choice(self.bridges())
        self.load([Record(0, 0, pair, None, 0, self.now)])
        merged = self.run()
        self.cut({*self.cuts, pair})
        assert self.run() == known
        self.cut(self.cuts - {pair})
        assert self.run() == merged
        if stays:
            self.cut({*self.cuts, pair})
            self.run()

    @precondition(lambda self: any(customer for customer in self.found.values()))
    @rule(lot=st.randoms(use_true_random=False))
    def a_browser_is_not_seen_any_more(self, lot: Random) -> None:
        key = lot.choice(sorted(key for key, customer in self.found.items() if customer))
        cookie, hours = ("cookie", f"own{len(self.records)}"), (self.now - BEGUN) // timedelta(hours=1)
        self.load(
            [Record(0, 0, (key, cookie), None, WINDOW - 24 - hours, self.now)] if key[0] != "cookie" else []
        )
        self.run()
        self.now += timedelta(days=3)
        assert self.run().get(cookie) is None

    def teardown(self) -> None:
        """Everything anew, shuffled and half of it doubled: the same ids. Last load first: the same people."""
        known = self.run()
        shuffled = [*self.records, *self.records[::2]]
        Random(len(shuffled)).shuffle(shuffled)
        self.engine.forget()
        self.put(shuffled, anew=True)
        assert self.run() == known
        self.engine.forget()
        last = max(record.loaded_at for record in shuffled)
        self.put([replace(r, loaded_at=BEGUN + (last - r.loaded_at)) for r in shuffled], anew=True)
        assert together(self.engine.run(self.moment())) == together(known)

    def load(self, records: Iterable[Record]) -> None:
        """Records, new or known, in a load of their own. Some streams bring what is older than others' last loads."""
        self.now += timedelta(hours=1)
        come = [
            replace(
                r,
                number=r.number or len(self.records) + place + 1,
                loaded_at=self.now - timedelta(hours=LATE[r.stream]),
            )
            for place, r in enumerate(records)
        ]
        self.put(come)
        self.records += come

    def run(self) -> dict[Key, str | None]:
        """A pass. A customer bears the key of its oldest identifier that can stand for a customer."""
        self.found = self.engine.run(self.moment())
        came = {key: at for key, at in self.came_in() if key[0] in ANCHORS}
        for keys in together(self.found):
            oldest = min((came[key], key_of(*key)) for key in keys if key in came)[1]
            assert {self.found[key] for key in keys} == {f"c{oldest}"}
        return self.found

    def moment(self) -> datetime:
        return self.now + timedelta(minutes=30)

    def came_in(self) -> list[tuple[Key, datetime]]:
        """Each identifier shown, and when; first loads last."""
        shown = [(key, record.loaded_at) for record in self.records for key in record.shows]
        return sorted(shown, key=lambda row: row[1], reverse=True)

    def bridges(self) -> list[tuple[Key, Key]]:
        """Identifiers of two customers that no record ever showed together."""
        keys = sorted(key for key, customer in self.found.items() if customer and key[0] in NAMING)
        shown = {frozenset((a, b)) for record in self.records for a in record.shows for b in record.shows}
        return [
            (a, b)
            for a in keys
            for b in keys
            if a[0] < b[0] and self.found[a] != self.found[b] and frozenset((a, b)) not in shown
        ]

    def changes(self) -> int:
        rows = self.engine.connection.execute("select count(*) from identity.int_assignment_changes")
        return int(rows.fetchall()[0][0])

    def put(self, records: Iterable[Record], anew: bool = False) -> None:
        self.engine.put(
            [
                (
                    STREAMS[r.stream],
                    f"r{r.number}",
                    dict(r.shows) | {"name_postcode": r.name},
                    BEGUN - timedelta(hours=r.hours_ago),
                    r.loaded_at,
                )
                for r in records
            ],
            anew,
        )

    def cut(self, pairs: set[tuple[Key, Key]]) -> None:
        """The decisions by hand are these."""
        self.cuts = pairs
        self.engine.connection.execute("delete from seeds.identity_overrides")
        for left, right in sorted(pairs):
            values = ["cut", *left, *right, "care", "a test", None]
            self.engine.connection.execute(
                "insert into seeds.identity_overrides values (?, ?, ?, ?, ?, ?, ?, ?)", values
            )


def together(found: dict[Key, str | None]) -> set[frozenset[Key]]:
    """Who is one customer, whatever it is called."""
    groups: dict[str, set[Key]] = {}
    for key, customer in found.items():
        if customer:
            groups.setdefault(customer, set()).add(key)
    return {frozenset(keys) for keys in groups.values()}


TestStories = Stories.TestCase
TestStories.settings = settings(
    max_examples=int(os.environ.get("DOWNBEAT_STORIES", "10")),
    stateful_step_count=4,
    deadline=None,
    derandomize="DOWNBEAT_STORIES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
