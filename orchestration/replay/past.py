"""One published run's inputs as they were: from its release, except for what the replay itself has decided since.

Contacts of the replayed days are those of the replay: where reality decided the same, its own contact; where it did
not, one that counts from the moment it may go out. Who is eligible, and what customers did, stays as recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.paths import Home
from orchestration.replay.kept import ASKED, keep_withheld
from orchestration.shelf import Release

AS_IT_WAS = {
    "profiles": ("dim_customers", "dim_customer_consents"),
    "audiences": ("fct_audience_members", "fct_programme_states"),
    "context": ("dim_customer_context",),
}
CONTACTS = """
create or replace view context.fct_contacts as
select * from read_parquet('{contacts}')
where decision_id is null or decision_id not in (select decision_id from kept.gone)
union all by name from kept.contacts_anew"""
"""Read on the way, for the models ask for few of its columns: once for each of two."""

ANEW = """
create or replace table kept.contacts_anew as
select 'decision:' || k.decision_id as contact_id, coalesce(i.customer_id, k.customer_id) as customer_id,
    k.contact_type, k.contact_point, k.channel, k.category, k.campaign, k.message_id, k.decision_id, k.product_id,
    k.product_category, 'decided' as state, k.channel = 'paid_social' as is_estimate, k.count_to_caps,
    greatest(k.decided_at, k.send_after) as counted_at
from kept.anew as k
left join identity.dim_customer_identifiers as i
    on i.identifier_type = k.contact_type and i.identifier = k.contact_point and not i.is_shared
where not exists (select 1 from read_parquet('{contacts}') as c where c.decision_id = k.decision_id)"""

OWN = """
create or replace view staging.stg_downbeat__{stream} as
from kept.no_{stream} union all by name
select {asked} from {recorded} where not list_contains({runs}, run_id) union all by name from kept.{stream}"""


def put_past(
    connection: duckdb.DuckDBPyConnection, home: Home, release: Release, runs: Sequence[str], buckets: int
) -> None:
    """Everything the models read for this release's run. runs: the ids replayed so far, this one included."""
    for schema, names in AS_IT_WAS.items():
        for name in names:
            connection.execute(
                f"create or replace table {schema}.{name} as from read_parquet('{release.table(name)}')"
            )
    for name in ("dim_customer_identifiers", "fct_record_identifiers"):
        connection.execute(
            f"create or replace view identity.{name} as from "
            f"read_parquet('{release.table(name)}', union_by_name = true)"
        )
    _sample(connection, buckets)
    _put_decided(connection, release, runs)
    told = {"runs": list(runs)}
    connection.execute(
        "create or replace table staging.stg_downbeat__decision_runs as from "
        f"read_parquet('{release.table('fct_decision_runs')}') where not list_contains($runs, run_id)",
        told,
    )
    connection.execute(
        "create or replace table staging.stg_downbeat__assignments as from "
        f"read_parquet('{release.table('fct_assignments')}') where assigned_at < $moment",
        {"moment": release.as_of},
    )
    _scores(connection, release)
    for stream, columns in ESTIMATES.items():
        put_estimates(connection, home.raw / "downbeat" / stream, stream, columns, release)


def _put_decided(connection: duckdb.DuckDBPyConnection, release: Release, runs: Sequence[str]) -> None:
    """What runs decided and withheld before, and the contacts that came of it."""
    keep_withheld(connection, release, runs)
    for statement in (ANEW, CONTACTS):
        connection.execute(statement.format(contacts=release.table("fct_contacts")))
    decisions = f"read_parquet('{release.table('fct_decisions')}')"
    for stream, recorded in (("decisions", decisions), ("ledger", "kept.withheld")):
        query = OWN.format(stream=stream, asked=ASKED[stream], recorded=recorded, runs=list(runs))
        connection.execute(query)


def hold_past(connection: duckdb.DuckDBPyConnection) -> None:
    """Make tables of what put_past made views, to be added to."""
    for name in ("context.fct_contacts", "staging.stg_downbeat__decisions"):
        connection.execute(f"create or replace table kept.held as from {name}")
        connection.execute(f"drop view {name}")
        connection.execute(f"create table {name} as from kept.held")


def set_past_aside(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on the ledger and the decisions hold the run's own rows alone."""
    for stream in ("decisions", "ledger"):
        connection.execute(f"create or replace view staging.stg_downbeat__{stream} as from kept.no_{stream}")


def _sample(connection: duckdb.DuckDBPyConnection, buckets: int) -> None:
    """Keep the households of one bucket: caps do not reach beyond a household, except those of everybody."""
    if buckets > 1:
        bucket = "cast('0x' || substr(md5('replay|' || household_id), 1, 8) as bigint)"
        connection.execute(f"delete from profiles.dim_customers where {bucket} % {buckets} <> 0")
        inside = "(select customer_id from profiles.dim_customers)"
        connection.execute(f"delete from audiences.fct_audience_members where customer_id not in {inside}")


def _scores(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """The scores of that run."""
    for name, empty in SCORES.items():
        known = name in release.manifest["tables"]
        rows = f"read_parquet('{release.table(name)}')" if known else f"(select {empty} limit 0)"
        connection.execute(f"create or replace table scores.{name} as from {rows}")


SCORES = {
    "fct_scores": "'' as customer_id, '' as model, '' as model_version, 0::bigint as logit_pico",
    "fct_message_weights": "'' as message_id, '' as model_version, 0::bigint as logit_pico",
}
"""Tables that a release from before there were scores does not hold, as they are when empty."""

ESTIMATES = {
    "propensities": {
        "customer_id": "varchar",
        "message_id": "varchar",
        "propensity": "double",
        "model_version": "varchar",
        "scored_at": "timestamp",
    },
    "prices": {"policy_id": "bigint", "price": "double", "solved_at": "timestamp"},
}


def put_estimates(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    stream: str,
    columns: dict[str, str],
    release: Release,
) -> None:
    """What was estimated before the run, the newest of each key; an empty table where nothing ever was."""
    named = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    table = f"staging.stg_downbeat__{stream}"
    connection.execute(f"create or replace table {table} ({named}, is_future boolean)")
    if not any(folder.glob("*.parquet")):
        return
    keys = "customer_id, message_id" if stream == "propensities" else "policy_id"
    connection.execute(
        f"insert into {table} select {', '.join(columns)}, false from (select *, row_number() over (partition by "
        f"{keys} order by _loaded_at desc) as place from read_parquet('{folder}/*.parquet', union_by_name = true) "
        "where _loaded_at < $moment) where place = 1",
        {"moment": release.as_of},
    )
