"""What Downbeat did comes back as a stream: once per load id, typed like any other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.loads import committed_loads, data_version
from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from tests.orchestration.ingestion.conftest import SIX, Kiosk

STREAM = "downbeat.assignments"


def assignments(*customers: str) -> pa.Table:
    rows = [
        {"experiment": "e", "customer_id": c, "bucket": 7, "arm": "on", "assigned_at": SIX} for c in customers
    ]
    return pa.Table.from_pylist(rows)


def test_the_same_load_id_twice_is_one_load(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = commit_own(home, STREAM, assignments("c1", "c2"), "run-2026-11-01 06:00:00", SIX)
    again = commit_own(home, STREAM, assignments("c3"), "run-2026-11-01 06:00:00", SIX)
    assert first == again
    assert (first.load_id, first.kind, first.rows_kept) == ("run-2026-11-01-06-00-00", "own", 2)
    kiosk = Kiosk(home, load_contracts()[STREAM])
    assert kiosk.rows("customer_id, bucket, _load_id") == [("c1", 7, first.load_id), ("c2", 7, first.load_id)]


def test_own_loads_follow_one_another_in_time(tmp_path: Path) -> None:
    for number in range(3):
        commit_own(Home(tmp_path), STREAM, assignments("c1"), f"run-{number}", SIX)
    moments = [load.loaded_at for load in committed_loads(Home(tmp_path), STREAM)]
    assert moments == [SIX + timedelta(microseconds=n) for n in range(3)]


def test_own_loads_do_not_change_the_data_version(tmp_path: Path) -> None:
    before = data_version(Home(tmp_path))
    commit_own(Home(tmp_path), STREAM, assignments("c1"), "run-1", SIX)
    assert data_version(Home(tmp_path)) == before


def test_own_rows_that_do_not_fit_are_our_own_defect(tmp_path: Path) -> None:
    wrong = pa.table(
        {"experiment": ["e"], "customer_id": ["c"], "bucket": ["x"], "arm": ["on"], "assigned_at": [SIX]}
    )
    with pytest.raises(duckdb.Error):
        commit_own(Home(tmp_path), STREAM, wrong, "run-1", SIX)
    assert committed_loads(Home(tmp_path), STREAM) == []
