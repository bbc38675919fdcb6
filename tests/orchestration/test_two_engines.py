"""DuckDB and Spark build the same rows: every contract table, compared row by row, over two mornings."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date, datetime

import pytest

from orchestration.memory import remember
from orchestration.paths import Home
from orchestration.release import CONTRACT_TABLES, duckdb_reader, publish
from orchestration.spark_tables import spark_reader
from orchestration.transform import Run, dbt
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java (a JRE 17): none is on the PATH"
    ),
]

GO_LIVE = date(2026, 11, 2)
NAMES_ITS_ENGINE = {("fct_decision_runs", "engine")}
MORNINGS = [datetime(2026, 11, 2, 6), datetime(2026, 11, 3, 6)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A first morning on DuckDB, remembered; then the second on both engines, each from raw files alone."""
    home = Home(tmp_path_factory.mktemp("two") / "home")
    Retailer.create(250, 11, GO_LIVE, 60).write_history(home.landing)
    take_in(home, MORNINGS[0])
    first, second = (Run(f"r{number}", moment, "duckdb", "") for number, moment in enumerate(MORNINGS))
    dbt(home, ONLY_MODELS, "duckdb", first)
    publish(home, first.run_id, first.as_of, "duckdb", before_flip=lambda sealed: remember(home, sealed))
    shutil.rmtree(home.warehouse)
    dbt(home, ONLY_MODELS, "duckdb", second)
    dbt(home, ONLY_MODELS, "spark", second)
    return home


@pytest.mark.parametrize("table", CONTRACT_TABLES)
def test_both_engines_give_the_same_rows(built: Home, table: str) -> None:
    ours, theirs = rows_of(built, table, "duckdb"), rows_of(built, table, "spark")
    assert ours.keys() == theirs.keys(), "the columns differ"
    assert ours["rows"] == theirs["rows"]


def test_the_world_is_large_enough_to_tell_them_apart(built: Home) -> None:
    empty = [table for table in CONTRACT_TABLES if not rows_of(built, table, "duckdb")["rows"]]
    assert set(empty) <= {
        "fct_campaign_days",
        "fct_identity_breaches",
        "fct_promoted_after_purchase",
        "fct_sync_members",
    }


def test_a_release_from_spark_reads_like_any_other(built: Home) -> None:
    release = publish(built, "from-spark", MORNINGS[1], "spark", reader=spark_reader)
    assert release.is_certified
    assert release.rows("dim_customers") == len(
        list(rows_of(built, "dim_customers", "duckdb")["rows"].elements())
    )


def rows_of(home: Home, table: str, engine: str) -> dict[str, Counter[tuple[str | None, ...]]]:
    """The rows as text, with how often each is there, and the columns by name."""
    reader = {"duckdb": duckdb_reader, "spark": spark_reader}[engine]
    connection, relations = reader(home, [table])
    with connection:
        described = connection.execute(f"describe select * from {relations[table]}").fetchall()
        columns = sorted(row[0] for row in described if (table, row[0]) not in NAMES_ITS_ENGINE)
        shown = ", ".join(f'cast("{column}" as varchar)' for column in columns)
        rows = connection.execute(f"select {shown} from {relations[table]}").fetchall()
    return {"rows": Counter(rows), **{column: Counter() for column in columns}}
