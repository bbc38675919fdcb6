"""Kills and faults until both bars are met: does every list end with exactly who is wanted?

    python -m tests.benchmarks.faults [--kills 300] [--faults 20000] [--seed 1000] [--steps 40] [--state FILE]

Real processes, killed by SIGKILL at every named point, at seeded calls and at wall-clock instants, against a model
tool behind a socket that fails in every way tools fail. Stops at the first wrong and names the seed that plays it
again. With --state the tally outlives an interruption: episodes that are done are not played again.
Files go where TMPDIR says; memory is quicker, for every commit waits for the disk.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from orchestration.whole import replace_text
from tests.orchestration.delivery.campaign import POINTS, Rig, episode
from tests.orchestration.delivery.model_server import FAULTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("kills", 300), ("faults", 20_000), ("seed", 1000), ("steps", 40)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--state", type=Path, help="Where to keep the tally between episodes.")
    asked = parser.parse_args()
    rig, console = Rig(), Console()
    episodes, seconds = resumed(rig, asked.state)
    while (
        rig.killed.total() < asked.kills
        or rig.server.met.total() < asked.faults
        or len(+rig.killed) < len(POINTS) + 3
        or len(rig.server.met) < len(FAULTS)
    ):
        episode(rig, asked.seed + episodes, asked.steps)
        episodes += 1
        keep(rig, asked.state, episodes, seconds + cpu_seconds())
        console.print(f"{episodes} episodes: {rig.killed.total()} kills, {rig.server.met.total():,} faults")
    rig.close()
    console.print(table("kill -9", rig.killed), table("faults", rig.server.met))
    console.print(
        f"{episodes} episodes, {rig.runs:,} runs, {rig.server.requests:,} requests, {rig.killed.total()} kills at"
        f" {len(+rig.killed)} kinds of instant, {rig.server.met.total():,} faults of {len(rig.server.met)} kinds,"
        f" {rig.compared} exact comparisons in {seconds + cpu_seconds():,.0f} CPU s:"
        " 0 lost, 0 wrongly added, 0 wrongly removed"
    )


def resumed(rig: Rig, state: Path | None) -> tuple[int, float]:
    """Take up the tally of an interrupted campaign. Returns the episodes done and their CPU seconds."""
    if state is None or not state.exists():
        return 0, 0.0
    kept = json.loads(state.read_text())
    rig.killed, rig.server.met = Counter(kept["killed"]), Counter(kept["met"])
    rig.runs, rig.compared, rig.server.requests = kept["runs"], kept["compared"], kept["requests"]
    return int(kept["episodes"]), float(kept["cpu_seconds"])


def keep(rig: Rig, state: Path | None, episodes: int, seconds: float) -> None:
    """Write the tally down, whole or not at all."""
    if state is not None:
        kept = {
            "episodes": episodes,
            "killed": rig.killed,
            "met": rig.server.met,
            "runs": rig.runs,
            "compared": rig.compared,
            "requests": rig.server.requests,
            "cpu_seconds": seconds,
        }
        replace_text(state, json.dumps(kept, indent=2))


def cpu_seconds() -> float:
    """Of this process and of those that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


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
