"""What a batch costs when identity goes on from its last pass, against building everything anew; and that both agree.

    python -m tests.benchmarks incremental --observations 10000000

Protected: every identity model. Unprotected: the connected components alone. A pass over nothing new is dbt's own
start-up and is printed apart.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.console import Console

from tests.benchmarks.identity_observations import fill_warehouse, write_world
from tests.benchmarks.identity_people import SLOTS, World
from tests.benchmarks.identity_runs import LOADS, copied, database, differing, new_home, recognise
from tests.benchmarks.ratios import Ratio, mark, table_of

ISLANDS = "int_islands_1"
BEFORE_ISLANDS = "+int_islands_1,path:models/identity"
BATCH = 100_000


def one_batch(folder: Path, world: Path, share: float, memory: str) -> tuple[list[Ratio], int]:
    """History, a pass over nothing, a batch, and the same in one go. Ratios, and identifiers that differ."""
    cut = SLOTS - max(1, round(SLOTS * share))
    home = new_home(folder, "history", world, range(cut))
    recognise("history", home, 0, anew=True, memory=memory)
    start = recognise("nothing new", home, 0, memory=memory).cpu
    islands_start = recognise("nothing new, islands", home, 0, ISLANDS, memory=memory).cpu
    fill_warehouse(world, database(home), range(cut, SLOTS), LOADS[1])
    alone = copied(home, "alone")
    protected = recognise(f"a batch of {share:.2%}, protected", home, 1, memory=memory)
    recognise("before islands", alone, 1, f"{BEFORE_ISLANDS} --exclude {ISLANDS}", memory=memory)
    unprotected = recognise(f"a batch of {share:.2%}, unprotected", alone, 1, ISLANDS, memory=memory)
    anew = recognise("everything anew", alone, 1, anew=True, memory=memory)
    islands_anew = recognise("islands anew", copied(alone, "islands"), 1, ISLANDS, anew=True, memory=memory)
    ratios = [
        Ratio(protected, anew, 0.15, start, start),
        Ratio(unprotected, islands_anew, 0.05, islands_start, islands_start),
    ]
    return ratios, differing(home, alone)


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
