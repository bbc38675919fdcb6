"""A warehouse small enough to read: every contract table, filled with the rows a test cares about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.paths import PROJECT, Home

AS_OF = datetime(2026, 3, 2, 6)
COLUMNS = PROJECT / "tests" / "fixtures" / "small_warehouse.ddl"

Rows = Mapping[str, list[dict[str, object]]]


def fill(connection: duckdb.DuckDBPyConnection, table: str, records: Sequence[Mapping[str, object]]) -> None:
    """Inserts the records, all at once for those that name the same columns."""
    for names, alike in groupby(records, key=tuple):
        values = [list(record.values()) for record in alike]
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join(f"({', '.join('?' for _ in names)})" for _ in values)
        insert = f"insert into {table} ({columns}) values {marks}"
        connection.execute(insert, [value for row in values for value in row])


def warehouse(root: Path, rows: Rows | None = None, without: str = "") -> Home:
    """A home whose warehouse holds every contract table but `without`; missing columns are null."""
    home = Home(root)
    home.warehouse.mkdir(parents=True, exist_ok=True)
    file = home.warehouse / "warehouse.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute(COLUMNS.read_text())
        for table in CONTRACT_TABLES:
            connection.execute(f"create table if not exists marts.{table} (customer_id text)")
        for table, records in (rows or {}).items():
            fill(connection, f"marts.{table}", records)
        if without:
            connection.execute(f"drop table marts.{without}")
    return home
