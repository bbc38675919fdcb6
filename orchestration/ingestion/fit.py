"""Making delivered values the declared types, and saying of every row why it does not fit. All rows at once, in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestration.ingestion.contract import Column, StreamContract

FUTURE_HOURS = 24
WHOLE_NUMBERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT")
NUMBERS = (*WHOLE_NUMBERS, "DECIMAL", "DOUBLE", "FLOAT")
# Which column types a Parquet file may bring for a declared type without a detour through text.
NATIVE = {
    "string": ("VARCHAR",),
    "timestamp": ("TIMESTAMP", "DATE"),
    "date": ("DATE",),
    "boolean": ("BOOLEAN",),
    "bigint": WHOLE_NUMBERS,
    "double": NUMBERS,
    "decimal": NUMBERS,
}


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def fitted_sql(contract: StreamContract, native: Mapping[str, str], latest: str) -> str:
    """Rows of `delivered` typed, with _reasons (does not fit), _notes (fits with a stand-in) and _raw for both.

    native: the engine's type of each delivered column that is not text. latest: SQL of the latest event time allowed.
    """
    typed = ", ".join(
        f"{typed_sql(c, native.get(c.name, 'VARCHAR'))} as {quoted('_t_' + c.name)}" for c in contract.columns
    )
    values = ", ".join(f"{kept_sql(c)} as {quoted(c.name)}" for c in contract.columns)
    reasons = ", ".join(reason for c in contract.columns for reason in reasons_sql(c))
    future = future_sql(contract, latest)
    nothing = " and ".join(f"{quoted(c.name)} is null" for c in contract.columns)
    empty = when(nothing, "every declared column is empty")
    notes = ", ".join(notes_sql(contract)) or "null"
    return f"""
        with typed as (select *, {typed} from delivered),
        judged as (
            select _line, _extra, _raw, {values},
                case when _malformed is not null then _malformed
                    else nullif(concat_ws('; ', {empty}, {reasons}{future}), '') end as _reasons,
                nullif(concat_ws('; ', {notes}), '') as _notes
            from typed
        )
        select * replace (case when _reasons is not null or _notes is not null then _raw end as _raw) from judged
    """


def typed_sql(column: Column, native: str) -> str:
    """A delivered value as its declared type; null where it is not one."""
    name, kind = quoted(column.name), column.data_type.partition("(")[0]
    text = native == "VARCHAR"
    if kind == "string":
        return name if text else f"cast({name} as varchar)"
    if not text and not native.startswith(NATIVE[kind]):
        name, text = f"cast({name} as varchar)", True
    if kind == "bigint" and text:
        return f"case when regexp_full_match({name}, '\\s*[+-]?[0-9]+([.]0*)?\\s*') then try_cast({name} as bigint) end"
    if kind == "timestamp":
        return finite(f"cast(try_cast({name} as timestamptz) as timestamp)")
    if kind in ("double", "date"):
        return finite(f"try_cast({name} as {kind})")
    return f"try_cast({name} as {column.data_type})"


def finite(value: str) -> str:
    """Neither infinite nor not a number."""
    return f"case when isfinite({value}) then {value} end"


def kept_sql(column: Column) -> str:
    """The value that lands: typed, and the stand-in where the value is not an accepted one."""
    name = quoted("_t_" + column.name)
    if column.otherwise is None:
        return name
    return f"case when {unknown_sql(column)} then {literal(column.otherwise)} else {name} end"


def unknown_sql(column: Column) -> str:
    """Whether a value is there and is not an accepted one."""
    accepted = ", ".join(literal(value) for value in column.accepted)
    return f"coalesce({quoted('_t_' + column.name)} not in ({accepted}), false)"


def reasons_sql(column: Column) -> Iterator[str]:
    """Every way in which one column may not fit, each an SQL text or null. Never with the value itself."""
    name, typed = quoted(column.name), quoted("_t_" + column.name)
    if column.is_required:
        blank = f" or trim({typed}) = ''" if column.data_type == "string" else ""
        yield when(f"{name} is null{blank}", f"{column.name}: required")
    if column.data_type != "string":
        yield when(f"{name} is not null and {typed} is null", f"{column.name}: expected {column.data_type}")
    if column.accepted and column.otherwise is None:
        yield when(unknown_sql(column), f"{column.name}: not one of {', '.join(column.accepted)}")
    if column.minimum is not None:
        yield when(f"{typed} < {column.minimum}", f"{column.name}: below {column.minimum:g}")
    if column.maximum is not None:
        yield when(f"{typed} > {column.maximum}", f"{column.name}: above {column.maximum:g}")


def notes_sql(contract: StreamContract) -> Iterator[str]:
    """Values that land as something else than they came."""
    for column in contract.columns:
        if column.otherwise is not None:
            yield when(unknown_sql(column), f"{column.name}: unknown value, kept as {column.otherwise}")


def future_sql(contract: StreamContract, latest: str) -> str:
    """Events from further ahead than a clock can be wrong."""
    if contract.event_time is None:
        return ""
    words = f"{contract.event_time}: more than {FUTURE_HOURS} hours after it was delivered"
    return ", " + when(f"{quoted('_t_' + contract.event_time)} > {latest}", words)


def when(condition: str, words: str) -> str:
    """Words where a condition holds."""
    return f"case when {condition} then {literal(words)} end"
