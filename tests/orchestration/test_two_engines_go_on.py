"""Recognition goes on from yesterday on DuckDB and on Spark, which has no delete, to the same rows."""

from __future__ import annotations

from datetime import datetime

import pytest

from orchestration.paths import Home
from orchestration.transform import WITHOUT_TESTS, Run, dbt
from sandbox.landing import drop
from tests.landed import take_in
from tests.orchestration.two_engines import GO_LIVE, ON_SPARK, retailer_with_a_past, rows_of

pytestmark = ON_SPARK

NEXT = datetime(2026, 11, 13, 6)
RECOGNISE = ["build", "-s", "path:seeds", "staging", "path:models/identity", *WITHOUT_TESTS]
RECOGNISED = [
    "int_identifier_sets",
    "int_identifiers_judged",
    "int_links_judged",
    "int_islands_1",
    "int_identifier_islands",
    "int_customer_assignments",
    "dim_customer_identifiers",
    "fct_identity_links",
    "fct_identifier_assignments",
    "int_identifier_steps",
    "int_identity_passes",
]


@pytest.fixture(scope="module")
def gone_on(built: Home) -> Home:
    """A day of news after what both engines have built: each goes on from there."""
    retailer = retailer_with_a_past(Home(built.root / "again"))
    for stream, table in retailer.live_day(GO_LIVE, retailer.siloed_sends(GO_LIVE)).items():
        if table.num_rows:
            drop(built.landing, stream, "live", table)
    take_in(built, NEXT)
    for engine in ("duckdb", "spark"):
        dbt(built, RECOGNISE, engine, Run("next", NEXT, "", ""))
    return built


@pytest.mark.parametrize("table", RECOGNISED)
def test_both_engines_go_on_from_yesterday_to_the_same_rows(gone_on: Home, table: str) -> None:
    ours, theirs = rows_of(gone_on, table, "duckdb"), rows_of(gone_on, table, "spark")
    assert ours["rows"]
    assert ours == theirs


def test_the_second_morning_wrote_some_rows_and_left_most(gone_on: Home) -> None:
    passes = list(rows_of(gone_on, "int_identity_passes", "spark")["rows"])
    assert len(passes) == 2
