"""Downbeat's own streams, and the empty load that gives every declared stream its types from the first day on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

from orchestration.ingestion.commit import Shelf, commit, next_moment, safe_id, shelf
from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.fit import quoted
from orchestration.ingestion.loads import Load, committed_loads
from orchestration.ingestion.taking import engine_in
from orchestration.ingestion.writing import write_rows
from orchestration.paths import Home

BEGINNING = datetime(1970, 1, 1)


def ensure_declared(home: Home, contracts: dict[str, StreamContract] | None = None) -> list[Load]:
    """An empty typed load for every stream and version of its contract, so that readers always find a Parquet file."""
    made = []
    for contract in (load_contracts() if contracts is None else contracts).values():
        load_id = f"{BEGINNING:%Y%m%dT%H%M%S}-empty-{contract.version}"
        if load_id not in {load.load_id for load in committed_loads(home, contract.name)}:
            with shelf(home, contract.name) as held:
                load = Load(load_id, contract.name, "empty", BEGINNING, contract_version=contract.version)
                made.append(put(held, contract, load, None))
    return made


def commit_own(home: Home, stream: str, rows: pa.Table, load_id: str, loaded_at: datetime) -> Load:
    """Put rows that Downbeat made itself under one load id, once: the same id again changes nothing.

    rows: the declared columns, of types that cast to the declared ones; a value that does not is our own defect and
    raises. loaded_at becomes later than the stream's last load if it is not.
    """
    contract, own_id = load_contracts()[stream], safe_id(load_id)
    with shelf(home, stream) as held:
        known = committed_loads(home, stream)
        for load in known:
            if own_id in (load.load_id, *load.replaces):
                return load
        moment = next_moment(known, loaded_at)
        load = Load(own_id, stream, "own", moment, rows_in=rows.num_rows, rows_kept=rows.num_rows)
        return put(held, contract, load, rows)


def put(held: Shelf, contract: StreamContract, load: Load, rows: pa.Table | None) -> Load:
    """Rows as a committed load; None is no rows."""
    columns = ", ".join(quoted(column.name) for column in contract.columns)
    nothing = ", ".join(f"null as {quoted(column.name)}" for column in contract.columns)
    with engine_in(held.scratch) as engine:
        if rows is not None:
            engine.register("rows", rows)
        engine.execute(
            f"create view fitted as select {columns}, cast(null as varchar) as _extra, row_number() over () as _line, "
            f"null as _reasons from {'rows' if rows is not None else f'(select {nothing} limit 0)'}"
        )
        return commit(held, load, write_rows(engine, contract, load, held.scratch), None)
