"""The decision models as dbt compiles them, run on made-up worlds in DuckDB's memory: a hundred worlds a minute.

Policies are rows, so the compiled SQL is the same for every world; only the moment is written into it, and replaced.
A mutation is an edit of that SQL.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from orchestration.replay.compiled import Models, compile_models
from tests.models.decision_warehouse import TABLES, plain, upstream_rows
from tests.models.decision_world import PROJECT, Row, World

SEEDS = (
    "messages", "caps", "budgets", "prices", "experiments", "suppressions", "quiet_hours", "channels", "audiences",
    "programme_steps", "time_zone_offsets",
)  # fmt: skip
TYPES = {
    "varchar": pa.string(), "string": pa.string(), "bigint": pa.int64(), "boolean": pa.bool_(),
    "double": pa.float64(), "timestamp": pa.timestamp("us"), "date": pa.string(),
}  # fmt: skip


@lru_cache(maxsize=1)
def compiled(folder: str) -> Models:
    """What dbt makes of the models of decisions, for the moment that stands for any."""
    return compile_models(PROJECT, Path(folder))


def mutated(models: Models, old: str, new: str, *names: str) -> Models:
    """The same models with one text replaced; it must be there, in each of the named ones."""
    for name in names:
        assert old in models.sql[name], f"{name} does not say: {old}"
    return replace(models, sql={**models.sql, **{name: models.sql[name].replace(old, new) for name in names}})


class Engine:
    """One DuckDB in memory that decides one world after the other."""

    def __init__(self, models: Models, in_steps: bool = False) -> None:
        self.models, self.in_steps = models, in_steps
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as warehouse")
        self.connection.execute("use warehouse")
        self.connection.execute("set threads = 1")
        for schema in {*(name.split(".")[0] for name in TABLES), "seeds", "decisions"}:
            self.connection.execute(f"create schema {schema}")
        self.types = {name: seed_types(name) for name in SEEDS}
        self.put_seed("time_zone_offsets", World().seed("time_zone_offsets"))

    def decide(self, world: World) -> tuple[list[Row], list[Row]]:
        """The ledger's and the decisions' rows of one run."""
        for name in SEEDS[:-1]:
            self.put_seed(name, world.seed(name))
        rows = upstream_rows(world)
        for name, columns in TABLES.items():
            self.put(name, columns, rows.get(name, []))
        kind = "full" if world.news is None else "micro"
        self.models.run(self.connection, world.as_of, "under test", kind, self.in_steps)
        return self.rows("fct_ledger"), self.rows("fct_decisions")

    def rows(self, name: str) -> list[Row]:
        cursor = self.connection.execute(f"select * from decisions.{name} where run_id = 'under test'")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def put(self, name: str, columns: dict[str, str], rows: list[Row]) -> None:
        arrays = [pa.array([plain(row.get(c)) for row in rows], TYPES[t]) for c, t in columns.items()]
        self.connection.register("given", pa.table(arrays, names=list(columns)))
        self.connection.execute(f"create or replace table {name} as from given")

    def put_seed(self, name: str, rows: list[dict[str, str]]) -> None:
        types = self.types[name]
        arrays = [pa.array([row.get(column) or None for row in rows], pa.string()) for column in types]
        self.connection.register("given", pa.table(arrays, names=list(types)))
        casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in types.items())
        self.connection.execute(f"create or replace table seeds.{name} as select {casts} from given")


def seed_types(name: str) -> dict[str, str]:
    """The declared type of each column of a seed."""
    entry = yaml.safe_load((PROJECT / "seeds" / f"{name}.yml").read_text(encoding="utf-8"))["seeds"][0]
    declared = entry["config"]["column_types"]
    return {column["name"]: declared[column["name"]] for column in entry["columns"]}
