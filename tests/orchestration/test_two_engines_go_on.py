"""Recognition goes on from yesterday on DuckDB and on Spark, which has no delete, to the same rows."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from orchestration.paths import Home
from orchestration.transform import Run, dbt
from sandbox.landing import drop
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in
from tests.orchestration.test_two_engines import pytestmark as on_spark
from tests.orchestration.test_two_engines import rows_of

pytestmark = on_spark

GO_LIVE = date(2026, 11, 2)
RECOGNISE = ["build", "-s", "path:seeds", "staging", "path:models/identity", *ONLY_MODELS[1:]]
RECOGNISED = [
    "int_identifier_sets",
    "int_identifiers_judged",
    "int_links_judged",
    "int_islands_1",
    "int_identifier_islands",
    "int_customer_assignments",
    "dim_customer_identifiers",
    "fct_identity_links",
    "int_identity_passes",
]


@pytest.fixture(scope="module")
def gone_on(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two mornings, each recognised on both engines; the second has a day of news."""
    home = Home(tmp_path_factory.mktemp("on") / "home")
    retailer = Retailer.create(150, 11, GO_LIVE, 40)
    retailer.write_history(home.landing)
    recognise(home, Run("r0", datetime(2026, 11, 2, 6), "", ""))
    for stream, table in retailer.live_day(GO_LIVE, retailer.siloed_sends(GO_LIVE)).items():
        if table.num_rows:
            drop(home.landing, stream, "live", table)
    recognise(home, Run("r1", datetime(2026, 11, 3, 6), "", ""))
    return home


def recognise(home: Home, run: Run) -> None:
    take_in(home, run.as_of)
    for engine in ("duckdb", "spark"):
        dbt(home, RECOGNISE, engine, run)


@pytest.mark.parametrize("table", RECOGNISED)
def test_both_engines_go_on_from_yesterday_to_the_same_rows(gone_on: Home, table: str) -> None:
    ours, theirs = rows_of(gone_on, table, "duckdb"), rows_of(gone_on, table, "spark")
    assert ours["rows"]
    assert ours == theirs


def test_the_second_morning_wrote_some_rows_and_left_most(gone_on: Home) -> None:
    passes = list(rows_of(gone_on, "int_identity_passes", "spark")["rows"])
    assert len(passes) == 2
