"""Decide the published runs of some days again, in order, each on what the ones before it would have left behind."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.lint.check import SeedsRefused, lint
from orchestration.paths import Home
from orchestration.replay.compiled import Models, compile_models
from orchestration.replay.past import put_past
from orchestration.replay.project import project_with
from orchestration.replay.scratch import open_scratch, put_seeds
from orchestration.shelf import Release, all_releases

COMPARED = ("outcome", "first_reason", "reason_mask", "lost_to", "score", "round")
DECIDED = """
insert into kept.{side} select d.run_id, cast(d.decided_at as date) as day, d.customer_id, d.message_id, d.instance,
    d.campaign, d.channel, coalesce(c.lifecycle_stage, 'unknown') as segment, d.score / 1e6 as value
from {source} as d join profiles.dim_customers as c on c.customer_id = d.customer_id where d.run_id = $run"""
DIFFERING = """
select count(*) from (select * from read_parquet('{ledger}') where run_id = $run
    and customer_id in (select customer_id from profiles.dim_customers)) as was
full outer join (select * from decisions.fct_ledger where run_id = $run) as now
    on now.customer_id = was.customer_id and now.message_id = was.message_id and now.instance = was.instance
where {changed}"""


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
        rows, differing = _all(connection, home, releases, models, buckets, tell)
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


def _all(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    releases: list[Release],
    models: Models,
    buckets: int,
    tell: Callable[[str], None],
) -> tuple[int, int]:
    """Replay run after run. Returns ledger rows, and how many are not as they were."""
    newest = releases[-1]
    for stream in ("decisions", "ledger"):
        connection.execute(
            f"create table kept.{stream} as from read_parquet('{newest.table(f'fct_{stream}')}') limit 0"
        )
    for side in ("was", "now"):
        connection.execute(
            f"create table kept.{side} (run_id text, day date, customer_id text, message_id text, instance text, "
            "campaign text, channel text, segment text, value double)"
        )
    rows = differing = 0
    for place, release in enumerate(releases):
        tell(f"{release.as_of:%Y-%m-%d %H:%M}")
        put_past(
            connection, home, release, [str(r.manifest["run_id"]) for r in releases[: place + 1]], buckets
        )
        run_id = str(release.manifest["run_id"])
        models.run(connection, release.as_of, run_id, _kind(connection, release, run_id))
        counted = _compare(connection, release)
        rows, differing = rows + counted[0], differing + counted[1]
    return rows, differing


def _kind(connection: duckdb.DuckDBPyConnection, release: Release, run_id: str) -> str:
    """full or micro: a micro-run is replayed for whom it was made."""
    runs = f"select kind from read_parquet('{release.table('fct_decision_runs')}') where run_id = $run"
    rows = connection.execute(runs, {"run": run_id}).fetchall()
    return str(rows[0][0]) if rows else "full"


def _compare(connection: duckdb.DuckDBPyConnection, release: Release) -> tuple[int, int]:
    """Keep what was decided, then and now; count this run's ledger rows and those that differ."""
    run = {"run": str(release.manifest["run_id"])}
    sources = {"was": f"read_parquet('{release.table('fct_decisions')}')", "now": "decisions.fct_decisions"}
    for side, source in sources.items():
        connection.execute(DECIDED.format(side=side, source=source), run)
    for stream, also in (("decisions", ""), ("ledger", "and outcome = 'withhold'")):
        connection.execute(
            f"insert into kept.{stream} by name select * from decisions.fct_{stream} where run_id = $run {also}",
            run,
        )
    changed = " or ".join(f"now.{c} is distinct from was.{c}" for c in COMPARED)
    query = DIFFERING.format(ledger=release.table("fct_ledger"), changed=changed)
    rows = connection.execute("select count(*) from decisions.fct_ledger where run_id = $run", run).fetchall()
    differing = connection.execute(query, run).fetchall()
    return int(rows[0][0]), int(differing[0][0])
