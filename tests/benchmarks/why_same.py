"""What an answer of `why-same` costs on a release of millions of links.

    python -m tests.benchmarks.why_same --links 2500000

Writes a synthetic release (customers of two to twelve identifiers, one of thirty thousand, one chain of four thousand,
ten million records), puts questions to it, and prints seconds against one full read of the links.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import Home
from orchestration.release import publish
from orchestration.why.same import TABLES, same

AS_OF = datetime(2026, 11, 2, 6)
HUB, CHAIN = 30_000, 4_000
KEY = "cast('0x' || substr(md5(identifier_type || ':' || identifier), 1, 15) as bigint)"
# Every identifier i > 0 of a customer hangs on one before it: a random tree, the hub's shallow, the chain's a path.
WORLD = f"""
create table members as
select customer, unnest(range(size)) as i from (
    select range as customer, 2 + cast(hash(range) % 11 as bigint) as size from range($customers)
    union all select -1, {HUB} union all select -2, {CHAIN}
);
create table named as
select customer, i, case when i % 7 = 0 then 'email' when i % 7 < 3 then 'phone' else 'cookie' end as identifier_type,
    md5(customer || '/' || i) || '@example.com' as identifier,
    case when i = 0 then null when customer = -2 then i - 1
        else cast(hash(customer, i) % i as bigint) end as parent
from members;
create table dim_customer_identifiers as
with keyed as (select *, {KEY} as key from named)
select identifier_type, identifier, 'c' || first_value(key) over (partition by customer order by i) as customer_id,
    false as is_shared, cast(null as varchar) as refusal_reason, customer, i
from keyed;
create table fct_identity_links as
select l.identifier_type as left_type, l.identifier as left_identifier, r.identifier_type as right_type,
    r.identifier as right_identifier, 'in one record' as rule, true as is_accepted,
    cast(null as varchar) as refusal_reason, 1 + hash(l.identifier) % 9 as evidence_count, 'shop.orders' as sources,
    timestamp '2026-01-01' as first_seen_at, timestamp '2026-10-01' as last_seen_at, d.customer_id
from named r join named l on l.customer = r.customer and l.i = r.parent
join dim_customer_identifiers d on d.customer = r.customer and d.i = r.i;
create table fct_customer_links as
select customer_id, left_type, left_identifier, customer_id as left_customer_id, right_type, right_identifier,
    customer_id as right_customer_id, * exclude (customer_id, left_type, left_identifier, right_type, right_identifier)
from fct_identity_links;
create table dim_customers as select distinct customer_id from dim_customer_identifiers;
create table fct_identity_changes as
select timestamp '2026-01-01' as changed_at, 'created' as kind, customer_id, cast(null as varchar) as other_customer_id
from dim_customers;
create table mails as
select row_number() over () - 1 as n, identifier from named where identifier_type = 'email';
create table fct_record_identifiers as
select 'shop.orders' as source, 'W' || lpad(cast(range * 7919 % $records as varchar), 9, '0') as record_id,
    identifier as email, cast(null as varchar) as phone, cast(null as varchar) as cookie,
    timestamp '2026-01-01' as first_seen_at, timestamp '2026-01-01' as last_seen_at,
    timestamp '2025-01-01' + to_days(cast(range * 660 / $records as integer)) as loaded_at
from (select range, range % (select count(*) from mails) as n from range($records)) join mails using (n)
"""


def build(home: Home, links: int, records: int) -> float:
    """A published release of about so many links and records; returns the seconds publishing took."""
    home.warehouse.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as base:
        base.execute("set memory_limit = '6GB'")
        for statement in WORLD.split(";"):
            given = {"customers": max(1, (links - HUB - CHAIN) // 6), "records": records}
            base.execute(statement, {name: n for name, n in given.items() if f"${name}" in statement})
        base.execute("alter table fct_identity_links drop customer_id")
    begun = time.monotonic()
    publish(
        home,
        "bench",
        AS_OF,
        "duckdb",
        tables=[table for table in TABLES if table != "customers_by_identifier"],
    )
    return time.monotonic() - begun


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
    strangers = [[chance.choice(members[one]) for one in chance.sample(several, 2)] for _ in range(count)]
    return {
        "two identifiers of a customer": [(one, other) for one, other in ordinary],
        "identifiers of two customers": [(one, other) for one, other in strangers],
        "a record and an identifier": [(str(one), str(other)) for one, other in carried[:count]],
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
@click.option("--questions", "count", default=100, show_default=True)
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
        for kind, pairs in asked.items():
            table.add_row(*row(kind, [timed(lambda pair=pair: same(home, *pair)) for pair in pairs], read[1]))
        pairs = asked["two identifiers of a customer"][:9]
        commands = [timed(lambda pair=pair: as_a_command(home, pair)) for pair in pairs]
        table.add_row(*row("the command, as a process", commands, read[1]))
        Console(width=110).print(table, f"publishing took {published:.1f} s")


if __name__ == "__main__":
    main()
