"""Joining by match is a dial: turned on it joins who is surely one person, turned off everyone is who they were."""

from __future__ import annotations

import json
from datetime import date, datetime

import duckdb
import pytest

from orchestration.paths import PROJECT, Home
from orchestration.transform import WITHOUT_TESTS, Run, dbt
from sandbox.retailer import Retailer
from sandbox.scoreboard import identity_quality
from tests.landed import take_in

pytestmark = pytest.mark.slow

GO_LIVE = date(2026, 11, 2)
MORNING = datetime(2026, 11, 2, 6)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    found = Home(tmp_path_factory.mktemp("matching"))
    Retailer.create(900, 7, GO_LIVE, 60).write_history(found.landing)
    take_in(found, MORNING)
    dbt(
        found,
        ["build", "--select", "path:seeds", "staging", *WITHOUT_TESTS],
        run=Run("r", MORNING, "duckdb", ""),
    )
    return found


def recognised(home: Home, joins: bool) -> tuple[dict[int, str], int, dict[str, float]]:
    """Customer of every identifier, how many pairs joined, and how right that is."""
    dials = ["--vars", json.dumps({"match_joins": joins})]
    dbt(home, ["build", "--select", "identity", *WITHOUT_TESTS, *dials], run=Run("r", MORNING, "duckdb", ""))
    path = home.root / "identifiers.parquet"
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        base.execute(f"copy identity.dim_customer_identifiers to '{path}'")
        customers = base.execute(
            "select identifier_key, customer_number from identity.int_customer_assignments"
        )
        found = dict(customers.fetchall())
        joined = base.execute(
            "select count(*) from identity.fct_match_pairs where decision = 'auto'"
        ).fetchall()
        nearer = (PROJECT / "tests/models/every_way_to_a_customer_comes_nearer.sql").read_text()
        told = base.execute("select count(*) from identity.int_links_by_match").fetchall()
        assert (told[0][0] > 0) == joins
        assert not base.execute(nearer.replace('{{ ref("', "identity.").replace('") }}', "")).fetchall()
    return found, joined[0][0], identity_quality(str(path), Retailer.create(900, 7, GO_LIVE, 60))


def test_joining_by_match_finds_more_of_a_person_and_can_be_taken_back(home: Home) -> None:
    apart, nobody, before = recognised(home, joins=False)
    together, joined, after = recognised(home, joins=True)
    again, _, _ = recognised(home, joins=False)
    assert nobody == 0
    assert joined > 0
    assert after["recall"] > before["recall"]
    assert after["precision"] > before["precision"] - 0.005
    assert len(set(together.values())) < len(set(apart.values()))
    assert again == apart
