"""What must hold of identity whatever comes in: a hundred small random worlds side by side in one warehouse.

They share no value, so one dbt run judges all. Three loads; one more joins two customers; a decision takes it back.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from orchestration.paths import Home
from orchestration.transform import Run, dbt
from tests.benchmarks.identity_observations import COLUMNS, create_staging
from tests.benchmarks.identity_runs import EVERYTHING

pytestmark = pytest.mark.slow

WORLDS = 100
LOADS = [datetime(2026, 11, day, 5) for day in (1, 2, 3, 4, 5)]
POOL = {"account": 3, "loyalty_card": 2, "email": 4, "phone": 3, "device_token": 2, "profile": 2, "cookie": 4}
STREAMS = ["stg_shop__account_identifiers", "stg_pos__receipt_identifiers", "stg_site__browser_identifiers"]
IDENTITY = ["run", "-s", *EVERYTHING.split()]
Key = tuple[str, str]


class Record(NamedTuple):
    """One record of one stream: what it shows, when it was seen and which load it came in with."""

    stream: int
    number: int
    shows: tuple[Key, ...]
    name: str | None
    seen_at: datetime
    load: int


def worlds(seed: int) -> list[Record]:
    """Random records; most of one person, some of strangers who share a thing, some late, some repeated."""
    rng, records = random.Random(seed), []
    for world in range(WORLDS):
        for _ in range(rng.randint(4, 12)):
            kinds = rng.sample(list(POOL), rng.choice([1, 2, 2, 2, 3, 4]))
            shows = tuple((kind, f"{kind[0]}{world}-{rng.randrange(POOL[kind])}") for kind in kinds)
            name = (
                f"{rng.choice(['anna', 'benjamin', 'clara'])} w{world} 1000" if rng.random() < 0.4 else None
            )
            seen_at = LOADS[0] - timedelta(hours=rng.randrange(2000))
            records.append(Record(rng.randrange(3), len(records), shows, name, seen_at, rng.randrange(3)))
    return records + signed_in(len(records))


def signed_in(number: int) -> list[Record]:
    """A browser nobody knows, then one account on it, then three more: a device that everybody uses."""
    seen_at = LOADS[0] - timedelta(hours=1)
    shown: list[tuple[int, Key]] = [(0, ("profile", "lonely")), (1, ("account", "first"))]
    shown += [(2, ("account", f"later {n}")) for n in range(3)]
    return [
        Record(2, number + n, (key, ("cookie", "the browser")), None, seen_at, load)
        for n, (load, key) in enumerate(shown)
    ]


def put(home: Home, records: Iterable[Record]) -> None:
    """Append records to the staging tables."""
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as base:
        create_staging(base)
        for record in records:
            shows = dict(record.shows)
            values = [STREAMS[record.stream], f"r{record.number}", *(shows.get(kind) for kind in COLUMNS)]
            values += [None, record.name, record.seen_at, record.seen_at, LOADS[record.load]]
            marks = ", ".join("?" * len(values))
            base.execute(f"insert into staging.{STREAMS[record.stream]} values ({marks})", values)


def recognise(home: Home, load: int) -> dict[Key, str | None]:
    """One run an hour after a load. Customer of every identifier, None for nobody."""
    dbt(home, IDENTITY, run=Run(f"r{load}", LOADS[load] + timedelta(hours=1), "duckdb", ""))
    rows = ask(home, "select identifier_type, identifier, customer_id from identity.dim_customer_identifiers")
    return {(kind, value): customer for kind, value, customer in rows}


def ask(home: Home, query: str) -> list[tuple[str, ...]]:
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        return base.execute(query).fetchall()


def cut_by_hand(home: Home, pairs: Iterable[tuple[Key, Key]]) -> None:
    """Decisions, as rows of the seed."""
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as base:
        for left, right in pairs:
            values = ["cut", *left, *right, "care", "a test", None]
            base.execute("insert into seeds.identity_overrides values (?, ?, ?, ?, ?, ?, ?, ?)", values)


class Story(NamedTuple):
    mornings: list[dict[Key, str | None]]
    unchanged: dict[Key, str | None]
    history: tuple[int, int]
    bridges: list[tuple[Key, Key]]
    merged: dict[Key, str | None]
    cut: dict[Key, str | None]
    anew: dict[Key, str | None]
    cut_anew: dict[Key, str | None]


def bridges_between(found: dict[Key, str | None]) -> list[tuple[Key, Key]]:
    by_world: dict[str, list[Key]] = {}
    for key, customer in sorted(found.items()):
        if customer and key[0] in ("account", "email", "loyalty_card") and "-" in key[1]:
            by_world.setdefault(key[1][1:].split("-")[0], []).append(key)
    pairs = []
    for keys in by_world.values():
        both = [(a, b) for a in keys for b in keys if a[0] < b[0] and found[a] != found[b]]
        pairs += both[:1]
    return pairs


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Load by load in one warehouse; everything at once, shuffled, doubled and repeated, in another."""
    daily, once = (new_home(tmp_path_factory.mktemp(name)) for name in ("daily", "once"))
    records, mornings = worlds(3), []
    for load in range(3):
        put(daily, [record for record in records if record.load == load])
        mornings.append(recognise(daily, load))
    count = "select count(*) from identity.int_assignment_changes"
    before = int(ask(daily, count)[0][0])
    unchanged = recognise(daily, 2)
    history = (before, int(ask(daily, count)[0][0]))
    bridges = bridges_between(unchanged)
    seen_together = [Record(0, 90_000 + n, pair, None, LOADS[0], 3) for n, pair in enumerate(bridges)]
    put(daily, seen_together)
    merged = recognise(daily, 3)
    cut_by_hand(daily, bridges)
    cut = recognise(daily, 4)
    shuffled = records + records[::3] + [record._replace(load=3) for record in records[::4]]
    random.Random(4).shuffle(shuffled)
    put(once, shuffled)
    anew = recognise(once, 3)
    put(once, [record._replace(load=4) for record in seen_together])
    cut_by_hand(once, bridges)
    again = Home(once.root.with_name("again"))
    shutil.copytree(once.root, again.root, ignore=shutil.ignore_patterns("dbt"))
    with duckdb.connect(str(again.warehouse / "warehouse.duckdb")) as base:
        base.execute("drop schema identity cascade")
    return Story(mornings, unchanged, history, bridges, merged, cut, anew, recognise(again, 4))


def new_home(folder: Path) -> Home:
    home = Home(folder / "home")
    home.warehouse.mkdir(parents=True)
    dbt(home, ["seed"])
    return home


def test_order_doubles_and_repeated_loads_change_no_id(story: Story) -> None:
    assert story.anew == story.mornings[-1]
    assert len(story.anew) > WORLDS * 8
    assert len(set(story.anew.values())) > WORLDS


def test_a_run_over_nothing_new_changes_nothing(story: Story) -> None:
    assert story.unchanged == story.mornings[-1]
    assert story.history[0] == story.history[1]


def test_an_id_is_the_key_of_one_of_the_customers_own_identifiers(story: Story) -> None:
    for found in (*story.mornings, story.merged, story.cut):
        owners = {f"c{key_of(*key)}": customer for key, customer in found.items()}
        assert [customer for customer in found.values() if customer and owners[customer] != customer] == []


def key_of(kind: str, value: str) -> int:
    return int(hashlib.md5(f"{kind}:{value}".encode()).hexdigest()[:15], 16)


def test_merged_then_cut_everybody_is_who_they_were(story: Story) -> None:
    joined = [pair for pair in story.bridges if story.merged[pair[0]] == story.merged[pair[1]]]
    assert len(joined) > WORLDS // 5
    assert story.cut == story.unchanged


def test_going_on_and_building_anew_agree_after_a_cut(story: Story) -> None:
    assert story.cut_anew == story.cut


def test_a_browser_joins_at_login_and_leaves_when_everybody_uses_it(story: Story) -> None:
    browser, profile, account = ("cookie", "the browser"), ("profile", "lonely"), ("account", "first")
    first, second, third = story.mornings
    assert first[browser] is None
    assert second[browser] == second[profile] == second[account] is not None
    assert third[browser] is None
    assert third[account] == second[account]
