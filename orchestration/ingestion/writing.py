"""The two Parquet files of a load: the rows that land and the rows in quarantine, as drafts to be put in place."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.ingestion.aside import aside_sql
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.fit import literal, quoted
from orchestration.ingestion.loads import Load, moment_text
from orchestration.ingestion.records import Spool

PARQUET = "(format parquet, compression zstd, compression_level 1)"


def write_rows(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, load: Load, scratch: Path
) -> Path:
    """The rows of `fitted` that fit, as they stand in raw: declared columns, then where they came from."""
    draft = scratch / "rows.parquet"
    columns = ", ".join(
        f"cast({quoted(c.name)} as {c.data_type}) as {quoted(c.name)}" for c in contract.columns
    )
    engine.execute(
        f"copy (select {columns}, _extra, {literal(load.load_id)} as _load_id, "
        f"timestamp '{moment_text(load.loaded_at)}' as _loaded_at, {literal(load.source_file or load.kind)} as _file, "
        f"_line from fitted where _reasons is null) to {literal(str(draft))} {PARQUET}"
    )
    return draft


def write_quarantine(engine: duckdb.DuckDBPyConnection, load: Load, spool: Spool, scratch: Path) -> Path:
    """Every row that does not fit and every line that is no record; is_kept where it landed with a stand-in."""
    draft = scratch / "quarantine.parquet"
    source, _, stream = load.stream.partition(".")
    aside = f"union all select *, false from {aside_sql(spool.aside)}" if spool.aside_rows else ""
    engine.execute(
        f"""copy (
            select {literal(source)} as source, {literal(stream)} as stream, {literal(load.load_id)} as load_id,
                {literal(load.source_file or load.kind)} as file, line, raw_text, raw_bytes, reasons, is_kept,
                timestamp '{moment_text(load.loaded_at)}' as quarantined_at
            from (
                select _line as line, _raw as raw_text, cast(null as blob) as raw_bytes,
                    concat_ws('; ', _reasons, _notes) as reasons, _reasons is null as is_kept
                from fitted where _reasons is not null or _notes is not null
                {aside}
            )
        ) to {literal(str(draft))} {PARQUET}"""
    )
    return draft
