"""How right recognition is about people who are known, with protection and without, and what protection costs.

    python -m tests.benchmarks protection --observations 10000000

The product's models and seeds as they are. Worlds: the plain one, one with another seed where people have several
accounts and cards, and one where much more is shared. Unprotected is the connected components of all links.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import Home
from tests.benchmarks.components import through_dbt
from tests.benchmarks.identity_observations import write_world
from tests.benchmarks.identity_people import SLOTS, World
from tests.benchmarks.identity_runs import LINKS, QUALITY, database, new_home, quality, recognise
from tests.benchmarks.ratios import mark

PRECISION, RECALL, COST = 0.975, 0.955, 2.0
PROTECTED = "+int_customer_assignments,path:models/identity"
UNPROTECTED = """
    create or replace temp view found_customers as
    select identifier_type, identifier, cast(component as varchar) as customer_id
    from identity.int_identifiers_observed left join islands on islands.node = identifier_key
"""


def worlds(observations: int) -> dict[str, World]:
    plain = World(observations)
    several = replace(plain, seed=11, second_account=0.08, second_card=0.08, second_email=0.25, card=0.6)
    shared = replace(plain, seed=23, shared_phone=0.14, shared_email=0.04, recycled_phone=0.03, typo=0.05)
    return {"plain": plain, "several accounts and cards": several, "much shared": shared}


def unprotected(home: Home, folder: Path, memory: str) -> tuple[float, float, float, int]:
    """CPU seconds from observations to components of all links; precision, recall and the biggest."""
    start = recognise("nothing", home, 0, LINKS, memory=memory).cpu
    links = recognise("links", home, 0, LINKS, anew=True, memory=memory).cpu - start
    with duckdb.connect(str(database(home))) as base:
        base.execute(
            "create or replace view all_links as select left_key as a, right_key as b"
            " from identity.int_links_observed"
        )
        base.execute("create or replace view no_links as select * from all_links limit 0")
    empty = through_dbt(home.root, database(home), "no_links").cpu
    islands = through_dbt(home.root, database(home), "all_links").cpu - empty
    with duckdb.connect(str(database(home))) as base:
        base.execute("set memory_limit = '3GB'")
        base.execute(UNPROTECTED)
        query = QUALITY.format(owners=folder / "owners.parquet")
        found = base.execute(
            query.replace("identity.dim_customer_identifiers", "found_customers")
        ).fetchall()[0]
    return links + islands, float(found[0]), float(found[1]), int(found[2])


@click.command()
@click.option("--observations", default=10_000_000, show_default=True)
@click.option("--memory", default="6GB", show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the worlds are, or are written.")
@click.option("--only", help="One of the worlds, by name.")
def main(observations: int, memory: str, folder: Path | None, only: str | None) -> None:
    """Precision, recall and cost, world by world."""
    folder = (folder or Path(tempfile.mkdtemp())).resolve()
    table = Table(title=f"pairs of identifiers of known people, {observations:,} observations")
    for column in ("world", "", "precision", "recall", "biggest", "CPU s", "cost"):
        table.add_column(column, justify="left" if column in ("world", "") else "right")
    for name, world in worlds(observations).items():
        if only not in (None, name):
            continue
        place = folder / f"world_{observations}_{world.seed}"
        place.mkdir(parents=True, exist_ok=True)
        write_world(world, place)
        home = new_home(folder, "judged", place, range(SLOTS), memory)
        recognise("protected, with all tables", home, 0, anew=True, memory=memory)
        start = recognise("nothing new", home, 0, PROTECTED, memory=memory).cpu
        right, found, biggest = quality(home, place)
        cost = recognise("protected", home, 0, PROTECTED, anew=True, memory=memory).cpu - start
        plain, right_plain, found_plain, biggest_plain = unprotected(home, place, memory)
        table.add_row(
            name,
            "protected",
            mark(right, PRECISION, True),
            mark(found, RECALL, True),
            f"{biggest:,}",
            f"{cost:.1f}",
            mark(cost / plain, COST),
        )
        table.add_row(
            "",
            "unprotected",
            f"{right_plain:.3f}",
            f"{found_plain:.3f}",
            f"{biggest_plain:,}",
            f"{plain:.1f}",
            "",
        )
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
