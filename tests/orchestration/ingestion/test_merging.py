"""Many small loads become one, and a kill at any step loses and doubles nothing."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.commit import nothing, shelf
from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.ingestion.merging import merge_small_loads
from orchestration.ingestion.own import commit_own, ensure_declared
from orchestration.paths import Home
from tests.orchestration.ingestion.conftest import SIX
from tests.orchestration.ingestion.killed import kill_at
from tests.orchestration.ingestion.test_own import STREAM, assignments

LOADS = 5


def filled(home: Home) -> list[tuple[object, ...]]:
    ensure_declared(home)
    for number in range(LOADS):
        commit_own(home, STREAM, assignments(f"c{number}", f"d{number}"), f"run-{number}", SIX)
    return rows(home)


def rows(home: Home) -> list[tuple[object, ...]]:
    """As readers see them: of the loads that count."""
    folder = stream_folder(home.raw, STREAM)
    files = [str(folder / load.file) for load in committed_loads(home, STREAM)]
    return duckdb.execute(
        "select customer_id, bucket, arm, _loaded_at, _line from read_parquet(?, union_by_name = true) order by all",
        [files],
    ).fetchall()


def files_of(home: Home) -> int:
    folder = stream_folder(home.raw, STREAM)
    return len([*folder.glob("*.parquet"), *folder.glob("_loads/*.json")])


def merge(home: Home, at: Callable[[str], None] = nothing) -> int:
    return merge_small_loads(home, STREAM, LOADS, at)


def test_the_same_rows_in_one_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    before = filled(home)
    assert merge_small_loads(home, STREAM, LOADS + 1) == 0, "too few are left alone"
    assert merge(home) == LOADS
    assert rows(home) == before
    assert files_of(home) == 4, "two files each for the empty load and for the merged one"
    again = commit_own(home, STREAM, assignments("else"), "run-2", SIX)
    assert again.rows_kept == 2 * LOADS, "what was merged is known by its old name too"
    assert merge(home) == 0


def test_merged_again_with_what_came_since(tmp_path: Path) -> None:
    home = Home(tmp_path)
    filled(home)
    merge(home)
    for number in range(LOADS, 2 * LOADS):
        commit_own(home, STREAM, assignments(f"c{number}"), f"run-{number}", SIX)
    before = rows(home)
    assert merge(home) == LOADS + 1
    assert rows(home) == before
    [merged] = [load for load in committed_loads(home, STREAM) if load.rows_kept]
    assert {f"run-{number}" for number in range(2 * LOADS)} < set(merged.replaces)


def merge_and_die(root: str, point: str) -> None:
    merge(Home(Path(root)), kill_at(point))


@pytest.mark.parametrize("point", ["before parquet", "before entry", "after entry", "before an entry goes"])
def test_killed_at_any_step(tmp_path: Path, point: str) -> None:
    home = Home(tmp_path)
    before = filled(home)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.orchestration.ingestion.killed"])
    process = processes.Process(target=merge_and_die, args=(str(home.root), point))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    assert rows(home) == before
    merge(home)
    with shelf(home, STREAM):
        assert rows(home) == before
    assert files_of(home) == 4
