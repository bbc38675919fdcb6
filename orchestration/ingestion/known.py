"""Leaving out what an overlapping pull brings again unchanged."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.ingestion.aside import aside_sql
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.fit import literal, quoted
from orchestration.ingestion.records import Spool


def leave_out_known(
    engine: duckdb.DuckDBPyConnection,
    contract: StreamContract,
    spool: Spool,
    raw: list[Path],
    quarantine: list[Path],
) -> int:
    """Drop from `fitted` what already stands in `raw` or `quarantine`; how many rows that were.

    A record is known when the last version delivered now equals the last version loaded: a value that goes back to
    an older one is news.
    """
    before = rows_in_hand(engine) + spool.aside_rows
    columns = [quoted(column.name) for column in contract.columns]
    everything = ", ".join([*columns, "_extra"])
    engine.execute(
        f"create or replace table fitted as select * exclude (_copy) from (select *, row_number() over "
        f"(partition by {everything}, _reasons, _raw order by _line desc) as _copy from fitted) where _copy = 1"
    )
    if raw:
        leave_out_loaded(engine, contract, columns, raw)
    if quarantine:
        seen = f"select raw_text from read_parquet({paths(quarantine)}) where not is_kept"
        engine.execute(f"delete from fitted where _reasons is not null and _raw in ({seen})")
        leave_out_aside(engine, spool, seen)
    return before - rows_in_hand(engine) - spool.aside_rows


def leave_out_loaded(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, columns: list[str], raw: list[Path]
) -> None:
    """Drop every record whose last version is the one last loaded."""
    key = ", ".join(quoted(name) for name in contract.key)
    same = " and ".join(f"new.{column} is not distinct from old.{column}" for column in [*columns, "_extra"])
    same_key = " and ".join(
        f"f.{quoted(name)} is not distinct from same.{quoted(name)}" for name in contract.key
    )
    engine.execute(
        f"""delete from fitted as f using (
            with old as (
                select * from (
                    select * from read_parquet({paths(raw)}, union_by_name = true)
                    union all by name (select {", ".join(columns)} from fitted where false)
                )
                qualify row_number() over (partition by {key} order by _loaded_at desc, _line desc) = 1
            ),
            new as (
                select * from fitted where _reasons is null
                qualify row_number() over (partition by {key} order by _line desc) = 1
            )
            select new.* from new inner join old on {same}
        ) as same
        where f._reasons is null and {same_key}"""
    )


def leave_out_aside(engine: duckdb.DuckDBPyConnection, spool: Spool, seen: str) -> None:
    """The same for lines that are no records."""
    if not spool.aside_rows:
        return
    fresh = spool.aside.with_name("fresh")
    columns = "line, raw_text, hex(raw_bytes) as raw_hex, reasons"
    rows = f"select {columns} from {aside_sql(spool.aside)} where raw_text not in ({seen})"
    engine.execute(f"copy ({rows}) to {literal(str(fresh))} (format json)")
    spool.aside = fresh
    spool.aside_rows = int(engine.execute(f"select count(*) from {aside_sql(fresh)}").fetchall()[0][0])


def rows_in_hand(engine: duckdb.DuckDBPyConnection) -> int:
    """Rows of `fitted`."""
    return int(engine.execute("select count(*) from fitted").fetchall()[0][0])


def paths(files: list[Path]) -> str:
    """Files as an SQL list."""
    return "[" + ", ".join(literal(str(file)) for file in files) + "]"
