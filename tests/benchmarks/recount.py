"""`python -m tests.benchmarks recount [--customers 1000000]`: two runs of a day decided by the models, every decision
counted again by plain Python: caps, budgets, consent, suppressions, quiet hours. Exits 1 on any promise broken.

The checker shares no code with the models; DuckDB only hands it the tables, some homes at a time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import click
import duckdb

from orchestration.paths import PROJECT
from orchestration.replay.compiled import Models, compile_models
from tests.benchmarks.decide_steps import opened
from tests.benchmarks.recount_streams import parts, totals_allowed
from tests.benchmarks.recount_world import put_own_world
from tests.models.decision_recount import Totals, recount, taken_from_all

MORNING = datetime(2026, 11, 5, 13, 30)  # eight in New York, half past five in Los Angeles
EVENING = MORNING + timedelta(hours=12)
SCHEMAS = ("seeds", "staging", "identity", "profiles", "context", "scores", "audiences", "decisions", "kept")


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; temporary if not given.")
@click.option("--memory", default="2GB", show_default=True, help="DuckDB's limit; the rest spills.")
def main(customers: int, folder: Path | None, memory: str) -> None:
    """Draw, decide twice, recount both."""
    with tempfile.TemporaryDirectory() as fallback:
        place = (folder or Path(fallback)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        models, broken = compile_models(PROJECT, place / "compiled"), 0
        with opened(place, memory) as connection:
            for schema in SCHEMAS:
                connection.execute(f"drop schema if exists {schema} cascade")
                connection.execute(f"create schema {schema}")
            put_own_world(connection, customers, MORNING)
            for name, moment in (("morning", MORNING), ("evening", EVENING)):
                decide(connection, models, moment, name)
                broken += told(connection, place, customers, moment, name)
                keep(connection, name)
    sys.exit(1 if broken else 0)


def decide(connection: duckdb.DuckDBPyConnection, models: Models, moment: datetime, name: str) -> None:
    began = time.process_time()
    models.run(connection, moment, name)
    print(f"{name}: decided in {time.process_time() - began:.0f} CPU s", flush=True)


def told(
    connection: duckdb.DuckDBPyConnection, folder: Path, customers: int, moment: datetime, name: str
) -> int:
    """Count a run again; print what was looked at and what was broken, and return how much that is."""
    began, promises, broken, totals = time.process_time(), Counter[str](), list[str](), Totals()
    decided = 0
    for world, decisions in parts(connection, folder, customers, moment, name):
        seen, found = recount(world, decisions, whole=False)
        totals.update(taken_from_all(world, decisions))
        promises.update(seen)
        broken, decided = broken + found, decided + len(decisions)
    most = totals_allowed(connection)
    for policy, value in {(policy, value) for policy, value, by in totals if by == "decisions"}:
        used = sum(totals[policy, value, by] for by in ("before", "uncapped", "decisions"))
        promises["capacities and budgets in all"] += 1
        print(
            f"{policy} for {value}: {used:,} of {most[policy]:,}, {totals[policy, value, 'decisions']:,} by this run"
        )
        broken += [f"over {policy} for {value}: {used} of {most[policy]}"] if used > most[policy] else []
    for line in broken[:20]:
        print(line)
    print(f"{name}: {decided:,} decisions for {customers:,} customers, {sum(promises.values()):,} promises, "
          f"{len(broken)} broken; {time.process_time() - began:.0f} CPU s; {dict(promises)}", flush=True)  # fmt: skip
    return len(broken) + (not decided)


def keep(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """What was decided counts for the next run as what earlier runs published."""
    run = f"run_id = '{name}'"
    connection.execute(
        "insert into context.fct_contacts by name select 'decision:' || decision_id as contact_id, customer_id,"
        " contact_type, contact_point, product_id, product_category, channel, category, campaign, message_id,"
        " 'decided' as state, count_to_caps, greatest(send_after, decided_at) as counted_at"
        f" from decisions.fct_decisions where {run}"
    )
    for table, rows in (("ledger", f"fct_ledger where outcome = 'withhold' and {run}"),
                        ("decisions", f"fct_decisions where {run}")):  # fmt: skip
        columns = [row[0] for row in connection.execute(f"describe staging.stg_downbeat__{table}").fetchall()]
        connection.execute(
            f"insert into staging.stg_downbeat__{table} by name select {', '.join(columns)} from decisions.{rows}"
        )


if __name__ == "__main__":
    main()
