"""A large world some homes at a time, as the plain-Python checker takes worlds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
from pyarrow.parquet import ParquetFile

from tests.benchmarks.recount_world import own_seeds
from tests.models.decision_world import World

Row = dict[str, Any]
TABLES = {
    "customers": "profiles.dim_customers",
    "consents": "profiles.dim_customer_consents",
    "members": "audiences.fct_audience_members",
    "states": "audiences.fct_programme_states",
    "contacts": "context.fct_contacts",
    "context": "context.dim_customer_context",
    "assigned": "staging.stg_downbeat__assignments",
    "decided": "(select customer_id, message_id, instance from staging.stg_downbeat__decisions union all"
    " select customer_id, message_id, instance from staging.stg_downbeat__ledger)",
}
PEOPLE = 500


def parts(
    connection: duckdb.DuckDBPyConnection, folder: Path, customers: int, moment: datetime, run: str
) -> Iterator[tuple[World, list[Row]]]:
    """Worlds of about five hundred people, no home in two of them, and what the run decided for each."""
    among, seeds = max(1, customers // PEOPLE), own_seeds(customers)
    connection.execute(
        f"create or replace table kept.parts as select customer_id, hash(household_id) % {among} as part"
        " from profiles.dim_customers"
    )
    decided = f"(select * from decisions.fct_decisions where run_id = '{run}')"
    streams = {
        name: Stream(sorted_rows(connection, table, folder / f"{name}.parquet"))
        for name, table in (TABLES | {"decisions": decided}).items()
    }
    for part in range(among):
        found = {name: stream.rows(part) for name, stream in streams.items()}
        decisions = found.pop("decisions")
        yield World(as_of=moment.replace(tzinfo=UTC), seeds=seeds, **found), decisions


class Stream:
    """The rows of one table, part after part."""

    def __init__(self, file: Path) -> None:
        self.groups = groupby(rows_of(file), key=itemgetter("part"))
        self.ahead = next(self.groups, None)

    def rows(self, part: int) -> list[Row]:
        """Those of this part; none if there are none. Parts are asked for in their order."""
        if self.ahead is None or self.ahead[0] != part:
            return []
        found = list(self.ahead[1])
        self.ahead = next(self.groups, None)
        return found


def sorted_rows(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> Path:
    """The table by part, on disk: nine sorts at once would not fit into little memory."""
    connection.execute(
        f"copy (select p.part, t.* from {table} as t join kept.parts as p using (customer_id) order by p.part)"
        f" to '{file}' (format parquet, row_group_size 20000)"
    )
    return file


def rows_of(file: Path) -> Iterator[Row]:
    """Rows as dicts, moments in UTC, a batch in memory at a time."""
    for batch in ParquetFile(file).iter_batches(20_000):
        moments = [field.name for field in batch.schema if "timestamp" in str(field.type)]
        for row in batch.to_pylist():
            for name in moments:
                row[name] = row[name] and row[name].replace(tzinfo=UTC)
            yield row


def totals_allowed(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """The most of each capacity, in contacts, and of each budget, in thousandths of money."""
    caps = connection.execute("select policy_id, max_n from seeds.caps where unit = 'all'").fetchall()
    budgets = connection.execute("select budget_id, round(1000 * amount) from seeds.budgets").fetchall()
    return {int(policy): int(most) for policy, most in caps + budgets}
