"""Three formats as one relation, `delivered`: line, raw text, declared columns as they came, the others as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.fit import literal, quoted
from orchestration.ingestion.lines import Refused
from orchestration.ingestion.quoting import UNIT
from orchestration.ingestion.records import Spool

SPOOL_OPTIONS = (
    f"delim = '{UNIT.decode()}', quote = '', escape = '', header = false, auto_detect = false, nullstr = '', "
    "new_line = '\\n', max_line_size = 8388608, buffer_size = 33554432, parallel = true"
)


@dataclass(frozen=True)
class Delivered:
    """What a delivery brings: columns nobody declared, and the engine's types where they are not text."""

    new_columns: tuple[str, ...] = ()
    native: dict[str, str] = field(default_factory=dict)


def deliver_csv(engine: duckdb.DuckDBPyConnection, contract: StreamContract, spool: Spool) -> Delivered:
    """The spool of a CSV file. Refused when a required column is missing."""
    refuse_missing(contract, spool.header)
    fields = {name: f"c{index}" for index, name in enumerate(spool.header)}
    types = {"_line": "BIGINT"} | dict.fromkeys([*fields.values(), "_quoted"], "VARCHAR")
    restored = {
        name: f"replace({f}, chr(30), chr(10))" if spool.has_line_breaks else f for name, f in fields.items()
    }
    declared = {column.name for column in contract.columns}
    new = {name: value for name, value in restored.items() if name not in declared}
    raw = f" || {literal(spool.delimiter)} || ".join(f"coalesce({f}, '')" for f in fields.values())
    columns = "".join(
        f", {restored.get(c.name, 'cast(null as varchar)')} as {quoted(c.name)}" for c in contract.columns
    )
    engine.execute(
        f"create view delivered as select _line, replace(coalesce(_quoted, {raw}), chr(30), chr(10)) as _raw, "
        f"cast(null as varchar) as _malformed, {extra_sql(new)} as _extra{columns} "
        f"from {spool_sql(spool, types)}"
    )
    return Delivered(tuple(sorted(name for name in new if name)))


def deliver_json(engine: duckdb.DuckDBPyConnection, contract: StreamContract, spool: Spool) -> Delivered:
    """The spool of an NDJSON file. What is not an object is a malformed row; a declared value may be nested."""
    names = [column.name for column in contract.columns]
    shape, others = json.dumps(dict.fromkeys(names, "VARCHAR")), json.dumps(dict.fromkeys(names))
    spooled = spool_sql(spool, {"_line": "BIGINT", "_raw": "VARCHAR"})
    columns = "".join(f", nullif(fields.{quoted(name)}, '') as {quoted(name)}" for name in names)
    rest = f"json_merge_patch(_object, {literal(others)})"
    engine.execute(
        f"""create view delivered as
        with lines as (
            select _line, _raw, _raw not like '%\\u0000%' as _clean,
                case when json_valid(_raw) and json_type(_raw) = 'OBJECT' then _raw end as _object
            from {spooled}
        ),
        parsed as (select *, json_transform(_object, {literal(shape)}) as fields from lines)
        select _line, _raw,
            case when _object is null then 'not a JSON object' when not _clean then 'NUL character' end as _malformed,
            case when _object is not null then nullif(cast({rest} as varchar), '{{}}') end as _extra{columns}
        from parsed"""
    )
    found = engine.execute(
        "select distinct unnest(json_keys(_extra)) from delivered where _extra is not null order by 1"
    )
    return Delivered(tuple(name for (name,) in found.fetchall()))


def deliver_parquet(engine: duckdb.DuckDBPyConnection, contract: StreamContract, path: Path) -> Delivered:
    """A Parquet file as it is. Refused when it cannot be read or a required column is missing."""
    rows = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        found = {name: kind for name, kind, *_ in engine.execute(f"describe select * from {rows}").fetchall()}
    except duckdb.Error:
        raise Refused("refused: not a readable Parquet file; send it again") from None
    by_name = {name.lower(): name for name in found if name != "file_row_number"}
    refuse_missing(contract, tuple(by_name))
    declared = {column.name for column in contract.columns}
    new = {name: quoted(original) for name, original in by_name.items() if name not in declared}
    native = {name: found[by_name[name]] for name in declared & by_name.keys()}
    columns = "".join(
        f", {parquet_column(name, by_name, native)} as {quoted(name)}" for name in sorted(declared)
    )
    everything = ", ".join(f"{literal(name)}, {quoted(original)}" for name, original in by_name.items())
    engine.execute(
        f"create view delivered as select file_row_number + 1 as _line, "
        f"cast(json_object({everything}) as varchar) as _raw, "
        f"cast(null as varchar) as _malformed, {extra_sql(new)} as _extra{columns} from {rows}"
    )
    return Delivered(tuple(sorted(new)), native)


def spool_sql(spool: Spool, types: dict[str, str]) -> str:
    """The spool as a relation of the given columns."""
    return f"read_csv({literal(str(spool.path))}, columns = {types}, {SPOOL_OPTIONS})"


def parquet_column(name: str, by_name: dict[str, str], native: dict[str, str]) -> str:
    """A declared column of a Parquet file; null where the file does not have it, empty text as null."""
    if name not in by_name:
        return "cast(null as varchar)"
    original = quoted(by_name[name])
    return f"nullif({original}, '')" if native[name] == "VARCHAR" else original


def extra_sql(new: dict[str, str]) -> str:
    """Undeclared columns as one JSON text; null where they are all empty."""
    if not new:
        return "cast(null as varchar)"
    pairs = ", ".join(f"{literal(name)}, {value}" for name, value in new.items())
    some = " or ".join(f"{value} is not null" for value in new.values())
    return f"case when {some} then cast(json_object({pairs}) as varchar) end"


def refuse_missing(contract: StreamContract, header: tuple[str, ...]) -> None:
    """A required column that is not there makes every row wrong: the file is refused, not its rows one by one."""
    missing = [column.name for column in contract.columns if column.is_required and column.name not in header]
    if missing:
        raise Refused(f"refused: required columns are missing: {', '.join(missing)}")
