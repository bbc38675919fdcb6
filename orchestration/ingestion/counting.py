"""What is to be told of a load: how many rows, how many do not fit and why, and whether too many do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import duckdb

from orchestration.ingestion.aside import aside_sql
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.delivered import Delivered
from orchestration.ingestion.fit import literal, quoted
from orchestration.ingestion.loads import Load
from orchestration.ingestion.records import Spool


def counted(
    engine: duckdb.DuckDBPyConnection,
    contract: StreamContract,
    load: Load,
    spool: Spool,
    delivered: Delivered,
) -> Load:
    """The load with the counts of the table `fitted` and of what was set aside."""
    event = (
        f"max(case when _reasons is null then {quoted(contract.event_time)} end)"
        if contract.event_time
        else "null"
    )
    rows, unfit, otherwise, last_event = engine.execute(
        f"select count(*), count(_reasons), count(case when _reasons is null then _notes end), {event} from fitted"
    ).fetchall()[0]
    flags = (*load.flags, *remarks(rows, spool, delivered))
    return replace(
        load,
        flags=flags,
        rows_in=rows + spool.aside_rows + load.rows_known,
        rows_kept=rows - unfit,
        rows_quarantined=unfit + otherwise + spool.aside_rows,
        rows_otherwise=otherwise,
        reasons=why(engine, spool) if unfit + otherwise + spool.aside_rows else {},
        new_columns=delivered.new_columns,
        last_event_at=last_event,
    )


def remarks(rows: int, spool: Spool, delivered: Delivered) -> Iterator[str]:
    """What a person should look at although rows landed."""
    if spool.is_cut:
        yield "cut off: the gzip ends in the middle; what was whole has landed"
    if rows + spool.aside_rows == 0:
        yield "empty: nothing was delivered"
    if delivered.new_columns:
        yield f"new columns: {', '.join(delivered.new_columns)}"


def why(engine: duckdb.DuckDBPyConnection, spool: Spool) -> dict[str, int]:
    """Rows per reason, most frequent first; a row with two reasons counts for both."""
    aside = f"union all select reasons from {aside_sql(spool.aside)}" if spool.aside_rows else ""
    found = engine.execute(
        f"select reasons, count(*) from (select concat_ws('; ', _reasons, _notes) as reasons from fitted "
        f"where _reasons is not null or _notes is not null {aside}) group by all"
    ).fetchall()
    counts: Counter[str] = Counter()
    for reasons, rows in found:
        counts.update(dict.fromkeys(set(reasons.split("; ")), rows))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def refuse_if_mostly_unfit(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, load: Load, refuse_from: int | None
) -> Load:
    """A delivery of which too much does not fit is another thing than declared: nothing of it lands."""
    rows = load.rows_in - load.rows_known
    unfit = rows - load.rows_kept
    if refuse_from is None or rows < refuse_from or unfit <= contract.refuse_share * rows:
        return load
    flag = f"refused: {unfit} of {rows} rows do not fit the contract"
    refused = literal("refused with its file: too many rows do not fit the contract")
    engine.execute(
        f"create or replace table fitted as select f.* replace (d._raw as _raw, null as _notes, "
        f"coalesce(f._reasons, {refused}) as _reasons) from fitted as f inner join delivered as d on f._line = d._line"
    )
    return replace(
        load,
        flags=(*load.flags, flag),
        rows_kept=0,
        rows_quarantined=rows,
        cursor_after=load.cursor_before,
        rows_otherwise=0,
        last_event_at=None,
    )
