"""Lift equals gbstats, in its own environment: `make setup-statistics`, or DOWNBEAT_STATISTICS names its Python."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import chi2

from orchestration.paths import PROJECT
from tests.models.trials import judge, sums_of

PYTHON = Path(os.environ.get("DOWNBEAT_STATISTICS", PROJECT / ".venv-statistics" / "bin" / "python"))
WORLDS, PLANNED = 200, 5000

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="gbstats is not there: `make setup-statistics` installs it beside the product"
)


def arms(seed: int) -> list[pa.Table]:
    """One world: two arms of some thousand people, a habit, an effect or none."""
    draw = np.random.default_rng(seed)
    people = int(draw.integers(300, 5000))
    rate = draw.gamma(1.5, 0.5, people)
    before, y = draw.poisson(rate * 2).astype(float), draw.poisson(rate) * draw.lognormal(3, 0.5, people)
    treated = draw.random(people) < 0.5
    y += treated * draw.choice([0.0, 2.0])
    return [
        sums_of([f"{seed:04}"], arm, mask[None].astype(float), y, before, treated.astype(float))
        for arm, mask in (("treated", treated), ("held_out", ~treated))
    ]


def test_lift_equals_gbstats_to_the_ninth_digit() -> None:
    tables = [table for seed in range(WORLDS) for table in arms(seed)]
    with duckdb.connect() as connection:
        ours = judge(connection, tables, PLANNED).to_pylist()
    sums = {(row["experiment"], row["arm"]): row for table in tables for row in table.to_pylist()}
    pairs = [
        {arm: sums[row["experiment"], arm] for arm in ("held_out", "treated")} | {"planned": PLANNED}
        for row in ours
    ]
    told = subprocess.run(
        [str(PYTHON), str(Path(__file__).with_name("lift_oracle.py"))],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    for row, theirs in zip(ours, json.loads(told.stdout), strict=True):
        theirs["srm_statistic"] = chi2.isf(theirs.pop("srm_p"), 1)
        for figure, value in theirs.items():
            # nine digits after the point are kept
            if figure == "srm_statistic" or not row["is_srm_failed"]:
                assert row[figure] == pytest.approx(value, rel=1e-9, abs=2e-9), (row["experiment"], figure)
