"""Days of a drawn world as the product would have published them: one release a day, for a replay to start from.

People come and go: each day one in fifty leaves a segment and another enters it, one in a hundred changes their mind
about a channel and one in a hundred moves, so that no table of customers is that of the day before.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.export import Earlier, Part, export_table
from orchestration.paths import Home
from orchestration.replay.compiled import Models
from orchestration.replay.past import AS_IT_WAS, SCORES
from tests.benchmarks.decide_world import AS_OF, SEGMENTS, drawn, put_large_world

BEFORE = {
    **{name: schema for schema, names in AS_IT_WAS.items() for name in names},
    **dict.fromkeys(SCORES, "scores"),
    "fct_contacts": "context",
    **dict.fromkeys(("dim_customer_identifiers", "fct_record_identifiers"), "identity"),
}
"""What a run reads, by schema: published as it was when the run began."""
AFTER = {
    "fct_ledger": "kept.ledger_of_run",
    "fct_decisions": "decisions.fct_decisions",
    "fct_assignments": "decisions.fct_assignments",
    "fct_decision_runs": "staging.stg_downbeat__decision_runs",
}
"""What a replay reads of what a run left behind."""

CHANGES = (
    "delete from audiences.fct_audience_members where kind = 'segment' and {leaves} = 0",
    """insert into audiences.fct_audience_members by name select 's' || {where} as audience, customer_id, 'all' as
    scope_key, 'segment' as kind, 'c1' as product_category, timestamp '{moment}' - interval 1 hour as entered_at
    from profiles.dim_customers, range(5) as r(k) where {enters} = 0""",
    "update profiles.dim_customer_consents set is_granted = not is_granted where {minds} = 0",
    "update profiles.dim_customers set time_zone = 'America/Denver', is_time_zone_known = true where {moves} = 0",
)
DICE = {
    "leaves": (50, "customer_id", "audience"),
    "where": (SEGMENTS, "customer_id", "k"),
    "enters": (50, "customer_id", "k"),
    "minds": (100, "customer_id", "channel"),
    "moves": (100, "customer_id"),
}

REMEMBER = (
    """insert into context.fct_contacts by name select 'decision:' || decision_id as contact_id, customer_id,
    contact_type, contact_point, channel, category, campaign, message_id, decision_id, product_id, product_category,
    'decided' as state, count_to_caps, greatest(decided_at, send_after) as counted_at,
    channel = 'paid_social' as is_estimate from decisions.fct_decisions where run_id = $run""",
    "insert into staging.stg_downbeat__decisions by name select * from decisions.fct_decisions where run_id = $run",
    "insert into staging.stg_downbeat__ledger by name from kept.ledger_of_run"
    " where outcome = 'withhold' and run_id = $run",
)
RAN = """insert into staging.stg_downbeat__decision_runs by name
select $run as run_id, 'full' as kind, $moment as decided_at"""


def record_days(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    models: Models,
    customers: int,
    days: int,
    per_customer: int,
) -> None:
    """Draw the world, then decide day after day and publish each."""
    put_large_world(connection, customers)
    connection.execute(
        "delete from audiences.fct_audience_members where kind = 'segment'"
        f" and {drawn('fewer', 40, 'customer_id', 'audience')} >= {per_customer}"
    )
    for column in ("decision_id varchar", "is_estimate boolean default false"):
        connection.execute(f"alter table context.fct_contacts add column {column}")
    earlier = Earlier()
    for day in range(days):
        moment = AS_OF + timedelta(days=day)
        dice = {name: drawn(name, among, *of, str(day)) for name, (among, *of) in DICE.items()}
        for change in CHANGES if day else ():
            connection.execute(change.format(moment=moment, **dice))
        earlier = publish_day(connection, home, models, moment, earlier)


def publish_day(
    connection: duckdb.DuckDBPyConnection, home: Home, models: Models, moment: datetime, earlier: Earlier
) -> Earlier:
    """One day's run, and its release."""
    run = f"run-{moment:%Y-%m-%d}"
    root = home.releases / run
    root.mkdir(parents=True)
    read = {name: f"{schema}.{name}" for name, schema in BEFORE.items()}
    found = {name: export_table(connection, name, table, root, earlier) for name, table in read.items()}
    models.run(connection, moment, run)
    connection.execute("create or replace table kept.ledger_of_run as from decisions.fct_ledger where run_id = $run",
                       {"run": run})  # fmt: skip
    connection.execute(RAN, {"run": run, "moment": moment})
    for name, table in AFTER.items():
        found[name] = export_table(connection, name, table, root, earlier)
    found["fct_ledger"] += link_ledger(earlier, root)
    for statement in REMEMBER:
        connection.execute(statement, {"run": run})
    write_manifest(root, run, moment, found)
    return Earlier(root, {part.path: part for parts in found.values() for part in parts})


def link_ledger(earlier: Earlier, root: Path) -> list[Part]:
    """The ledger of the days before, as every release holds it."""
    parts = [part for path, part in earlier.parts.items() if path.startswith("fct_ledger/")]
    for part in parts if earlier.folder else ():
        (root / part.path).parent.mkdir(exist_ok=True)
        os.link(f"{earlier.folder}/{part.path}", root / part.path)
    return parts


def write_manifest(root: Path, run: str, moment: datetime, found: dict[str, list[Part]]) -> None:
    """What makes the folder a release."""
    tables = {
        name: {"rows": sum(part.rows for part in parts), "files": [asdict(part) for part in parts]}
        for name, parts in found.items()
    }
    manifest = {"release_id": run, "run_id": run, "sequence": moment.toordinal(), "verdict": "certified",
                "as_of": moment.isoformat(), "tables": tables}  # fmt: skip
    (root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
