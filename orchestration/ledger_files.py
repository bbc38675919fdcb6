"""The decision ledger's files once more without some of their rows: committed loads, and days as published.

Each file is replaced by a whole new one or not at all, and whoever is interrupted does the same again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.export import settle, sha256_of
from orchestration.file_layout import parquet_of
from orchestration.ingestion.commit import Shelf, put_in_place, write_whole
from orchestration.ingestion.loads import Load
from orchestration.shelf import Release
from orchestration.whole import replace_text

LEDGER = "downbeat.ledger"


def opened(file: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """DuckDB within the memory a run may take; what does not fit spills."""
    connection = duckdb.connect(file)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{os.environ.get('DOWNBEAT_MEMORY', '3GB')}'")
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> list[Any]:
    return connection.execute(query, list(values)).fetchall()


def holds_any(
    connection: duckdb.DuckDBPyConnection, file: Path, which: str, values: Sequence[object]
) -> bool:
    """Whether a row of the file is meant; row groups that cannot hold one are not read."""
    found = rows_of(connection, f"select 1 from read_parquet('{file}') where {which} limit 1", values)
    return bool(found)


def thin_load(
    connection: duckdb.DuckDBPyConnection,
    held: Shelf,
    load: Load,
    kept: str,
    values: Sequence[object] = (),
    flag: str = "",
) -> int:
    """Put a load's file in place anew with only the rows that `kept` selects from `rows`. Returns how many went.

    kept: a query over the view rows, which is the file as it stands. flag: noted in the load's entry.
    """
    file, draft = held.parquet(load.load_id), held.scratch / f"{load.load_id}.thinner"
    connection.execute(f"create or replace temp view rows as from read_parquet('{file}')")
    connection.execute(f"copy ({kept}) to '{draft}' {parquet_of(load.rows_kept)}", list(values))
    [(left,)] = rows_of(connection, f"select count(*) from read_parquet('{draft}')")
    put_in_place(draft, file)
    flags = (*load.flags, flag) if flag and flag not in load.flags else load.flags
    entry = replace(load, rows_in=left, rows_kept=left, flags=flags)
    write_whole(held.entry(load.load_id), entry.to_json(), held.scratch)
    return int(load.rows_kept - left)


def thin_release(
    connection: duckdb.DuckDBPyConnection,
    release: Release,
    table: str,
    without: str,
    values: Sequence[object],
    done: dict[int, Path],
) -> int:
    """Rewrite those files of one published table that hold such a row. Returns how many files were.

    done: files already rewritten, by their former inode: releases share the days that did not change.
    """
    entry = release.manifest["tables"].get(table, {"files": []})
    changed = 0
    for part in entry["files"]:
        file = release.folder / part["path"]
        inode = file.stat().st_ino
        if inode not in done and not holds_any(connection, file, without, values):
            continue
        draft = file.with_suffix(".thinner")
        if inode in done:
            os.link(done[inode], draft)
        else:
            kept = f"select * from read_parquet('{file}') where not ({without})"
            connection.execute(f"copy ({kept}) to '{draft}' {parquet_of(part['rows'])}", list(values))
            settle(draft)
        [(left,)] = rows_of(connection, f"select count(*) from read_parquet('{draft}')")
        entry["rows"] += left - part["rows"]
        part |= {"rows": left, "sha256": sha256_of(draft), "fingerprint": ""}
        replace_text(release.folder / "manifest.json", json.dumps(release.manifest, indent=2, default=str))
        os.replace(draft, file)
        done[inode] = file
        changed += 1
    return changed
