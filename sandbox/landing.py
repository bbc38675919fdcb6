"""Files as outside systems drop them: Parquet, CSV and NDJSON, under landing/<source>/<stream>/."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

FORMATS = {
    "pos.receipt_lines": ".csv.gz",
    "pos.coupon_redemptions": ".csv.gz",
    "loyalty.members": ".csv.gz",
    "site.events": ".ndjson.gz",
}


def drop(landing: Path, stream: str, name: str, table: pa.Table) -> Path:
    """Writes one file of a stream, complete or not at all; returns its path."""
    kind = FORMATS.get(stream, ".parquet")
    folder = landing.joinpath(*stream.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}{kind}"
    WRITERS[kind](table, half)
    return half.rename(folder / f"{name}{kind}")


def _csv(table: pa.Table, path: Path) -> None:
    options = pa.csv.WriteOptions(quoting_style="needed")
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
        pa.csv.write_csv(_to_seconds(table), file, options)


def _ndjson(table: pa.Table, path: Path) -> None:
    with duckdb.connect() as base:
        base.execute("set enable_progress_bar = false")
        base.register("rows", _to_seconds(table))
        base.execute(f"copy (select * from rows) to '{path}' (format json, compression gzip)")


def _parquet(table: pa.Table, path: Path) -> None:
    pa.parquet.write_table(table, path, compression="zstd")


def _to_seconds(table: pa.Table) -> pa.Table:
    """Timestamps without fractions, as these systems write them."""
    kinds = [pa.timestamp("s") if pa.types.is_timestamp(f.type) else f.type for f in table.schema]
    fields = [f.with_type(kind) for f, kind in zip(table.schema, kinds, strict=True)]
    return table.cast(pa.schema(fields))


WRITERS = {".csv.gz": _csv, ".ndjson.gz": _ndjson, ".parquet": _parquet}
