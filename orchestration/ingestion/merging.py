"""Many small loads of a stream as one: the same rows in one file, and one entry that says what it replaces.

Killed at any instant, every row is still there, and whoever merges next finishes: before the new entry stands nothing
has happened, and after it the replaced loads do not count, whether their files are gone yet or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.ingestion.commit import Failpoint, Shelf, commit, nothing, shelf
from orchestration.ingestion.fit import literal
from orchestration.ingestion.loads import Load, committed_loads
from orchestration.ingestion.taking import engine_in
from orchestration.ingestion.writing import PARQUET
from orchestration.paths import Home

MOST_ROWS = 100_000  # a load of more rows is left alone
FEWEST_LOADS = 32  # fewer small ones are not worth writing again


def merge_small_loads(home: Home, stream: str, fewest: int = FEWEST_LOADS, at: Failpoint = nothing) -> int:
    """Merge the stream's small loads, if there are enough of them. Returns how many became one.

    For streams of our own whose readers take each row once by its key: rows keep the moment they were loaded at.
    Hold the warehouse lane around it, for models read the files by name.
    """
    with shelf(home, stream, at) as held:
        loads = committed_loads(home, stream)
        _clear(held, loads)
        small = [load for load in loads if load.kind != "empty" and 0 < load.rows_kept <= MOST_ROWS]
        if len(small) < fewest:
            return 0
        merged = _merge(held, small)
        _clear(held, [merged])
        return len(small)


def _merge(held: Shelf, small: Sequence[Load]) -> Load:
    last, rows = small[-1], sum(load.rows_kept for load in small)
    replaced = tuple(name for load in small for name in (load.load_id, *load.replaces))
    merged = Load(
        load_id=f"{last.load_id}-and-{len(replaced) - 1}-before",
        stream=held.stream,
        kind=last.kind,
        loaded_at=last.loaded_at,
        rows_in=rows,
        rows_kept=rows,
        contract_version=last.contract_version,
        replaces=replaced,
    )
    draft = held.scratch / "merged.parquet"
    files = ", ".join(literal(str(held.parquet(load.load_id))) for load in small)
    with engine_in(held.scratch) as engine:
        engine.execute(
            f"copy (select * replace ({literal(merged.load_id)} as _load_id)"
            f" from read_parquet([{files}], union_by_name = true) order by _loaded_at, _line)"
            f" to {literal(str(draft))} {PARQUET}"
        )
    return commit(held, merged, draft, None)


def _clear(held: Shelf, loads: Sequence[Load]) -> None:
    """Entries of replaced loads go first; a file without its entry is swept away."""
    for load in loads:
        for name in load.replaces:
            held.at("before an entry goes")
            held.entry(name).unlink(missing_ok=True)
