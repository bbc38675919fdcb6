"""What a batch costs when identity goes on from its last pass, against building everything anew; and that both agree.

    python -m tests.benchmarks incremental --observations 10000000

Protected: every identity model. Unprotected: from observations to links and their connected components; then the
components alone. A pass over nothing new is dbt's own start-up and is printed apart. The fixed batch is the same
records beside the whole history and beside its last part, in turns.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

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
BATCH, SHARE = 100_000, 0.01


@dataclass(frozen=True)
class Size:
    """A world of so many observations: history, a batch of one in a hundred (of BATCH, if that is more), and both."""

    observations: int
    folder: Path
    memory: str
    told: Callable[[Cost], None]
    batch_memory: str

    @property
    def world(self) -> Path:
        return self.folder / f"world_{self.observations}"

    @property
    def share(self) -> float:
        return max(SHARE, BATCH / self.observations)

    @property
    def cut(self) -> int:
        """The first slot that is no history."""
        return SLOTS - round(SLOTS * self.share)

    def run(self, name: str, home: Home, morning: int, select: str = EVERYTHING, anew: bool = False) -> Cost:
        cost = recognise(name, home, morning, select, anew, self.memory)
        self.told(cost)
        return cost

    def slots(self, observations: int) -> int:
        """How many slots so many observations fill."""
        return max(1, round(SLOTS * observations / self.observations))

    def history(self, name: str, observations: int) -> Home:
        """A warehouse that knows the last so many observations before the cut."""
        slots = range(max(0, self.cut - self.slots(observations)), self.cut)
        home = new_home(self.folder, name, self.world, slots, self.memory)
        self.run(f"history of {observations:,}", home, 0, anew=True)
        return home

    def fixed(self, home: Home) -> float:
        """CPU seconds of BATCH observations on a copy of the history, without those of nothing new.

        Both with little memory, which will do: to be handed more is a cost of the machine's, not of the batch's.
        """
        little = replace(self, memory=self.batch_memory)
        beside = copied(home, "beside", little.memory)
        start = little.run("nothing, little memory", beside, 0)
        fill_warehouse(self.world, database(beside), range(self.cut, self.cut + self.slots(BATCH)), LOADS[1])
        cost = little.run(f"a batch of {BATCH:,}", beside, 1)
        shutil.rmtree(beside.root)
        return cost.cpu - start.cpu

    def ratios(self, home: Home, alone: Home, starts: list[Cost]) -> list[Ratio]:
        """Of the whole batch: all of identity; from observations to components; components alone."""
        protected = self.run(f"a batch of {self.share:.2%}, protected", home, 1)
        links = self.run("its links", alone, 1, LINKS)
        self.run("before islands", alone, 1, BEFORE_ISLANDS)
        islands = self.run("its components alone", alone, 1, ISLANDS)
        links_anew = self.run("links anew", alone, 1, LINKS, anew=True)
        islands_anew = self.run("components anew", alone, 1, ISLANDS, anew=True)
        anew = self.run("everything anew", alone, 1, anew=True)
        start, links_start, islands_start = (cost.cpu for cost in starts)
        batch, whole = added("a batch, unprotected", links, islands), added("anew", links_anew, islands_anew)
        return [
            Ratio(protected, anew, 0.15, start, start),
            Ratio(batch, whole, 0.05, links_start + islands_start, links_start + islands_start),
            Ratio(islands, islands_anew, 0.05, islands_start, islands_start),
        ]


def growth(size: Size, home: Home, small: int, times: int) -> float:
    """What BATCH costs beside the whole history in terms of what it costs beside a small one, each so many times."""
    little = size.history("small", small)
    pairs = [(size.fixed(little), size.fixed(home)) for _ in range(times)]
    return mean(large for _, large in pairs) / max(0.001, mean(few for few, _ in pairs))


def added(name: str, one: Cost, other: Cost) -> Cost:
    return Cost(name, one.wall + other.wall, one.cpu + other.cpu, max(one.peak, other.peak))


@click.command()
@click.option("--observations", default=10_000_000, show_default=True)
@click.option("--small", default=1_000_000, show_default=True, help="History the fixed batch is compared at.")
@click.option("--times", default=3, show_default=True, help="How often the fixed batch is run beside each.")
@click.option("--memory", default="6GB", show_default=True)
@click.option("--batch-memory", default="1GB", show_default=True, help="For the fixed batch, at both sizes.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where the world and its warehouses are written."
)
def main(
    observations: int, small: int, times: int, memory: str, batch_memory: str, folder: Path | None
) -> None:
    """One in a hundred, and a hundred thousand beside a small and a large history."""
    out = Console(width=140)

    def told(cost: Cost) -> None:
        out.print(f"{cost.name}: {cost.cpu:.1f} CPU s, {cost.peak / 1e9:.2f} GB", highlight=False)

    folder = (folder or Path(tempfile.mkdtemp())).resolve()
    size = Size(observations, folder, memory, told, batch_memory)
    size.world.mkdir(parents=True, exist_ok=True)
    write_world(World(observations), size.world)
    home = size.history("history", observations)
    grown = growth(size, home, small, times)
    out.print(f"{BATCH:,} beside {observations:,} against beside {small:,}: {mark(grown, 4.0)}")
    starts = [size.run(f"nothing: {what.split()[0]}", home, 0, what) for what in (EVERYTHING, LINKS, ISLANDS)]
    fill_warehouse(size.world, database(home), range(size.cut, SLOTS), LOADS[1])
    alone = copied(home, "alone", size.memory)
    title = f"{observations:,} observations, a batch of {size.share:.2%}"
    out.print(table_of(title, size.ratios(home, alone, starts)))
    out.print(f"identifiers that differ from everything anew: {mark(differing(home, alone), 0)}")


if __name__ == "__main__":
    main()
