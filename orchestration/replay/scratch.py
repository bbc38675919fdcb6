"""A warehouse for one replay: in DuckDB's memory, with the tables that the decision models read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

SCHEMAS = ("seeds", "staging", "identity", "profiles", "context", "scores", "audiences", "decisions", "kept")
ONE_THREAD = 50_000
"""Customers that one thread decides with a fifth less work than two."""


def open_scratch() -> duckdb.DuckDBPyConnection:
    """An empty warehouse in memory; what does not fit spills beside the process."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse")
    connection.execute("use warehouse")
    connection.execute("set timezone = 'UTC'")
    for schema in SCHEMAS:
        connection.execute(f"create schema {schema}")
    return connection


def expect_rows(connection: duckdb.DuckDBPyConnection, customers: int) -> None:
    """Nothing here relies on the order of rows. So few customers that threads cost more than they save get one."""
    connection.execute("set preserve_insertion_order = false")
    if customers <= ONE_THREAD:
        connection.execute("set threads = 1")


def put_seeds(connection: duckdb.DuckDBPyConnection, project: Path, share: float) -> None:
    """Every seed with its declared types. What everybody shares is scaled to a sample's share of the customers."""
    for file in sorted((project / "seeds").glob("*.csv")):
        declared = yaml.safe_load(file.with_suffix(".yml").read_text(encoding="utf-8"))["seeds"][0]
        types = declared["config"]["column_types"]
        casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
        connection.execute(
            f"create or replace table seeds.{file.stem} as select {casts} from "
            f"read_csv('{file}', all_varchar = true, header = true, nullstr = '')"
        )
    if share < 1:
        connection.execute(
            "update seeds.caps set max_n = greatest(1, round(max_n * ?)) where unit = 'all'", [share]
        )
        connection.execute("update seeds.budgets set amount = amount * ?", [share])
