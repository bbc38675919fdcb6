"""Spark's managed tables, read as the Parquet files they are: after the release, nothing knows which engine ran."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.paths import Home


def spark_reader(home: Home, tables: Sequence[str]) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    """A connection and, for each table that Spark has written, the relation over its files."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    relations = {}
    for table in tables:
        folders = sorted((home.warehouse / "spark").glob(f"*.db/{table}"))
        if folders:
            relations[table] = f"read_parquet('{folders[0]}/*.parquet')"
    return connection, relations
