"""`DOWNBEAT_HOME=… python -m tests.benchmarks.micro_run [COPIES]`: a micro-run of 1,000 customers beside the full run.

Takes the newest release of a home, multiplies its people, and runs the same compiled models for everybody and for a
thousand of them. Prints seconds of wall and CPU; start-up (dbt's compiling, loading the tables) is apart.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb

from orchestration.paths import PROJECT, Home
from orchestration.replay.compiled import compile_models
from orchestration.replay.past import put_past
from orchestration.replay.scratch import open_scratch, put_seeds
from orchestration.shelf import current_release

MULTIPLIED = {
    "profiles.dim_customers": ("customer_id", "household_id", "email", "phone", "device_token"),
    "profiles.dim_customer_consents": ("customer_id", "contact_point"),
    "identity.dim_customer_identifiers": ("customer_id", "identifier"),
    "audiences.fct_audience_members": ("customer_id",),
    "context.dim_customer_context": ("customer_id",),
    "context.fct_contacts": ("customer_id", "contact_id", "contact_point", "decision_id"),
}
CONSIDERED = 1000


def multiply(connection: duckdb.DuckDBPyConnection, copies: int) -> None:
    """Every person so many times, each copy with names of its own."""
    for table, names in MULTIPLIED.items():
        columns = {
            row[0] for row in connection.execute(f"select column_name from (describe {table})").fetchall()
        }
        renamed = ", ".join(f"{name} || '-' || n as {name}" for name in names if name in columns)
        connection.execute(
            f"create or replace table {table} as select t.* replace ({renamed})"
            f" from {table} as t, range({copies}) as r(n)"
        )


def put_news(connection: duckdb.DuckDBPyConnection) -> None:
    """A record of a thousand customers, taken in after the last run."""
    connection.execute("drop view identity.fct_record_identifiers")
    kinds = ("account", "loyalty_card", "email", "phone", "device_token", "profile", "cookie", "payment_hash",
             "name_postcode")  # fmt: skip
    columns = ", ".join(
        f"case when identifier_type = '{kind}' then identifier end as {kind}" for kind in kinds
    )
    connection.execute(
        f"create table identity.fct_record_identifiers as select {columns}, timestamp '2100-01-01' as loaded_at from ("
        " select identifier_type, identifier,"
        " row_number() over (partition by customer_id order by identifier) as place,"
        " dense_rank() over (order by md5(customer_id)) as customer from identity.dim_customer_identifiers"
        f" where customer_id is not null) where place = 1 and customer <= {CONSIDERED}"
    )


def timed(work: Callable[[], None]) -> str:
    begun, spent = time.monotonic(), time.process_time()
    work()
    return f"{time.monotonic() - begun:.2f} s wall, {time.process_time() - spent:.2f} CPU s"


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    home = Home.from_environment()
    release = current_release(home)
    if release is None:
        sys.exit("nothing is published in this home: run `downbeat demo` first")
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(PROJECT, Path(folder))
    connection = open_scratch()
    connection.execute("set memory_limit = '3GB'")
    put_seeds(connection, PROJECT, 1)
    for stream in ("decisions", "ledger"):
        source = f"read_parquet('{release.table(f'fct_{stream}')}')"
        connection.execute(f"create table kept.{stream} as from {source} limit 0")
    put_past(connection, home, release, [], 1)
    multiply(connection, copies)
    put_news(connection)
    for kind in ("full", "micro", "micro"):
        moment = release.as_of + timedelta(days=1)
        told = timed(lambda kind=kind, moment=moment: models.run(connection, moment, kind, kind))  # type: ignore[misc]
        [(ledger,)] = connection.execute(
            "select count(*) from decisions.fct_ledger where run_id = ?", [kind]
        ).fetchall()
        people = connection.execute("select count(*) from profiles.dim_customers").fetchall()[0][0]
        whose = f"{CONSIDERED:,} of {people:,}" if kind == "micro" else f"{people:,}"
        print(f"{kind}: {whose} customers, {ledger:,} candidates: {told}", flush=True)


if __name__ == "__main__":
    main()
