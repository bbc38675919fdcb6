"""The drawn observations as text: Parquet files, and a warehouse in which the product's own models find them.

    python -m tests.benchmarks.identity_observations --observations 1000000 FOLDER

writes FOLDER/observations/*.parquet (one row per observation) and FOLDER/owners.parquet (identifier and person).
"""

from __future__ import annotations

from pathlib import Path

import click
import duckdb
import numpy as np
import pyarrow as pa

from sandbox.names import FIRST, LAST, plain
from tests.benchmarks.identity_people import KINDS, SLOTS, World
from tests.benchmarks.identity_world import Observed, draw

AS_OF = "2026-11-02 06:00:00"
FORMS = {
    "account": "'A' || lpad({n}::varchar, 10, '0')",
    "loyalty_card": "'62' || lpad({n}::varchar, 11, '0')",
    "email": "'u' || {n} || '@mail' || ({n} % 5) || '.example'",
    "phone": "'+4915' || lpad({n}::varchar, 10, '0')",
    "device_token": "md5('token' || {n})",
    "profile": "'K' || substr(md5('profile' || {n}), 1, 20)",
    "cookie": "md5('cookie' || {n})",
}
# Given names by how common they are; families share a name and a door (three numbers in a row are near enough).
NAME = """case when person >= 0 then
    case when has_typo then substr(given, 1, 1) || substr(given, 3) else given end
    || ' ' || last[1 + person // 3 * 7919 % len(last)] || substr(md5('family' || person // 3), 1, 2)
    || ' ' || lpad((person // 3 * 104729 % 90001)::varchar, 5, '0')
end"""
GIVEN = "first[1 + least(person * 2654435761 % 1009, person * 40503 % 1013) * len(first) // 1013]"
# Where a pair is seen: staging model, source, and whether the record is the browser itself or a receipt of its own.
STREAMS = {
    "stg_shop__account_identifiers": ("shop.accounts", "account", "email phone loyalty_card"),
    "stg_shop__order_identifiers": ("shop.orders", "email", "phone"),
    "stg_loyalty__member_identifiers": ("loyalty.members", "loyalty_card", "email phone"),
    "stg_klaviyo__profile_identifiers": ("klaviyo.profiles", "account email", "device_token"),
    "stg_site__browser_identifiers": ("site.events", "account email profile", "cookie"),
}
EMPTY = [
    "stg_pos__receipt_identifiers",
    "stg_pos__coupon_identifiers",
    "stg_desk__ticket_identifiers",
    "stg_mailhouse__recipient_identifiers",
    "stg_preferences__contact_identifiers",
]
COLUMNS = ["account", "loyalty_card", "email", "phone", "device_token", "profile", "cookie"]


def value(kind: str, number: str) -> str:
    """SQL for the text of an identifier, out of its kind and number."""
    cases = " ".join(f"when {code} then {FORMS[name].format(n=number)}" for code, name in enumerate(KINDS))
    return f"case {kind} {cases} end"


def write_world(world: World, folder: Path) -> int:
    """Parquet files of the world, unless they are there already. Returns the number of observations."""
    target = folder / "observations"
    with duckdb.connect() as base:
        base.execute("set memory_limit = '2GB'; set preserve_insertion_order = false; set threads = 2")
        if not (folder / "owners.parquet").exists():
            target.mkdir(parents=True, exist_ok=True)
            base.execute("create table owners (kind tinyint, number bigint, person bigint)")
            for number, observed in enumerate(draw(world)):
                write_chunk(base, observed, number, target / f"{number:05}.parquet")
            base.execute(
                f"copy (select n.name as identifier_type, {value('kind', 'number')} as identifier, person"
                f" from owners join (select unnest({list(KINDS)}) as name, unnest(range(7)) as kind) as n using (kind))"
                f" to '{folder}/owners.parquet'"
            )
        found = base.execute(f"select count(*) from '{target}/*.parquet'").fetchall()
    return int(found[0][0])


def write_chunk(base: duckdb.DuckDBPyConnection, observed: Observed, number: int, file: Path) -> None:
    names = ("left_kind", "left_number", "right_kind", "right_number", "person")
    columns = dict(zip(names, observed.links, strict=False))
    columns |= {"has_typo": observed.has_typo, "ago": observed.seconds_ago, "slot": observed.slot}
    columns["record"] = number * 10_000_000 + np.arange(len(observed.slot))
    base.register("drawn", pa.table(columns))
    owned = dict(zip(("kind", "number", "person"), observed.owned, strict=True))
    base.register("owned", pa.table(owned))
    first, last = ([plain(name) for name in names] for names in (FIRST, LAST))
    base.execute(
        f"""copy (
        with given as (
            select *, {GIVEN} as given from drawn, (select {first} as first, {last} as last)
        )
        select record, {list(KINDS)}[1 + left_kind] as left_type, {value("left_kind", "left_number")} as left_value,
            {list(KINDS)}[1 + right_kind] as right_type, {value("right_kind", "right_number")} as right_value,
            {NAME} as name_postcode, timestamp '{AS_OF}' - to_seconds(ago) as seen_at, slot::smallint as slot
        from given ) to '{file}'"""
    )
    base.execute("insert into owners select * from owned")


WRITTEN = "first_name varchar, last_name varchar, phone varchar, email varchar, postcode varchar"
NAMES_WRITTEN = {
    "stg_shop__accounts": f"account_id varchar, street varchar, updated_at timestamp, {WRITTEN}",
    "stg_loyalty__members": f"loyalty_card varchar, birth_date date, updated_at timestamp, {WRITTEN}",
    "stg_shop__orders": f"account_id varchar, placed_at timestamp, is_future boolean, {WRITTEN}",
}
"""What matching compares: nothing, in these worlds."""


def create_staging(base: duckdb.DuckDBPyConnection) -> None:
    """The staging models of identifiers as empty tables, where they are not there yet."""
    base.execute("create schema if not exists staging")
    for model in [*STREAMS, *EMPTY]:
        texts = ", ".join(f"{name} varchar" for name in [*COLUMNS, "payment_hash", "name_postcode"])
        times = "first_seen_at timestamp, last_seen_at timestamp, loaded_at timestamp"
        base.execute(
            f"create table if not exists staging.{model} (source varchar, record_id varchar, {texts}, {times})"
        )
    for model, columns in NAMES_WRITTEN.items():
        base.execute(f"create table if not exists staging.{model} ({columns})")


def fill_warehouse(folder: Path, database: Path, slots: range, loaded_at: str) -> None:
    """Add the observations of these slots to the staging tables of a warehouse, as one load."""
    with duckdb.connect(str(database)) as base:
        base.execute("set memory_limit = '3GB'; set preserve_insertion_order = false; set TimeZone = 'UTC'")
        create_staging(base)
        for model, (source, left, right) in STREAMS.items():
            columns = ", ".join(
                f"case when left_type = '{name}' then left_value when right_type = '{name}' then right_value end"
                for name in COLUMNS
            )
            base.execute(
                f"""insert into staging.{model}
                select '{source}', 'r' || record, {columns}, null, name_postcode, seen_at, seen_at,
                    timestamp '{loaded_at}'
                from '{folder}/observations/*.parquet'
                where slot >= {slots.start} and slot < {slots.stop}
                    and left_type in {(*left.split(), "")} and right_type in {(*right.split(), "")}"""
            )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--observations", default=1_000_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
def main(folder: Path, observations: int, seed: int) -> None:
    """Write a world."""
    click.echo(f"{write_world(World(observations, seed), folder):,} observations, {SLOTS:,} slots")


if __name__ == "__main__":
    main()
