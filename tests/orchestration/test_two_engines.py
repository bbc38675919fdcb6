"""DuckDB and Spark build the same rows: every contract table, compared row by row, over two mornings."""

from __future__ import annotations

import pytest

from orchestration.paths import Home
from orchestration.release import CONTRACT_TABLES, publish
from orchestration.spark_tables import spark_reader
from tests.orchestration.two_engines import MORNINGS, ON_SPARK, rows_of

pytestmark = ON_SPARK


# these three lead to a table that so few people leave empty
COMPARED = [*CONTRACT_TABLES, "int_experiment_units", "int_pressure_weeks", "int_message_strata"]


@pytest.mark.parametrize("table", COMPARED)
def test_both_engines_give_the_same_rows(built: Home, table: str) -> None:
    ours, theirs = rows_of(built, table, "duckdb"), rows_of(built, table, "spark")
    assert ours.keys() == theirs.keys(), "the columns differ"
    assert ours["rows"] == theirs["rows"]


def test_the_world_is_large_enough_to_tell_them_apart(built: Home) -> None:
    empty = [table for table in COMPARED if not rows_of(built, table, "duckdb")["rows"]]
    assert set(empty) <= {
        "dim_customer_redirects",
        "fct_campaign_days",
        "fct_decisions_misdirected",
        "fct_match_rates",
        "fct_refused_rows",
        "fct_identity_breaches",
        "fct_next_products",
        "fct_pressure_curve",
        "fct_promoted_after_purchase",
        "fct_sync_members",
        "fct_time_to_quiet",
    }


def test_a_release_from_spark_reads_like_any_other(built: Home) -> None:
    release = publish(built, "from-spark", MORNINGS[1], "spark", reader=spark_reader)
    assert release.is_certified
    assert release.rows("dim_customers") == len(
        list(rows_of(built, "dim_customers", "duckdb")["rows"].elements())
    )
