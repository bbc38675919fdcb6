"""Puts a made-up world where dbt's decision models will look for it, and runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from tests.models.decision_world import AS_OF, DIALS, KEYS, PROJECT, Row, World

T, M, B, N, D = "varchar", "timestamp", "boolean", "bigint", "double"
TABLES: dict[str, dict[str, str]] = {
    "profiles.dim_customers": {
        "customer_id": T, "email": T, "phone": T, "device_token": T, "loyalty_card": T, "cookie_id": T,
        "household_id": T, "country": T, "time_zone": T, "is_time_zone_known": B, "lifecycle_stage": T,
    },
    "profiles.dim_customer_consents": {
        "customer_id": T, "channel": T, "purpose": T, "contact_type": T, "contact_point": T, "is_granted": B,
        "is_bounced": B, "occurred_at": M,
    },
    "profiles.fct_consents": {
        "contact_type": T, "contact_point": T, "channel": T, "purpose": T, "status": T, "occurred_at": M,
    },
    "identity.dim_customer_identifiers": {
        "identifier_type": T, "identifier": T, "customer_id": T, "is_shared": B,
    },
    "identity.fct_record_identifiers": {
        "source": T, "record_id": T, "account": T, "loyalty_card": T, "email": T, "phone": T, "device_token": T,
        "profile": T, "cookie": T, "payment_hash": T, "name_postcode": T, "loaded_at": M,
    },
    "audiences.fct_audience_members": {
        "audience": T, "customer_id": T, "scope_key": T, "reason": T, "kind": T, "product_id": T,
        "product_category": T, "entered_at": M, "expires_at": M,
    },
    "audiences.fct_programme_states": {
        "programme": T, "customer_id": T, "instance": T, "status": T, "message_id": T, "step_number": N,
        "is_offered": B, "moved_because": T, "last_message_id": T, "last_channel": T, "product_id": T,
        "product_category": T, "entered_at": M, "closes_at": M,
    },
    "context.fct_contacts": {
        "contact_id": T, "customer_id": T, "contact_type": T, "contact_point": T, "product_id": T,
        "product_category": T, "channel": T, "category": T, "campaign": T, "message_id": T, "state": T,
        "count_to_caps": B, "counted_at": M,
    },
    "context.dim_customer_context": {
        "customer_id": T, "last_purchased_category": T, "pressure_7d": N, "open_case_count": N,
    },
    "staging.stg_downbeat__decisions": {
        "decision_id": T, "run_id": T, "customer_id": T, "message_id": T, "instance": T, "campaign": T, "channel": T,
        "category": T, "product_id": T, "product_category": T, "contact_type": T, "contact_point": T,
        "count_to_caps": B, "payload": T, "score": N, "send_after": M, "expires_at": M, "decided_at": M,
    },
    "staging.stg_downbeat__ledger": {
        "run_id": T, "customer_id": T, "message_id": T, "instance": T, "outcome": T, "first_reason": N,
        "reason_mask": N, "lost_to": T, "short_by": N, "score": N, "round": N, "wish_count": N, "pressure_7d": N,
        "choice_prob": D, "hold_until": M, "decided_at": M,
    },
    "staging.stg_downbeat__decision_runs": {
        "run_id": T, "release_id": T, "kind": T, "policy_version": T, "git_sha": T, "engine": T, "data_version": T,
        "candidates": N, "decisions": N, "checker_status": T, "decided_at": M,
    },
    "staging.stg_downbeat__assignments": {
        "experiment": T, "customer_id": T, "bucket": N, "arm": T, "assigned_at": M,
    },
    "staging.stg_downbeat__propensities": {
        "customer_id": T, "message_id": T, "propensity": D, "model_version": T, "is_future": B, "scored_at": M,
    },
    "scores.fct_scores": {"customer_id": T, "model": T, "model_version": T, "logit_pico": N},
    "scores.fct_message_weights": {"message_id": T, "model_version": T, "logit_pico": N},
    "staging.stg_downbeat__prices": {"policy_id": N, "price": D, "is_future": B, "solved_at": M},
    "staging.stg_downbeat__receipts": {
        "receipt_id": T, "sync_id": T, "destination": T, "release_id": T, "change": T, "member_key": T,
        "decision_id": T, "content_hash": T, "outcome": T, "code": T, "finished_at": M,
    },
    "staging.stg_downbeat__match_reports": {
        "sync_id": T, "destination": T, "people_from": N, "people_to": N, "percent_from": N, "percent_to": N,
        "reported_at": M, "is_future": B, "load_id": T,
    },
}  # fmt: skip


def upstream_rows(world: World) -> dict[str, list[Row]]:
    """What stands in each table upstream of the decision models."""
    return {
        "profiles.dim_customers": world.customers,
        "profiles.dim_customer_consents": world.consents,
        "identity.dim_customer_identifiers": identifiers(world),
        "identity.fct_record_identifiers": records(world),
        "staging.stg_downbeat__decision_runs": [
            {"run_id": "before", "kind": "full", "decided_at": world.as_of - timedelta(minutes=15)}
        ],
        "audiences.fct_audience_members": world.members,
        "audiences.fct_programme_states": world.states,
        "context.fct_contacts": world.contacts,
        "context.dim_customer_context": world.context,
        "staging.stg_downbeat__assignments": world.assigned,
        "staging.stg_downbeat__propensities": world.propensities,
        "staging.stg_downbeat__prices": world.prices,
        "staging.stg_downbeat__ledger": [row for row in world.decided if row["outcome"] == "withhold"],
        "staging.stg_downbeat__decisions": [row for row in world.decided if row["outcome"] == "send"],
    }


def put_world(home: Path, world: World) -> None:
    """Create the tables upstream of the decision models."""
    rows = upstream_rows(world)
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as connection:
        for name, columns in TABLES.items():
            put_table(connection, name, columns, rows.get(name, []))


def turn_dials(home: Path) -> None:
    """Change the seeds in the warehouse as the world's own dials say."""
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as connection:
        for seed, key, cells in DIALS:
            for column, value in cells.items():
                change = f"update seeds.{seed} set {column} = ? where cast({KEYS[seed]} as varchar) = ?"
                connection.execute(change, [value, key])


def put_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: Iterable[Row]
) -> None:
    """One table with its declared columns; what a row does not have is null."""
    connection.execute(f"create schema if not exists {name.split('.')[0]}")
    connection.execute(
        f"create or replace table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})"
    )
    values = [[plain(row.get(column)) for column in columns] for row in rows]
    for start in range(0, len(values), 500):
        chunk = values[start : start + 500]
        marks = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(chunk))
        connection.execute(f"insert into {name} values {marks}", [cell for row in chunk for cell in row])


def plain(value: Any) -> Any:
    """UTC timestamps without their zone, as the warehouse keeps them."""
    return value.replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value


def identifiers(world: World) -> list[Row]:
    """Every contact point belongs to the customer who has it; one that two have belongs to neither."""
    owners: dict[tuple[str, str], set[str]] = {}
    for row in world.consents:
        owners.setdefault((row["contact_type"], row["contact_point"]), set()).add(row["customer_id"])
    points = [
        {"identifier_type": kind, "identifier": point, "customer_id": min(found), "is_shared": len(found) > 1}
        for (kind, point), found in owners.items()
    ]
    accounts = [row["customer_id"] for row in world.customers]
    return points + [
        {"identifier_type": "account", "identifier": f"a-{c}", "customer_id": c, "is_shared": False}
        for c in accounts
    ]


def records(world: World) -> list[Row]:
    """A record of everybody from before, and one of whoever there is news of."""
    before = world.as_of - timedelta(days=1)
    old = [{"account": f"a-{row['customer_id']}", "loaded_at": before} for row in world.customers]
    return old + [{"account": f"a-{customer}", "loaded_at": world.as_of} for customer in world.news or []]


def dbt(home: Path, *arguments: str, run_id: str = "under test") -> None:
    """Run dbt on a home for the world's moment, as if its few were many; the whole output is the error."""
    variables = f"{{as_of: '{AS_OF:%Y-%m-%d %H:%M:%S}', run_id: '{run_id}', steps_from_candidates: 1}}"
    command = [str(Path(sys.executable).with_name("dbt")), *arguments, "--project-dir", str(PROJECT)]
    command += ["--profiles-dir", str(PROJECT), "--target-path", str(home / "target"), "--vars", variables]
    command += ["--log-path", str(home / "logs"), "--no-use-colors"]
    environment = os.environ | {"DOWNBEAT_HOME": str(home), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:]


def table(home: Path, query: str) -> list[Row]:
    """Rows of the warehouse as dicts."""
    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
