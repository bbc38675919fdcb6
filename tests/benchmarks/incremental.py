"""What a batch costs when identity goes on from its last pass, against building everything anew; and that both agree.

    python -m tests.benchmarks incremental --observations 10000000

Protected: every identity model. Unprotected: from observations to links and their connected components; then the
components alone. A pass over nothing new is dbt's own start-up and is printed apart. Batches come one after the other
and count by their mean, as passes over nothing do: the first one after a build also mends what building left in
pieces. The fixed batch is the same records beside the whole history and beside its last part, in turns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
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
BATCH, SHARE, BATCHES = 100_000, 0.01, 3
BARS = (0.15, 0.05, 0.05)


@dataclass(frozen=True)
class Size:
    """A world of so many observations: history, and batches of one in a hundred (of BATCH, if that is more)."""

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
        return self.batch(1).start

    def batch(self, number: int) -> range:
        """The slots of one batch; the last one ends with the world."""
        slots = round(SLOTS * self.share)
        end = SLOTS - slots * (BATCHES - number)
        return range(end - slots, end)

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
        return cost.cpu - start.cpu

    def nothing(self, home: Home) -> list[float]:
        """CPU seconds over nothing new: of everything; from observations to components; of components alone."""
        costs = [
            [self.run(f"nothing: {what.split()[0]}", home, 0, what).cpu for _ in range(BATCHES)]
            for what in (EVERYTHING, LINKS, ISLANDS)
        ]
        everything, links, islands = (mean(cost) for cost in costs)
        return [everything, links + islands, islands]

    def take_in(self, home: Home, number: int) -> tuple[list[Cost], Home]:
        """What one batch costs, by the same three measures, and a copy of the warehouse that has taken most of it."""
        fill_warehouse(self.world, database(home), self.batch(number), LOADS[number])
        alone = copied(home, "alone", self.memory)
        protected = self.run("a batch, protected", home, number)
        links = self.run("its links", alone, number, LINKS)
        self.run("before islands", alone, number, BEFORE_ISLANDS)
        islands = self.run("its components alone", alone, number, ISLANDS)
        return [protected, added("a batch, unprotected", links, islands), islands], alone

    def anew(self, home: Home) -> list[Cost]:
        """What building everything costs, by the same three measures."""
        links = self.run("links anew", home, BATCHES, LINKS, anew=True)
        islands = self.run("components anew", home, BATCHES, ISLANDS, anew=True)
        everything = self.run("everything anew", home, BATCHES, anew=True)
        return [everything, added("anew", links, islands), islands]


def ratios(batches: list[list[Cost]], anew: list[Cost], starts: list[float]) -> list[Ratio]:
    """The mean of the batches against building anew, measure by measure."""
    means = [averaged(costs) for costs in zip(*batches, strict=True)]
    measures = zip(means, anew, BARS, starts, strict=True)
    return [Ratio(ours, peer, bar, start, start) for ours, peer, bar, start in measures]


def growth(size: Size, home: Home, small: int, times: int) -> float:
    """What BATCH costs beside the whole history in terms of what it costs beside a small one, each so many times."""
    little = size.history("small", small)
    pairs = [(size.fixed(little), size.fixed(home)) for _ in range(times)]
    return mean(large for _, large in pairs) / max(0.001, mean(few for few, _ in pairs))


def added(name: str, one: Cost, other: Cost) -> Cost:
    return Cost(name, one.wall + other.wall, one.cpu + other.cpu, max(one.peak, other.peak))


def averaged(costs: Sequence[Cost]) -> Cost:
    wall, cpu = mean(cost.wall for cost in costs), mean(cost.cpu for cost in costs)
    return Cost(costs[0].name, wall, cpu, max(cost.peak for cost in costs))


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
    starts = size.nothing(home)
    batches = []
    for number in range(1, BATCHES + 1):
        costs, alone = size.take_in(home, number)
        batches.append(costs)
    title = f"{observations:,} observations, {BATCHES} batches of {size.share:.2%}"
    out.print(table_of(title, ratios(batches, size.anew(alone), starts)))
    out.print(f"identifiers that differ from everything anew: {mark(differing(home, alone), 0)}")


if __name__ == "__main__":
    main()
