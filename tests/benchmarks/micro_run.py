"""`python -m tests.benchmarks micro_run [CUSTOMERS]`: a micro-run of 1,000 customers beside the full run.

The compiled models over a drawn world in memory, for everybody and for a thousand of them. Prints seconds of wall and
CPU; start-up (dbt's compiling, drawing the world) is apart. Exits 1 above 2 CPU seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import duckdb

from orchestration.paths import PROJECT
from orchestration.replay.compiled import Models, compile_models
from orchestration.replay.scratch import open_scratch
from tests.benchmarks.decide_world import AS_OF, put_large_world

CONSIDERED, MOST = 1000, 2.0


def put_news(connection: duckdb.DuckDBPyConnection) -> None:
    """A record of a thousand customers, taken in after the last run."""
    connection.execute(
        "insert into staging.stg_downbeat__decision_runs by name"
        f" select 'before' as run_id, 'full' as kind, timestamp '{AS_OF}' - to_hours(6) as decided_at"
    )
    connection.execute(
        "insert into identity.fct_record_identifiers by name select 'shop' as source, customer_id as record_id,"
        f" 'a-' || customer_id as account, timestamp '{AS_OF}' as loaded_at from profiles.dim_customers"
        f" order by md5(customer_id) limit {CONSIDERED}"
    )


def decided(connection: duckdb.DuckDBPyConnection, models: Models, kind: str) -> float:
    """CPU seconds of a run of this kind, told."""
    began, spent = time.monotonic(), time.process_time()
    models.run(connection, AS_OF, kind, kind)
    wall, cpu = time.monotonic() - began, time.process_time() - spent
    [(rows,)] = connection.execute(
        "select count(*) from decisions.fct_ledger where run_id = ?", [kind]
    ).fetchall()
    print(f"{kind}: {rows:,} candidates: {wall:.2f} s wall, {cpu:.2f} CPU s", flush=True)
    return cpu


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(PROJECT, Path(folder))
    connection = open_scratch()
    connection.execute("set memory_limit = '3GB'")
    connection.execute("set threads = 2")
    put_large_world(connection, customers)
    put_news(connection)
    print(f"{customers:,} customers, news of {CONSIDERED:,}")
    spent = [decided(connection, models, kind) for kind in ("full", "micro", "micro")]
    sys.exit(1 if min(spent[1:]) > MOST else 0)


if __name__ == "__main__":
    main()
