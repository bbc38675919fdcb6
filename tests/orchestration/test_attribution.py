"""The chain of channels is fitted to a release and comes back as a stream, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.attribution import STREAM, fit_path_shares
from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.paths import Home
from orchestration.release import Release

EMAIL, SMS = (1 << 44) + 5, (2 << 44) + 9
MOVES = [
    ("2026-03-01", 0, -1, EMAIL, 60, 0),
    ("2026-03-01", 0, EMAIL, EMAIL + 1, 20, 0),
    ("2026-03-01", 0, EMAIL, -3, 40, 0),
    ("2026-03-01", 1, EMAIL + 1, SMS, 20, 0),
    ("2026-03-01", 1, SMS, -2, 15, 900),
    ("2026-03-01", 1, SMS, -3, 5, 0),
]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A release that holds nothing but moves."""
    folder = tmp_path / "r1" / "fct_path_transitions"
    folder.mkdir(parents=True)
    rows = ", ".join(f"(date '{m}', {b}, {f}, {t}, {n}, {p}::decimal(18, 2))" for m, b, f, t, n, p in MOVES)
    duckdb.execute(
        f"copy (from (values {rows}) as v(period_date, bucket, from_step, to_step, move_count, revenue_amount))"
        f" to '{folder / 'part-0.parquet'}' (format parquet)"
    )
    manifest = {"run_id": "r1", "as_of": "2026-04-01 06:00:00", "tables": {"fct_path_transitions": {}}}
    return Release(tmp_path / "r1", manifest)


def test_shares_come_back_as_a_stream_once(tmp_path: Path, release: Release) -> None:
    home = Home(tmp_path / "home")
    assert fit_path_shares(home, release) == fit_path_shares(home, release) == 5
    [load] = committed_loads(home, STREAM)
    found = duckdb.execute(
        "select period_date, level, step_number, share, removal_rate from read_parquet(?) order by level, step_number",
        [str(stream_folder(home.raw, STREAM) / load.file)],
    ).fetchall()
    month = date(2026, 3, 1)
    # every conversion leads through both channels, and through all three campaigns
    assert [row[:3] for row in found] == [
        (month, "campaign", EMAIL),
        (month, "campaign", EMAIL + 1),
        (month, "campaign", SMS),
        (month, "channel", 1),
        (month, "channel", 2),
    ]
    assert [row[3] for row in found] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1 / 2, 1 / 2])
    assert [row[4] for row in found] == pytest.approx([1.0] * 5)
