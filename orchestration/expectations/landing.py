"""The door things come in by: a suite for each stream, made from its contract, judged on its loads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.expectations.suite import (
    Expectation,
    Suite,
    between,
    judge,
    not_null,
    one_of,
    row_count,
)
from orchestration.ingestion.contract import Column, StreamContract
from orchestration.ingestion.loads import Load, stream_folder
from orchestration.paths import Home

if TYPE_CHECKING:
    import pandas as pd

TYPES = {"string": "VARCHAR"}
"""How DuckDB spells a declared type; all others it spells the same, in capitals."""


def check_loads(
    home: Home, loads: Iterable[tuple[StreamContract, Load]], data_docs: Path | None = None
) -> dict[str, list[str]]:
    """By stream what its new loads break of the contract, in words; an empty list is a clean delivery."""
    newest = {contract.name: (contract, load) for contract, load in loads if load.rows_kept}
    return judge((landed(home, contract, load) for contract, load in newest.values()), data_docs)


def landed(home: Home, contract: StreamContract, load: Load) -> Suite:
    """The suite of one load. Raises duckdb.IOException where the load's file is gone."""
    return Suite(
        contract.name, tuple(asked_of(contract)), _rows(stream_folder(home.raw, contract.name) / load.file)
    )


def asked_of(contract: StreamContract) -> Iterator[Expectation]:
    """What the contract says, as expectations."""
    yield row_count("the delivery is not empty", 1)
    for column in contract.columns:
        yield from _of_column(column)


def _of_column(column: Column) -> Iterator[Expectation]:
    name = column.name
    if column.is_required:
        yield not_null(name, f"{name} is always there")
    spelled = TYPES.get(column.data_type, column.data_type.upper().replace(" ", ""))
    yield one_of(f"type of {name}", [spelled], f"{name} is a {column.data_type}")
    if column.accepted:
        known = [*column.accepted, *([column.otherwise] if column.otherwise else [])]
        yield one_of(name, known, f"{name} is one of {', '.join(known)}")
    if column.minimum is not None or column.maximum is not None:
        words = f"{name} lies between {column.minimum} and {column.maximum}"
        yield between(name, column.minimum, column.maximum, words)


def _rows(parquet: Path) -> pd.DataFrame:
    """The load, and beside each column another that says its type: pandas itself forgets types."""
    import pandas as pd

    with duckdb.connect() as connection:
        loaded = connection.execute("select * from read_parquet(?)", [str(parquet)])
        types = {name: str(kind) for name, kind, *_ in loaded.description or []}
        rows = loaded.df()
    kinds = {f"type of {name}": pd.Categorical([kind] * len(rows)) for name, kind in types.items()}
    return rows.assign(**kinds)
