"""The chain of channels fitted to a release, by month, for channels and campaigns; it comes back as a stream of ours.

Estimators know no warehouse and the warehouse has one writer: what they find is a raw stream, read by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from estimators.markov import Moves, Shares, fit
from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from orchestration.release import Release

STREAM = "downbeat.path_shares"
# A step's channel is what stands above its 44 lowest bits (macro step_number); below zero are start and ends.
LEVELS = {
    "channel": "case when {step} < 0 then {step} else {step} >> 44 end",
    "campaign": "{step}",
}
NAMES = ("bucket", "origin", "target")
MOVES = """
    select period_date, bucket, {origin} as origin, {target} as target,
        sum(move_count)::double as moves, sum(revenue_amount)::double as revenue
    from read_parquet('{moves}') where {origin} <> {target} group by all order by all"""


def fit_path_shares(home: Home, release: Release) -> int:
    """Fit every month of a release and commit the shares under its run; returns how many. Twice changes nothing."""
    rows = [row for level in LEVELS for row in shares_of_level(release, level)]
    names = [
        "period_date",
        "level",
        "step_number",
        "share",
        "share_low",
        "share_high",
        "revenue_share",
        "removal_rate",
    ]
    columns: dict[str, Any] = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    columns["run_id"] = [release.manifest["run_id"]] * len(rows)
    columns["fitted_at"] = [release.as_of] * len(rows)
    schema = pa.schema(
        [("period_date", pa.date32()), ("level", pa.string()), ("step_number", pa.int64())]
        + [(name, pa.float64()) for name in names[3:]]
        + [("run_id", pa.string()), ("fitted_at", pa.timestamp("us"))]
    )
    commit_own(home, STREAM, pa.table(columns, schema=schema), str(release.manifest["run_id"]), release.as_of)
    return len(rows)


def shares_of_level(release: Release, level: str) -> Iterator[tuple[Any, ...]]:
    """One row per month and step: month, level, number, share, its interval, share of revenue, removal rate."""
    for month, moves in moves_by_month(release, level):
        found = fit(moves)
        yield from ((month, level, *values) for values in rows_of(found))


def rows_of(found: Shares) -> Iterator[tuple[Any, ...]]:
    """The fit, a state at a time, rounded to where the last bits of an engine do not show."""
    numbers = (found.share, found.low, found.high, found.revenue_share, found.removal)
    for place, state in enumerate(found.states):
        yield (int(state), *(round(float(values[place]), 12) for values in numbers))


def moves_by_month(release: Release, level: str) -> Iterator[tuple[date, Moves]]:
    """The moves of every month that has any journey that is over."""
    origin, target = (LEVELS[level].format(step=name) for name in ("from_step", "to_step"))
    query = MOVES.format(origin=origin, target=target, moves=release.table("fct_path_transitions"))
    with duckdb.connect() as connection:
        found: dict[str, Any] = connection.execute(query).fetchnumpy()
    months = found["period_date"].astype("datetime64[D]")
    for month in np.unique(months):
        rows = months == month
        group, origin, target = (found[name][rows].astype(np.int64) for name in NAMES)
        yield month.item(), Moves(group, origin, target, found["moves"][rows], found["revenue"][rows])
