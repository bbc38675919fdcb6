"""A warehouse small enough to read: every contract table, filled with the rows a test cares about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.paths import PROJECT, Home

AS_OF = datetime(2026, 3, 2, 6)
COLUMNS = PROJECT / "tests" / "fixtures" / "small_warehouse.ddl"

Rows = Mapping[str, list[dict[str, object]]]


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
            for record in records:
                names = ", ".join(f'"{name}"' for name in record)
                marks = ", ".join("?" for _ in record)
                insert = f"insert into marts.{table} ({names}) values ({marks})"
                connection.execute(insert, list(record.values()))
        if without:
            connection.execute(f"drop table marts.{without}")
    return home
