"""Contract tables to Parquet: the same warehouse gives the same bytes; an unchanged past costs nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.file_layout import parquet_of, sorted_by
from orchestration.paths import Home

Reader = Callable[[Home, Sequence[str]], tuple[duckdb.DuckDBPyConnection, dict[str, str]]]
"""Opens a warehouse: a DuckDB connection, and for each table found the SQL relation that reads it."""

PERIODS = {
    "fct_ledger": ("day", "decided_at"),
    "fct_identifier_assignments": ("day", "valid_from"),
    "fct_record_identifiers": ("month", "loaded_at"),
}
"""Tables that only grow: one file per period, and a period that did not change is not written again."""

LOOKUPS = {"customers_by_identifier": "dim_customer_identifiers"}
"""Tables written once more in another order, so that a question about one identifier reads one row group."""


@dataclass(frozen=True)
class Part:
    """One Parquet file. `path` is relative to its release; `fingerprint` tells if its rows changed."""

    path: str
    rows: int
    sha256: str
    fingerprint: str = ""


@dataclass(frozen=True)
class Earlier:
    """The release before: where its files are, and which they are by path. Nothing when there is none."""

    folder: Path | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)


def duckdb_reader(home: Home, tables: Sequence[str]) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    """The DuckDB warehouse, read-only. Raises duckdb.IOException while another process holds the file."""
    connection = duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{os.environ.get('DOWNBEAT_MEMORY', '6GB')}'")
    rows = connection.execute(
        "select table_name, table_schema from information_schema.tables"
        " where table_name in (select unnest(?)) order by table_schema <> 'main', table_schema",
        [list(tables)],
    ).fetchall()
    return connection, {table: f'"{schema}"."{table}"' for table, schema in rows}


def export_table(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, root: Path, earlier: Earlier
) -> list[Part]:
    """Writes one table under root/<table>; what did not change is shared with the release before."""
    if table not in PERIODS:
        return [_whole(connection, table, relation, root, earlier)]
    columns = _columns(connection, relation)
    period, column = PERIODS[table]
    day = f"cast(date_trunc('{period}', {column}) as date)"
    parts = []
    for date, rows, total in _counted(connection, relation, day):
        path, fingerprint = (
            f"{table}/{date or 'undated'}/part-0.parquet",
            _fingerprint(table, columns, rows, total),
        )
        part = _shared(earlier, path, fingerprint, root)
        if part is None:
            wanted = f"{day} = date '{date}'" if date else f"{day} is null"
            query = f"select * from {relation} where {wanted} {_order(table, columns)}"
            part = _write(connection, query, rows, root, path, fingerprint)
        parts.append(part)
    return parts or [_write(connection, f"from {relation}", 0, root, f"{table}/none/part-0.parquet")]


def export_lookups(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], root: Path, earlier: Earlier
) -> dict[str, list[Part]]:
    """Writes the lookups of those tables that are there, or shares them where nothing changed."""
    return {
        name: [_whole(connection, name, relations[table], root, earlier)]
        for name, table in LOOKUPS.items()
        if table in relations
    }


def _whole(
    connection: duckdb.DuckDBPyConnection, name: str, relation: str, root: Path, earlier: Earlier
) -> Part:
    """A table in one file; the one of the release before where no row changed: counting is cheap."""
    [(_, rows, total)] = _counted(connection, relation, "null") or [("", 0, "")]
    columns, path = _columns(connection, relation), f"{name}/part-0.parquet"
    fingerprint = _fingerprint(name, columns, rows, total)
    query = f"select * from {relation} {_order(name, columns)}"
    return _shared(earlier, path, fingerprint, root) or _write(
        connection, query, rows, root, path, fingerprint
    )


def _counted(connection: duckdb.DuckDBPyConnection, relation: str, period: str) -> list[tuple[str, int, str]]:
    """By period: rows, and a sum over them that does not depend on their order."""
    return connection.execute(
        f"select cast({period} as varchar), count(*), cast(sum(hash(rows)) as varchar)"
        f" from {relation} as rows group by 1 order by 1"
    ).fetchall()


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The type of every column by its name."""
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in rows}


def _order(table: str, columns: Mapping[str, str]) -> str:
    return "order by " + ", ".join(f'"{column}" nulls last' for column in sorted_by(table, list(columns)))


def _fingerprint(table: str, columns: Mapping[str, str], rows: int, total: str) -> str:
    """What decides a file's bytes. A sum over values would not see a renamed column, nor another order."""
    layout = repr([*columns.items(), _order(table, columns), parquet_of(rows)])
    return f"{hashlib.sha256(layout.encode()).hexdigest()[:12]}:{rows}:{total}"


def _shared(earlier: Earlier, path: str, fingerprint: str, root: Path) -> Part | None:
    """A hard link to the same day in the release before; None where the day is new or changed."""
    known = earlier.parts.get(path)
    if earlier.folder is None or known is None or known.fingerprint != fingerprint:
        return None
    (root / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(earlier.folder / path, root / path)
    except OSError:
        return None
    return known


def _write(
    connection: duckdb.DuckDBPyConnection, query: str, rows: int, root: Path, path: str, fingerprint: str = ""
) -> Part:
    """One file of about so many rows, as the query orders them."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    quoted = str(target).replace("'", "''")
    connection.execute(f"copy ({query}) to '{quoted}' {parquet_of(rows)}")
    counted = connection.execute(f"select count(*) from read_parquet('{quoted}')").fetchone()
    settle(target)
    return Part(path, int(counted[0]) if counted else 0, sha256_of(target), fingerprint)


def settle(path: Path) -> None:
    """For the owner's eyes only, and on the disk rather than on its way there."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
