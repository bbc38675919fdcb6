"""What a batch costs when identity goes on from its last pass, against building everything anew; and that both agree.

    python -m tests.benchmarks incremental --observations 10000000

Protected: every identity model. Unprotected: from observations to links and their connected components; then the
components alone. A pass over nothing new is dbt's own start-up and is printed apart.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.console import Console

from orchestration.paths import Home
from tests.benchmarks.identity_observations import fill_warehouse, write_world
from tests.benchmarks.identity_people import SLOTS, World
from tests.benchmarks.identity_runs import (
    EVERYTHING,
    LINKS,
    LOADS,
    copied,
    database,
    differing,
    new_home,
    recognise,
)
from tests.benchmarks.ratios import Ratio, mark, table_of
from tests.benchmarks.stages import Cost

ISLANDS = "int_islands_1"
BEFORE_ISLANDS = f"+int_islands_1,path:models/identity --exclude {ISLANDS}"
BATCH = 100_000


def one_batch(folder: Path, world: Path, share: float, memory: str) -> tuple[list[Ratio], int]:
    """History, a pass over nothing, a batch, and the same in one go. Ratios, and identifiers that differ."""

    def run(name: str, home: Home, morning: int, select: str = EVERYTHING, anew: bool = False) -> Cost:
        return recognise(name, home, morning, select, anew, memory)

    cut = SLOTS - max(1, round(SLOTS * share))
    home = new_home(folder, "history", world, range(cut))
    run("history", home, 0, anew=True)
    start, links_start, islands_start = (
        run("nothing", home, 0, what) for what in (EVERYTHING, LINKS, ISLANDS)
    )
    fill_warehouse(world, database(home), range(cut, SLOTS), LOADS[1])
    alone = copied(home, "alone")
    protected = run(f"a batch of {share:.2%}, protected", home, 1)
    links = run("links", alone, 1, LINKS)
    run("before islands", alone, 1, BEFORE_ISLANDS)
    islands = run("its components alone", alone, 1, ISLANDS)
    anew = run("everything anew", alone, 1, anew=True)
    wrong = differing(home, alone)
    links_anew, islands_anew = (run(f"{what} anew", alone, 1, what, anew=True) for what in (LINKS, ISLANDS))
    both_start = links_start.cpu + islands_start.cpu
    batch, whole = added("a batch, unprotected", links, islands), added("anew", links_anew, islands_anew)
    return [
        Ratio(protected, anew, 0.15, start.cpu, start.cpu),
        Ratio(batch, whole, 0.05, both_start, both_start),
        Ratio(islands, islands_anew, 0.05, islands_start.cpu, islands_start.cpu),
    ], wrong


def added(name: str, one: Cost, other: Cost) -> Cost:
    return Cost(name, one.wall + other.wall, one.cpu + other.cpu, max(one.peak, other.peak))


@click.command()
@click.option("--observations", default=10_000_000, show_default=True)
@click.option("--small", default=1_000_000, show_default=True, help="History the fixed batch is compared at.")
@click.option("--memory", default="6GB", show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the worlds are, or are written.")
def main(observations: int, small: int, memory: str, folder: Path | None) -> None:
    """One in a hundred, and a hundred thousand beside a small and a large history."""
    out = Console(width=140)
    folder = (folder or Path(tempfile.mkdtemp())).resolve()
    fixed = {}
    for size, share in sorted(
        {(small, BATCH / small), (observations, BATCH / observations), (observations, 0.01)}
    ):
        world = folder / f"world_{size}"
        world.mkdir(parents=True, exist_ok=True)
        write_world(World(size), world)
        ratios, wrong = one_batch(folder, world, share, memory)
        if share == 0.01:
            out.print(table_of(f"{size:,} observations, a batch of {share:.2%}", ratios))
        out.print(f"{size:,}, {share:.2%}: identifiers that differ from everything anew: {mark(wrong, 0)}")
        if share == BATCH / size:
            fixed[size] = ratios[0].ours.cpu - ratios[0].our_start
    growth = fixed[observations] / max(0.001, fixed[small])
    out.print(f"{BATCH:,} beside {observations:,} against beside {small:,}: {mark(growth, 4.0)}")


if __name__ == "__main__":
    main()
