"""What an answer of `why-same` costs on a release of millions of links.

    python -m tests.benchmarks.why_same --links 2500000

Writes a synthetic release (customers of two to twelve identifiers, one of thirty thousand, one chain of four thousand,
ten million records), puts questions to it, and prints seconds against one full read of the links. Every path inside an
ordinary customer is held against the warehouse's links by a walk of its own.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import Home
from orchestration.why.same import Sameness, same
from tests.benchmarks.ratios import mark
from tests.benchmarks.why_same_judge import Judge
from tests.benchmarks.why_same_world import CHAIN, HUB, build

ORDINARY, FEW, BAR = "two identifiers of a customer", 100, 0.5


def questions(home: Home, count: int) -> dict[str, list[tuple[str, str]]]:
    """Pairs to ask about, by the kind of question."""
    chance = random.Random(7)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        rows = base.execute(
            "select customer, i, identifier_type || ':' || identifier from dim_customer_identifiers"
            " where customer in (select hash(range) % 100000 from range(?)) or customer < 0 order by 1, 2",
            [10 * count],
        ).fetchall()
        carried = base.execute(
            "select 'shop.orders:' || record_id, 'email:' || email from fct_record_identifiers using sample 200"
        ).fetchall()
    members: dict[int, list[str]] = {}
    for customer, _, identifier in rows:
        members.setdefault(customer, []).append(identifier)
    hub, chain = members.pop(-1), members.pop(-2)
    several = sorted(members)
    ordinary = [chance.sample(members[chance.choice(several)], 2) for _ in range(count)]
    strangers = [[chance.choice(members[one]) for one in chance.sample(several, 2)] for _ in range(FEW)]
    return {
        ORDINARY: [(one, other) for one, other in ordinary],
        "identifiers of two customers": [(one, other) for one, other in strangers],
        "a record and an identifier": [(str(one), str(other)) for one, other in carried[:FEW]],
        f"in a customer of {HUB:,}": [
            (one, other) for one, other in (chance.sample(hub, 2) for _ in range(9))
        ],
        f"from end to end of a chain of {CHAIN:,}": [(chain[0], chain[-1])] * 3,
    }


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU, threads and children included."""
    begun, spent = time.monotonic(), sum(os.times()[:4])
    work()
    return time.monotonic() - begun, sum(os.times()[:4]) - spent


def row(kind: str, taken: Sequence[tuple[float, float]], floor: float) -> tuple[str, ...]:
    """One line of the table: medians, the slowest, and the median CPU against the floor's."""
    wall, cpu = (sorted(side) for side in zip(*taken, strict=True))
    middle = len(wall) // 2
    return kind, f"{wall[middle]:.3f}", f"{wall[-1]:.3f}", f"{cpu[middle]:.3f}", f"{cpu[middle] / floor:.2f}"


def full_read(home: Home) -> None:
    """The floor without a layout: every column of every link once."""
    folder = next(home.releases.glob("bench*")) / "fct_customer_links"
    with duckdb.connect() as connection:
        connection.execute(
            f"select sum(hash(rows)) from read_parquet('{folder}/*.parquet') as rows"
        ).fetchall()


def as_a_command(home: Home, pair: Sequence[str]) -> None:
    """The whole process, from the shell's point of view."""
    subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "why-same", *pair],
        env={"DOWNBEAT_HOME": str(home.root), "PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


@click.command()
@click.option("--links", default=2_500_000, show_default=True)
@click.option("--records", default=10_000_000, show_default=True)
@click.option("--questions", "count", default=1000, show_default=True)
def main(links: int, records: int, count: int) -> None:
    """Build, ask, print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        published = build(home, links, records)
        asked = questions(home, count)
        read = sorted(timed(lambda: full_read(home)) for _ in range(3))[1]
        table = Table(
            title=f"{links:,} links, {records:,} records; one full read of the links {read[1]:.2f} s CPU"
        )
        for column in ("question", "median s", "slowest s", "median CPU s", "CPU / full read"):
            table.add_column(column, justify="left" if column == "question" else "right")
        taken: dict[str, list[tuple[float, float]]] = {}
        answers: list[Sameness] = []
        for kind, pairs in asked.items():
            taken[kind] = [
                timed(lambda pair=pair: answers.append(same(home, *pair, show_identifiers=True)))
                for pair in pairs
            ]
            table.add_row(*row(kind, taken[kind], read[1]))
        pairs = asked[ORDINARY][:9]
        commands = [timed(lambda pair=pair: as_a_command(home, pair)) for pair in pairs]
        table.add_row(*row("the command, as a process", commands, read[1]))
        out = Console(width=110)
        out.print(table, f"publishing took {published:.1f} s")
        print_judged(out, home, asked[ORDINARY], answers, taken[ORDINARY])


def print_judged(
    out: Console,
    home: Home,
    pairs: Sequence[tuple[str, str]],
    answers: Sequence[Sameness],
    taken: Sequence[tuple[float, float]],
) -> None:
    """Wrong paths among the answers to these pairs, and the slowest of them."""
    judge = Judge(home.warehouse / "warehouse.duckdb", pairs)
    wrong = sum(not judge.is_right(*each) for each in zip(pairs, answers, strict=False))
    out.print(f"{len(pairs):,} {ORDINARY}: wrong paths {mark(wrong, 0)}")
    for place, name in enumerate(("wall", "CPU")):
        out.print(f"the slowest, s of {name}: {mark(max(each[place] for each in taken), BAR)}")


if __name__ == "__main__":
    main()
