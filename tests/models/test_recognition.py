"""Who is who, from the retailer's files to customer ids: how right it is, and that it does not hang on when it ran."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.paths import Home
from orchestration.transform import WITHOUT_TESTS, Run, dbt
from sandbox.landing import drop
from sandbox.retailer import Retailer
from sandbox.scoreboard import identity_quality

pytestmark = pytest.mark.slow

GO_LIVE = date(2026, 11, 1)
MORNINGS = [datetime(2026, 11, 1, 6), datetime(2026, 11, 2, 6)]
BUILD = ["build", "--select", "path:seeds", "staging", "identity"]
# what the second morning had written when it was killed
KILLED_HALF_WAY = ["build", "--select", "path:seeds", "staging", "+int_islands_1", "int_identifier_islands"]


class Recognised(NamedTuple):
    """One retailer after two mornings, the second killed half way and done again; and the same raw files in one go."""

    retailer: Retailer
    day_by_day: Path
    at_once: Path
    homes: tuple[Home, Home]
    first_morning: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def recognised(tmp_path_factory: pytest.TempPathFactory) -> Recognised:
    home, again = (Home(tmp_path_factory.mktemp(name)) for name in ("daily", "again"))
    retailer = Retailer.create(500, 7, GO_LIVE, 90)
    retailer.write_history(home.landing)
    listen_and_recognise(home, MORNINGS[0])
    first = customers(home)
    for stream, table in retailer.live_day(GO_LIVE, retailer.siloed_sends(GO_LIVE)).items():
        if table.num_rows:
            drop(home.landing, stream, "live", table)
    listen_and_recognise(home, MORNINGS[1], KILLED_HALF_WAY)
    recognise(home, MORNINGS[1])
    shutil.copytree(home.raw, again.raw)
    recognise(again, MORNINGS[1])
    return Recognised(retailer, exported(home), exported(again), (home, again), first)


def listen_and_recognise(home: Home, moment: datetime, what: list[str] = BUILD) -> None:
    for contract in load_contracts().values():
        if contract.delivery != "own":
            ingest_files(home, contract, moment)
    recognise(home, moment, what)


def recognise(home: Home, moment: datetime, what: list[str] = BUILD) -> None:
    dbt(home, what + WITHOUT_TESTS, run=Run("r", moment, "duckdb", ""))


def exported(home: Home) -> Path:
    """dim_customer_identifiers as a Parquet file."""
    path = home.root / "identifiers.parquet"
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        base.execute(f"copy identity.dim_customer_identifiers to '{path}'")
    return path


def customers(home: Home) -> dict[tuple[str, str], str]:
    return assignments(exported(home))


def assignments(path: Path) -> dict[tuple[str, str], str]:
    """Customer of every identifier that speaks for one."""
    with duckdb.connect() as base:
        rows = base.execute(
            "select identifier_type, identifier, customer_id from read_parquet($1) where customer_id is not null",
            [str(path)],
        ).fetchall()
    return {(kind, value): customer for kind, value, customer in rows}


def test_recognition_is_right_about_the_retailers_people(recognised: Recognised) -> None:
    quality = identity_quality(str(recognised.day_by_day), recognised.retailer)
    assert quality["precision"] >= 0.97
    assert quality["recall"] >= 0.93


def test_day_by_day_and_at_once_give_the_same_customers(recognised: Recognised) -> None:
    assert assignments(recognised.day_by_day) == assignments(recognised.at_once)


KEPT = {
    "int_identifier_sets": "batch",
    "int_identifiers_observed": "batch, ruled_batch, counted_before",
    "int_links_observed": "batch, counted_before",
    "int_identifiers_judged": "batch, ruled_batch",
    "int_links_judged": "batch, ruled_batch",
    "int_customer_assignments": "batch",
    "dim_customer_identifiers": "valid_from",
    "fct_identity_paths": "sources",
}


def test_going_on_from_yesterday_gives_the_rows_of_building_everything_anew(recognised: Recognised) -> None:
    daily, anew = (str(home.warehouse / "warehouse.duckdb") for home in recognised.homes)
    with duckdb.connect() as base:
        base.execute(f"attach '{daily}' as daily (read_only); attach '{anew}' as anew (read_only)")
        passes = base.execute("select max(batch) from daily.identity.int_identity_passes").fetchall()
        assert passes == [(2,)]
        for table, stamps in KEPT.items():
            here, there = (
                f"select * exclude ({stamps}) from {side}.identity.{table}" for side in ("daily", "anew")
            )
            apart = f"({here} except all {there}) union all ({there} except all {here})"
            assert base.execute(f"select count(*) from ({apart})").fetchall() == [(0,)], table


def test_a_day_touches_only_the_customers_it_meets(recognised: Recognised) -> None:
    with duckdb.connect(str(recognised.homes[0].warehouse / "warehouse.duckdb"), read_only=True) as base:
        written = base.execute("""
            select count(*) filter (where batch = 2) / count(*) from identity.int_customer_assignments
        """).fetchall()
    assert 0 < written[0][0] < 0.2


def test_customers_keep_their_ids_when_a_day_is_added(recognised: Recognised) -> None:
    later = assignments(recognised.day_by_day)
    moved = [who for who, customer in recognised.first_morning.items() if later.get(who) != customer]
    assert len(recognised.first_morning) > 1000
    assert len(moved) <= len(recognised.first_morning) * 0.01
