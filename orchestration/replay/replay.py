"""Decide the published runs of some days again, in order, each on what the ones before it would have left behind."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.lint.check import SeedsRefused, lint
from orchestration.paths import Home
from orchestration.replay.compiled import Models, compile_models
from orchestration.replay.kept import compare_ledgers, keep_decided, keep_nothing_yet, keep_recorded
from orchestration.replay.past import put_past, set_past_aside
from orchestration.replay.project import project_with
from orchestration.replay.scratch import expect_rows, open_scratch, put_seeds
from orchestration.shelf import Release, all_releases


class NothingToReplay(Exception):
    """No certified release of these days is kept. The message says which are."""


@dataclass(frozen=True)
class Replayed:
    """What came out: the scratch warehouse with kept.was and kept.now, and how many ledger rows differ."""

    connection: duckdb.DuckDBPyConnection
    runs: tuple[str, ...]
    first: date
    last: date
    share: float
    rows: int
    differing: int


def replay(
    home: Home,
    first: date,
    last: date,
    seeds: Path | None = None,
    commit: str | None = None,
    sample: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Replayed:
    """Replay every run published from the first through the last day. sample: about so many customers.

    Raises NothingToReplay, NoSuchPolicies, SeedsRefused where the policies are faulty, TransformFailed.
    """
    releases = releases_of(home, first, last)
    with tempfile.TemporaryDirectory() as folder:
        project = project_with(Path(folder), seeds, commit)
        if findings := lint(project):
            raise SeedsRefused(findings)
        models = compile_models(project, Path(folder))
        buckets = math.ceil(releases[0].rows("dim_customers") / sample) if sample else 1
        connection = open_scratch()
        put_seeds(connection, project, 1 / max(buckets, 1))
        rows, differing = replay_runs(connection, home, releases, models, buckets, tell)
    runs = tuple(str(release.manifest["run_id"]) for release in releases)
    return Replayed(connection, runs, first, last, 1 / max(buckets, 1), rows, differing)


def releases_of(home: Home, first: date, last: date) -> list[Release]:
    """The first certified release of each run of these days, in order."""
    found: dict[str, Release] = {}
    for release in all_releases(home):
        if release.is_certified and first <= release.as_of.date() <= last:
            found.setdefault(str(release.manifest["run_id"]), release)
    if not found:
        kept = sorted({f"{release.as_of:%Y-%m-%d}" for release in all_releases(home) if release.is_certified})
        raise NothingToReplay(
            f"no release from {first} to {last} is kept; kept are: {', '.join(kept) or 'none'}"
        )
    return list(found.values())


def replay_runs(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    releases: Sequence[Release],
    models: Models,
    buckets: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """Replay run after run where the seeds are. Returns ledger rows, and how many are not as they were."""
    expect_rows(connection, releases[0].rows("dim_customers") // max(buckets, 1))
    keep_nothing_yet(connection, releases[-1])
    # decisions are read once, when the past is set aside
    decider = models.with_views("fct_decisions").on(connection)
    rows = differing = 0
    for place, release in enumerate(releases):
        tell(f"{release.as_of:%Y-%m-%d %H:%M}")
        keep_recorded(connection, release)
        put_past(
            connection, home, release, [str(r.manifest["run_id"]) for r in releases[: place + 1]], buckets
        )
        run_id = str(release.manifest["run_id"])
        decider.run(release.as_of, run_id, _kind(connection, release, run_id))
        set_past_aside(connection)
        counted = compare_ledgers(connection, release)
        keep_decided(connection)
        rows, differing = rows + counted[0], differing + counted[1]
    return rows, differing


def _kind(connection: duckdb.DuckDBPyConnection, release: Release, run_id: str) -> str:
    """full or micro: a micro-run is replayed for whom it was made."""
    runs = f"select kind from read_parquet('{release.table('fct_decision_runs')}') where run_id = $run"
    rows = connection.execute(runs, {"run": run_id}).fetchall()
    return str(rows[0][0]) if rows else "full"
