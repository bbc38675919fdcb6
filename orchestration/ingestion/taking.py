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
from orchestration.ingestion.lines import Refused, unpacked
from orchestration.ingestion.loads import Load, moment_text
from orchestration.ingestion.records import Spool, set_everything_aside, spool_csv, spool_in, spool_json
from orchestration.ingestion.writing import write_quarantine, write_rows

MEMORY = "2GB"
FORMS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet"}


@dataclass(frozen=True)
class Delivery:
    """A file to take in and the load it becomes. refuse_from: the fewest rows that may refuse it all; None: never."""

    path: Path
    form: str
    load: Load
    refuse_from: int | None = 1


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
    """One delivery as one committed load; refused as a whole it still leaves its load, with no rows."""
    with engine_in(held.scratch) as engine:
        try:
            load, spool = fitting(engine, contract, delivery, held.scratch)
        except Refused as refusal:
            load, spool = refused(engine, contract, delivery, held.scratch, str(refusal))
        held.at("before writing")
        parquet = write_rows(engine, contract, load, held.scratch)
        quarantine = write_quarantine(engine, load, spool, held.scratch) if load.rows_quarantined else None
    return commit(held, load, parquet, quarantine)


def fitting(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, scratch: Path
) -> tuple[Load, Spool]:
    """The table `fitted` and what is to be told of it. Refused when the delivery cannot be trusted as a whole."""
    spool, delivered = read(engine, contract, delivery, scratch)
    fit(engine, contract, delivered, delivery.load.loaded_at)
    load = counted(engine, contract, delivery.load, spool, delivered)
    return refuse_if_mostly_unfit(engine, contract, load, delivery.refuse_from), spool


def refused(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, scratch: Path, why: str
) -> tuple[Load, Spool]:
    """Nothing lands; every line of a text file, or the mere name of another, goes to quarantine."""
    columns = ", ".join(f"cast(null as {c.data_type}) as {quoted(c.name)}" for c in contract.columns)
    texts = ", ".join(f"cast(null as varchar) as {name}" for name in ("_extra", "_raw", "_reasons", "_notes"))
    engine.execute(f"create or replace table fitted as select 0::bigint as _line, {texts}, {columns} limit 0")
    spool = set_everything_aside(delivery.path if delivery.form in ("csv", "ndjson") else None, scratch, why)
    rows = spool.aside_rows
    flags = (*delivery.load.flags, why)
    return replace(
        delivery.load, flags=flags, rows_in=rows, rows_quarantined=rows, reasons={why: rows}
    ), spool


def read(
    engine: duckdb.DuckDBPyConnection, contract: StreamContract, delivery: Delivery, scratch: Path
) -> tuple[Spool, Delivered]:
    """The delivery as the view `delivered`."""
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
    """The file itself, or its unzipped copy."""
    if path.suffix != ".gz":
        return path
    copy = scratch / "unzipped.parquet"
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
