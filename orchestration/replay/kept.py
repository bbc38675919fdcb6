"""What a replay keeps of each run: what was decided then and now, and how many rows of the ledger are not the same."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.shelf import Release

NAMED = ("message_id", "instance")
COMPARED = ("outcome", "first_reason", "reason_mask", "lost_to", "score", "round")
DECIDED = """
insert into kept.{side} select d.run_id, cast(d.decided_at as date) as day, d.customer_id, d.message_id, d.instance,
    d.campaign, d.channel, coalesce(c.lifecycle_stage, 'unknown') as segment, d.score / 1e6 as value
from kept.{source} as d join profiles.dim_customers as c on c.customer_id = d.customer_id"""
SUMMED = f"""
select count(*), sum(hash(customer_id, {", ".join(NAMED + COMPARED)})) from {{ledger}} where run_id = $run"""
COUNTED = f"""
create or replace table kept.counted_{{side}} as
select customer_id, sum(hash({", ".join(NAMED + COMPARED)})) as total
from {{ledger}} where run_id = $run group by customer_id"""
OTHERS = """
create or replace table kept.others as select coalesce(now.customer_id, was.customer_id) as customer_id
from kept.counted_now as now full outer join kept.counted_was as was on was.customer_id = now.customer_id
where now.total is distinct from was.total
    and coalesce(now.customer_id, was.customer_id) in (select customer_id from profiles.dim_customers)"""
DIFFERING = """
select count(*) from (select * from {ledger} where run_id = $run and customer_id in (from kept.others)) as was
full outer join (
    select * from decisions.fct_ledger where run_id = $run and customer_id in (from kept.others)
) as now on now.customer_id = was.customer_id and now.message_id = was.message_id and now.instance = was.instance
where {changed}"""

WITHHELD = """
insert into kept.withheld by name
select {columns}, '{file}' as file from read_parquet('{path}')
where outcome = 'withhold' and not list_contains($runs, run_id)"""

ASKED = {
    "decisions": "* exclude (payload, expires_at)",
    "ledger": "run_id, customer_id, message_id, instance, outcome, decided_at",
}
"""What a later run, or a reader of the page, asks of a decision and of a withheld message: little of it."""


def keep_nothing_yet(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Empty tables for what a replay will decide, with the columns of a release."""
    for stream in ("decisions", "ledger"):
        columns = f"read_parquet('{release.table(f'fct_{stream}')}')"
        connection.execute(f"create table kept.no_{stream} as from {columns} limit 0")
        connection.execute(f"create table kept.{stream} as select {ASKED[stream]} from kept.no_{stream}")
    connection.execute("create table kept.withheld as select *, '' as file from kept.ledger")
    connection.execute("create table kept.withheld_files (file text)")
    connection.execute("create table kept.anew as from kept.decisions")
    connection.execute("create table kept.gone (decision_id text)")
    for side in ("was", "now"):
        connection.execute(
            f"create table kept.{side} (run_id text, day date, customer_id text, message_id text, instance text, "
            "campaign text, channel text, segment text, value double)"
        )


def keep_recorded(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """What the run decided then. Until it is decided anew it is gone."""
    connection.execute(
        "create or replace table kept.recorded as select decision_id, run_id, decided_at, customer_id,"
        " message_id, instance, campaign, channel, score"
        f" from read_parquet('{release.table('fct_decisions')}') where run_id = $run",
        {"run": str(release.manifest["run_id"])},
    )
    connection.execute("insert into kept.gone select decision_id from kept.recorded")


def keep_decided(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what the run decided now, and what it withheld; the past is set aside."""
    for statement in (
        f"create or replace table kept.decided as select {ASKED['decisions']} from decisions.fct_decisions",
        f"insert into kept.ledger select {ASKED['ledger']} from decisions.fct_ledger where outcome = 'withhold'",
        "insert into kept.decisions by name from kept.decided",
        "insert into kept.anew by name from kept.decided"
        " where decision_id not in (select decision_id from kept.recorded)",
        "delete from kept.gone where decision_id in (select decision_id from kept.decided)",
        DECIDED.format(side="was", source="recorded"),
        DECIDED.format(side="now", source="decided"),
    ):
        connection.execute(statement)


def keep_withheld(connection: duckdb.DuckDBPyConnection, release: Release, runs: Sequence[str]) -> None:
    """What other runs withheld, by this release's ledger; a file that several releases share is read once."""
    parts = release.parts()
    files = {part.sha256: path for path, part in parts.items() if path.startswith("fct_ledger/")}
    known = {file for (file,) in connection.execute("from kept.withheld_files").fetchall()}
    for table in ("withheld", "withheld_files"):
        connection.execute(
            f"delete from kept.{table} where file in (select unnest($gone))",
            {"gone": list(known - files.keys())},
        )
    for file in files.keys() - known:
        query = WITHHELD.format(columns=ASKED["ledger"], file=file, path=release.folder / files[file])
        connection.execute(query, {"runs": list(runs)})
        connection.execute("insert into kept.withheld_files values ($file)", {"file": file})


def compare_ledgers(connection: duckdb.DuckDBPyConnection, release: Release) -> tuple[int, int]:
    """Count the run's ledger rows and those that differ. Row by row only customers whose sums differ."""
    run = {"run": str(release.manifest["run_id"])}
    sides = {"was": f"read_parquet('{release.table('fct_ledger')}')", "now": "decisions.fct_ledger"}
    [was], [now] = (connection.execute(SUMMED.format(ledger=one), run).fetchall() for one in sides.values())
    if was == now:
        return int(now[0]), 0
    for side, ledger in sides.items():
        connection.execute(COUNTED.format(side=side, ledger=ledger), run)
    connection.execute(OTHERS)
    changed = " or ".join(f"now.{c} is distinct from was.{c}" for c in COMPARED)
    query = DIFFERING.format(ledger=sides["was"], changed=changed)
    [(differing,)] = connection.execute(query, run).fetchall()
    return int(now[0]), int(differing)
