"""One small world built by both engines, for every test that compares them."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest

from orchestration.memory import remember
from orchestration.paths import Home
from orchestration.release import duckdb_reader, publish
from orchestration.scoring.learning import contested
from orchestration.scoring.records import commit_verdict
from orchestration.spark_tables import spark_reader
from orchestration.transform import Run, dbt
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in

ON_SPARK = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java (a JRE 17): none is on the PATH"
    ),
]
GO_LIVE = date(2026, 11, 2)
NAMES_ITS_ENGINE = {("fct_decision_runs", "engine")}
# ten days apart: a week of what was decided on the first is over, and has had its answers
MORNINGS = [datetime(2026, 11, 2, 6), datetime(2026, 11, 12, 6)]


def retailer_with_a_past(home: Home) -> Retailer:
    """The same retailer every time; what it did before go-live lands in the home."""
    retailer = Retailer.create(250, 11, GO_LIVE, 60)
    retailer.write_history(home.landing)
    return retailer


def built_by_both(home: Home) -> Home:
    """A first morning on DuckDB, remembered; then the second on both engines, each from raw files alone."""
    retailer_with_a_past(home)
    take_in(home, MORNINGS[0])
    first, second = (Run(f"r{number}", moment, "duckdb", "") for number, moment in enumerate(MORNINGS))
    dbt(home, ONLY_MODELS, "duckdb", first)
    publish(home, first.run_id, first.as_of, "duckdb", before_flip=lambda sealed: remember(home, sealed))
    publish_whatever_was_learned(home, first)
    shutil.rmtree(home.warehouse)
    dbt(home, ONLY_MODELS, "duckdb", second)
    dbt(home, ONLY_MODELS, "spark", second)
    return home


def publish_whatever_was_learned(home: Home, run: Run) -> None:
    """So few people teach nothing that wins; it is in force all the same, to be scored by both engines."""
    for verdict in contested(home, run):
        is_sound = "no mean exists" not in verdict.reason
        commit_verdict(home, replace(verdict, is_published=bool(verdict.coefficients) and is_sound))


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
