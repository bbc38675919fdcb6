"""Taking one delivery in: read it, fit it to its contract, and put what fits and what does not in their places."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.ingestion.commit import Shelf, commit
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.counting import counted, refuse_if_mostly_unfit
from orchestration.ingestion.delivered import Delivered, deliver_csv, deliver_json, deliver_parquet
from orchestration.ingestion.fit import FUTURE_HOURS, fitted_sql, quoted
from orchestration.ingestion.known import leave_out_known, rows_in_hand
from orchestration.ingestion.lines import Refused, unpacked
from orchestration.ingestion.loads import Load, moment_text
from orchestration.ingestion.records import Spool, set_everything_aside, spool_csv, spool_in, spool_json
from orchestration.ingestion.writing import write_quarantine, write_rows

MEMORY = "2GB"
FORMS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet"}


@dataclass(frozen=True)
class Delivery:
    """A file to take in and the load it becomes.

    refuse_from: the fewest rows that may refuse it all; None: never. window: loads whose rows are no news.
    refused_because: why nothing of it may land, where that is known before reading it. stamp: the file as it was
    when it was hashed; Unsettled if someone wrote to it since.
    """

    path: Path
    form: str
    load: Load
    refuse_from: int | None = 1
    window: tuple[Load, ...] | None = None
    refused_because: str = ""
    stamp: str = ""


class NothingNew(Exception):
    """Every row of a delivery is known already; there is nothing to load."""


class Unsettled(Exception):
    """Someone is still writing to the file: the next run takes it in."""


def stamp_of(path: Path) -> str:
    """Size and times: a file with the same stamp was not written to. Empty when it is gone."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


def form_of(name: str) -> str:
    """csv, ndjson, parquet or unknown, by a file's name."""
    return FORMS.get(Path(name.lower().removesuffix(".gz")).suffix, "unknown")


@contextmanager
def engine_in(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory that spills beside the stream and fetches nothing from anywhere."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(scratch / "spill"),
        "threads": 2,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as engine:
        engine.execute("load icu; set TimeZone = 'UTC'; set preserve_insertion_order = false")
        yield engine


def take_in(held: Shelf, contract: StreamContract, delivery: Delivery) -> Load:
    """One delivery as one committed load; refused as a whole it still leaves its load, with no rows.

    NothingNew when all of it is known, Unsettled when it changed meanwhile.
    """
    with engine_in(held.scratch) as engine:
        try:
            load, spool = fitting(engine, contract, delivery, held)
        except Refused as refusal:
            load, spool = refused(engine, contract, delivery, held.scratch, str(refusal))
        if delivery.stamp and stamp_of(delivery.path) != delivery.stamp:
            raise Unsettled(f"{delivery.path.name} is still being written")
        held.at("before writing")
        parquet = write_rows(engine, contract, load, held.scratch)
        quarantine = write_quarantine(engine, load, spool, held.scratch) if load.rows_quarantined else None
    return commit(held, load, parquet, quarantine)


def fitting(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, held: Shelf
) -> tuple[Load, Spool]:
    """The table `fitted` and what is to be told of it. Refused when the delivery cannot be trusted as a whole."""
    spool, delivered = read(engine, contract, delivery, held.scratch)
    fit(engine, contract, delivered, delivery.load.loaded_at)
    load = delivery.load
    if delivery.window is not None:
        load = without_known(engine, contract, delivery, spool, held)
    load = counted(engine, contract, load, spool, delivered)
    return refuse_if_mostly_unfit(engine, contract, load, delivery.refuse_from), spool


def without_known(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, spool: Spool, held: Shelf
) -> Load:
    """The load, told how many of its rows stand in the window's loads already; those are gone from `fitted`."""
    window = delivery.window or ()
    raw = [held.parquet(load.load_id) for load in window if load.rows_kept]
    quarantine = [held.quarantine / f"{load.load_id}.parquet" for load in window if load.rows_quarantined]
    known = leave_out_known(engine, contract, spool, raw, quarantine)
    if rows_in_hand(engine) + spool.aside_rows == 0:
        raise NothingNew
    return replace(delivery.load, rows_known=known)


def refused(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, scratch: Path, why: str
) -> tuple[Load, Spool]:
    """Nothing lands; every line of a text file, or the mere name of another, goes to quarantine."""
    columns = ", ".join(f"cast(null as {c.data_type}) as {quoted(c.name)}" for c in contract.columns)
    texts = ", ".join(f"cast(null as varchar) as {name}" for name in ("_extra", "_raw", "_reasons", "_notes"))
    engine.execute(f"create or replace table fitted as select 0::bigint as _line, {texts}, {columns} limit 0")
    spool = set_everything_aside(delivery.path if delivery.form in ("csv", "ndjson") else None, scratch, why)
    rows = spool.aside_rows
    load = replace(delivery.load, rows_in=rows, rows_quarantined=rows, reasons={why: rows})
    return replace(load, flags=(*load.flags, why), cursor_after=load.cursor_before), spool


def read(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, scratch: Path
) -> tuple[Spool, Delivered]:
    """The delivery as the view `delivered`."""
    if delivery.refused_because:
        raise Refused(f"refused: {delivery.refused_because}")
    if delivery.form == "csv":
        spool = spool_csv(delivery.path, scratch, {column.name for column in contract.columns})
        return spool, deliver_csv(engine, contract, spool)
    if delivery.form == "ndjson":
        spool = spool_json(delivery.path, scratch)
        return spool, deliver_json(engine, contract, spool)
    if delivery.form == "parquet":
        return spool_in(scratch), deliver_parquet(engine, contract, plain_file(delivery.path, scratch))
    raise Refused("refused: unknown kind of file; send .csv, .ndjson or .parquet, each optionally .gz")


def plain_file(path: Path, scratch: Path) -> Path:
    """The file, or its unzipped copy, under a name without surprises: DuckDB reads a * or [ in a name as a pattern."""
    copy = scratch / "plain.parquet"
    copy.unlink(missing_ok=True)
    if path.suffix != ".gz":
        copy.symlink_to(path.resolve())
        return copy
    with copy.open("wb") as out:
        try:
            out.writelines(unpacked(path))
        except EOFError:
            raise Refused("refused: the gzip is cut off; send the file again") from None
    return copy


def fit(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivered: Delivered, loaded_at: datetime
) -> None:
    """Every delivered row, typed and judged, as the table `fitted`."""
    latest = f"timestamp '{moment_text(loaded_at + timedelta(hours=FUTURE_HOURS))}'"
    try:
        engine.execute(f"create table fitted as {fitted_sql(contract, delivered.native, latest)}")
    except (duckdb.InvalidInputException, duckdb.IOException):
        raise Refused("refused: the file is damaged inside; send it again") from None
