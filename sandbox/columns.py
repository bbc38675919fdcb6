"""Equally long arrays under names: how facts travel inside the sandbox, and how they become Arrow columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from sandbox.noise import Array

Columns = dict[str, Array]
STAGING = Path(__file__).resolve().parent.parent / "models" / "staging"
DAY_SECONDS = 86_400


def join(chunks: Sequence[Columns]) -> Columns:
    """One set of columns from many with the same names; at least one chunk is needed."""
    if len(chunks) == 1:
        return chunks[0]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def pick(columns: Columns, rows: Array) -> Columns:
    """The rows of a mask or of positions."""
    return {name: values[rows] for name, values in columns.items()}


def found(values: Array, rows: Array, otherwise: float = -1) -> Array:
    """values[rows]; a row of -1 gives otherwise."""
    padded: Array = np.append(values, values.dtype.type(otherwise))
    looked_up: Array = padded[rows]
    return looked_up


def latest(people: int, person: Array) -> Array:
    """Per person the last row that names them, -1 where none does."""
    rows = np.full(people, -1, np.int32)
    rows[person] = np.arange(len(person), dtype=np.int32)
    return rows


def size(columns: Columns) -> int:
    """Number of rows."""
    return len(next(iter(columns.values())))


def money(cents: Array) -> pa.Array:
    """decimal(18, 2) from whole cents."""
    low = cents.astype(np.int64)
    pairs = np.ascontiguousarray(np.stack([low, low >> 63], axis=1))
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [None, pa.py_buffer(pairs)])


def moments(day: Array, second: Array) -> pa.Array:
    """Timestamps (UTC, microseconds) from days since 1970-01-01 and seconds of the day."""
    micros = (day.astype(np.int64) * DAY_SECONDS + second.astype(np.int64)) * 1_000_000
    return pa.array(micros).view(pa.timestamp("us"))


def digits(values: Array, width: int = 0) -> pa.Array:
    """Integers as text, with leading zeros up to a width."""
    text = pa.array(values.astype(np.int64)).cast(pa.string())
    return pc.utf8_lpad(text, width, padding="0") if width else text


def hexadecimal(values: Array) -> pa.Array:
    """64-bit integers as 16 hexadecimal digits."""
    text = values.astype(">u8").tobytes().hex().encode()
    offsets = np.arange(0, len(text) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(text))


def text(*parts: pa.Array | str) -> pa.Array:
    """Parts glued together; null where any part is null."""
    return pc.binary_join_element_wise(*[_scalar(p) if isinstance(p, str) else p for p in parts], _scalar(""))


def _scalar(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.string())


def take(values: pa.Array, rows: Array) -> pa.Array:
    """values[rows]; a negative row gives null."""
    return values.take(pa.array(rows, mask=rows < 0) if len(rows) and rows.min() < 0 else pa.array(rows))


def where(condition: Array, yes: Any, no: Any) -> pa.Array:
    """Row by row yes or no; None stands for null."""
    return pc.if_else(pa.array(condition), _maybe(yes), _maybe(no))


def _maybe(value: Any) -> Any:
    return pa.scalar(value, pa.string()) if value is None or isinstance(value, str) else value


@cache
def schema(stream: str) -> pa.Schema:
    """The declared columns of a stream ("shop.orders") as the staging contract writes them."""
    source, table = stream.split(".")
    contract = yaml.safe_load((STAGING / source / f"_{source}__sources.yml").read_text())
    tables = {t["name"]: t for s in contract["sources"] for t in s["tables"]}
    return pa.schema([(c["name"], _arrow_type(c["data_type"])) for c in tables[table]["columns"]])


def _arrow_type(name: str) -> pa.DataType:
    return {
        "string": pa.string(),
        "timestamp": pa.timestamp("us"),
        "decimal(18, 2)": pa.decimal128(18, 2),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "bigint": pa.int64(),
        "date": pa.date32(),
    }[name]


def export(stream: str, rows: int, columns: dict[str, Any]) -> pa.Table:
    """A table with exactly the declared columns of a stream; what is not given is null.

    Raises ValueError where a column is given that the contract does not declare.
    """
    declared = schema(stream)
    strangers = set(columns) - set(declared.names)
    if strangers:
        raise ValueError(f"{stream} does not declare {sorted(strangers)}: correct the export or the contract")
    arrays = [_column(columns.get(f.name), f.type, rows) for f in declared]
    return pa.Table.from_arrays(arrays, schema=declared)


def _column(value: Any, kind: pa.DataType, rows: int) -> Any:
    if value is None:
        return pa.nulls(rows, kind)
    if isinstance(value, str | int | float):
        return pa.repeat(pa.scalar(value, kind), rows)
    array = value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value)
    return array if array.type == kind else array.cast(kind)


def empty(stream: str) -> pa.Table:
    """No rows of a stream."""
    return schema(stream).empty_table()


def stack(stream: str, tables: Iterable[pa.Table]) -> pa.Table:
    """Tables of one stream, one after the other."""
    return pa.concat_tables([empty(stream), *tables]).combine_chunks()
