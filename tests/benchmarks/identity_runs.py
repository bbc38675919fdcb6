"""The product's own identity models over a drawn world: one dbt run at a time, measured, and how right it is."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.paths import PROJECT, Home
from orchestration.transform import Run, dbt_environment, dbt_executable, target_folder
from tests.benchmarks.dbt_run import run_measured
from tests.benchmarks.identity_observations import fill_warehouse
from tests.benchmarks.stages import Cost, measured

EVERYTHING = (
    "stg_downbeat__erasures stg_downbeat__identifier_assignments +int_identity_passes,path:models/identity"
)
LINKS = "+int_links_observed,path:models/identity +int_identifiers_observed,path:models/identity"
LOADS = tuple(f"2026-11-{day:02} 05:00:00" for day in range(1, 5))
MORNINGS = tuple(datetime(2026, 11, day, 6) for day in range(1, 5))
MEMORY = "6GB"
QUALITY = """
    with owned as (
        select identifier_type, identifier, min(person) as person
        from '{owners}' group by all having count(*) = 1
    ), found as (
        select person, coalesce(customer_id, identifier_type || identifier) as customer
        from owned inner join identity.dim_customer_identifiers using (identifier_type, identifier)
    ),
    agreed as (select count(*) as n from found group by person, customer),
    persons as (select count(*) as n from found group by person),
    customers as (select count(*) as n from found group by customer)
    select (select sum(n * (n - 1)) from agreed) / (select sum(n * (n - 1)) from customers),
        (select sum(n * (n - 1)) from agreed) / (select sum(n * (n - 1)) from persons),
        (select max(n) from customers)
"""


def database(home: Home) -> Path:
    return home.warehouse / "warehouse.duckdb"


def new_home(folder: Path, name: str, world: Path, slots: range, memory: str = MEMORY) -> Home:
    """A warehouse with the seeds and one load of observations. Memory is what later runs have: it is in the profile,
    and with another one dbt reads the whole project again."""
    home = Home(folder / name)
    shutil.rmtree(home.root, ignore_errors=True)
    home.warehouse.mkdir(parents=True)
    fill_warehouse(world, database(home), slots, LOADS[0])
    measured("seed", command(home, "seed"), environment(home, 0, memory))  # and the project is read
    return home


def copied(home: Home, name: str, memory: str = MEMORY) -> Home:
    """The same warehouse again, to go another way from. What was copied to this name before is written over."""
    other = Home(home.root.parent / name)
    if other.root.exists():
        shutil.copy(database(home), database(other))
    else:
        shutil.copytree(home.root, other.root)
        # another path is another profile: dbt reads the whole project again, which is not what is measured
        measured("parse", command(other, "parse"), environment(other, 0, memory))
    os.sync()  # what the copy left to be written is not the next run's
    return other


def command(home: Home, *words: str) -> list[str]:
    return [dbt_executable(), *words, *project(home)]


def project(home: Home) -> list[str]:
    return ["--project-dir", str(PROJECT), "--target-path", str(target_folder(home, "duckdb"))]


def environment(home: Home, morning: int, memory: str = MEMORY) -> dict[str, str]:
    run = Run(f"m{morning}", MORNINGS[morning], "duckdb", "")
    return dbt_environment(home) | run.environment | {"DOWNBEAT_MEMORY": memory}


def recognise(
    name: str, home: Home, morning: int, select: str = EVERYTHING, anew: bool = False, memory: str = MEMORY
) -> Cost:
    """One dbt run over the identity models, or over some of them; anew: without what earlier runs left."""
    words = ["run", "-s", *select.split(), *(["--full-refresh"] if anew else [])]
    return run_measured(name, [*words, *project(home)], environment(home, morning, memory))


def quality(home: Home, world: Path) -> tuple[float, float, int]:
    """Pairwise precision and recall, and identifiers of the biggest customer.

    Over pairs of identifiers that belong to one known person each. What was given to nobody stands alone.
    """
    with duckdb.connect(str(database(home)), read_only=True) as base:
        base.execute("set memory_limit = '3GB'")
        found = base.execute(QUALITY.format(owners=world / "owners.parquet")).fetchall()[0]
    return float(found[0]), float(found[1]), int(found[2])


def differing(one: Home, other: Home) -> int:
    """Identifiers that are not the same customer in both warehouses."""
    with duckdb.connect() as base:
        base.execute("set memory_limit = '3GB'")
        for name, home in (("one", one), ("other", other)):
            base.execute(f"attach '{database(home)}' as {name} (read_only)")
        found = base.execute(
            """select count(*) from one.identity.int_customer_assignments as here
            full outer join other.identity.int_customer_assignments as there using (identifier_key)
            where here.identifier_key is null or there.identifier_key is null
                or here.customer_number is distinct from there.customer_number
                or here.refusal_reason is distinct from there.refusal_reason"""
        ).fetchall()
    return int(found[0][0])
