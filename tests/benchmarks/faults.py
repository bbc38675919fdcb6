"""Kills and faults until both bars are met: does every list end with exactly who is wanted?

    python -m tests.benchmarks.faults [--kills 300] [--faults 20000] [--seed 1000] [--steps 40]

Real processes, killed by SIGKILL at every named point, at seeded calls and at wall-clock instants, against a model
tool behind a socket that fails in every way tools fail. Stops at the first wrong and names the seed that plays it
again. Files go where TMPDIR says; memory is quicker, for every commit waits for the disk.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.orchestration.delivery.campaign import POINTS, Rig, episode
from tests.orchestration.delivery.model_server import FAULTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("kills", 300), ("faults", 20_000), ("seed", 1000), ("steps", 40)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    rig, console, begun, episodes = Rig(), Console(), time.monotonic(), 0
    while (
        rig.killed.total() < asked.kills
        or rig.server.met.total() < asked.faults
        or len(+rig.killed) < len(POINTS) + 3
        or len(rig.server.met) < len(FAULTS)
    ):
        episode(rig, asked.seed + episodes, asked.steps)
        episodes += 1
        if episodes % 10 == 0:
            console.print(
                f"{episodes} episodes: {rig.killed.total()} kills, {rig.server.met.total():,} faults"
            )
    rig.close()
    console.print(table("kill -9", rig.killed), table("faults", rig.server.met))
    console.print(
        f"{episodes} episodes, {rig.runs:,} runs, {rig.server.requests:,} requests, {rig.killed.total()} kills at"
        f" {len(+rig.killed)} kinds of instant, {rig.server.met.total():,} faults of {len(rig.server.met)} kinds,"
        f" {rig.compared} exact comparisons in {time.monotonic() - begun:,.0f} s:"
        " 0 lost, 0 wrongly added, 0 wrongly removed"
    )


def table(title: str, counts: Mapping[str, int]) -> Table:
    """What happened how often, most often first."""
    shown = Table(title=title)
    shown.add_column("what")
    shown.add_column("times", justify="right")
    for name, times in sorted(counts.items(), key=lambda each: -each[1]):
        shown.add_row(name, f"{times:,}")
    return shown


if __name__ == "__main__":
    main()
