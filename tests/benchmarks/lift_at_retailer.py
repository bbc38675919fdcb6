"""`python -m tests.benchmarks.lift_at_retailer`: lift where people's other lives are known.

Worlds are those of tests/models/retailer_trials.py: an e-mail holdout whose place stays empty, one whose place goes to
the next message, and one that leaks to three in ten. All draws of all worlds are one input of the project's own models.
"""

from __future__ import annotations

import time

import click
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.models.retailer_trials import draw, judged, load
from tests.models.test_lift import column


def holds(found: pa.Table, low: str, high: str) -> float:
    """The share of intervals that hold the truth, of those there are."""
    ends = column(found, low), column(found, high)
    known = ~np.isnan(ends[0])
    truth = column(found, "truth")
    return float(((ends[0] <= truth) & (truth <= ends[1]))[known].mean())


def tell(found: pa.Table) -> None:
    """Per question and analysis: coverage, and the mean estimate beside the mean truth."""
    for control, words in (("held_out", "against silence"), ("replaced", "against the next message")):
        for analysis in ("intention to treat", "ghosts"):
            own = found.filter(
                (pc.field("control_arm") == control)
                & (pc.field("analysis") == analysis)
                & ~pc.field("is_leaking")
            )
            estimate, error = column(own, "cuped_difference"), column(own, "cuped_error")
            truth = column(own, "truth")
            fixed, ever = holds(own, "fixed_low", "fixed_high"), holds(own, "low", "high")
            print(
                f"{words:<26}{analysis:<20}{len(own):6,} draws  95 % hold {100 * fixed:5.2f} %"
                f"  anytime {100 * ever:6.2f} %  estimate {np.nanmean(estimate):+.5f}"
                f"  truth {truth.mean():+.5f}  error of one {np.nanmean(error):.5f}"
            )


def tell_leaking(found: pa.Table) -> None:
    """The effect on those reached where three in ten of the held out are reached all the same."""
    own = found.filter(pc.field("is_leaking") & (pc.field("analysis") == "intention to treat"))
    estimate, error = column(own, "complier_effect"), column(own, "complier_error")
    bias, one = np.nanmean(estimate - column(own, "of_reached")), np.nanmean(error)
    print(
        f"leaking holdout: reached {100 * np.nanmean(column(own, 'contamination_rate')):.1f} % of the held out and"
        f" {100 * np.nanmean(column(own, 'reached_rate')):.1f} % of the treated; effect per person reached"
        f" {np.nanmean(estimate):+.5f}, truth {column(own, 'of_reached').mean():+.5f}; bias {abs(bias) / one:.3f}"
        f" standard errors of one world, {abs(bias) / one * len(own) ** 0.5:.2f} of the mean of {len(own)}"
    )


@click.command(help="Coverage of lift at the sandbox's retailer.")
@click.option("--worlds", default=200, show_default=True)
@click.option("--people", default=1000, show_default=True)
@click.option("--draws", default=5, show_default=True, help="How often each world is drawn by lot.")
def main(worlds: int, people: int, draws: int) -> None:
    before = time.process_time()
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '3GB'; set threads = 2")
        load(connection, range(1000, 1000 + worlds), people)
        lived = time.process_time() - before
        draw(connection, draws)
        found = judged(connection)
    print(
        f"{worlds} retailers of {people:,} people, three lives each: {lived:.0f} CPU s; lift of {draws + 1} draws each:"
        f" {time.process_time() - before - lived:.0f} CPU s"
    )
    tell(found)
    tell_leaking(found)


if __name__ == "__main__":
    main()
