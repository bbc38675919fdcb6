"""A large world just before a decision, drawn by SQL: what the decision models read, for as many customers as wanted.

Three hundred messages in sixty segments, campaigns and twenty-five groups, about forty candidates each, two dozen caps,
households, capacities, six contacts in the last thirty days, consents, suppressions, quiet hours and holdouts.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from tests.models.decision_engine import SEEDS, TYPES, seed_types
from tests.models.decision_optimum import large_policies
from tests.models.decision_warehouse import TABLES
from tests.models.decision_world import seed_rows

Row = dict[str, Any]
AS_OF = datetime(2026, 11, 5, 17, 30)
SEGMENTS, CONTACTS = 60, 6
GRANTED = {"email": 82, "sms": 45, "push": 55, "direct_mail": 90, "onsite": 60, "paid_social": 75, "call": 70}
SUPPRESSED = {
    "open_case": 3,
    "returned_recently": 2,
    "bought_recently": 12,
    "live_session": 1,
    "contact_pressure": 3,
}
POINTS = {"email": "email", "phone": "phone", "device_token": "device_token", "loyalty_card": "loyalty_card",
          "cookie": "cookie_id"}  # fmt: skip


def seeds(customers: int) -> dict[str, list[Row]]:
    """The policies: two dozen caps on customers, and what households and everybody share."""
    policies, dice = large_policies(3, {}), random.Random(3)
    plain = {"purpose": "marketing", "exempt_caps": "false", "count_to_caps": "true", "unit_cost": "0",
             "holdout": "true", "lever": "0", "weekdays": "1|2|3|4|5|6|7"}  # fmt: skip
    messages = [
        row | plain | {"audience": f"s{n % SEGMENTS}", "tier": dice.choice("123"),
                       "promotes": "category" if n % 4 == 0 else "nothing"}
        for n, row in enumerate(policies.messages)
    ]  # fmt: skip
    shared = [
        ("channel", "direct_mail", "household", 1, "day", "rolling"),
        ("channel", "call", "household", 1, "day", "rolling"),
        ("category", "t0", "household", 2, "day", "rolling"),
        ("channel", "call", "all", max(1, customers * 4 // 1000), "day", "calendar"),
        ("channel", "sms", "all", max(1, customers * 6 // 100), "day", "calendar"),
    ]
    cap = {"segment": "*", "reserve_n": "", "reserve_tier": "", "unit": "customer", "valid_from": "2015-01-01",
           "valid_to": "", "owner": "nobody", "note": ""}  # fmt: skip
    keys = ("scope_type", "scope_key", "unit", "max_n", "window_unit", "window_kind")
    caps = [cap | row for row in policies.caps]
    caps += [cap | {"window_n": "1"} | dict(zip(keys, map(str, row), strict=True)) for row in shared]
    rules = [row | ({"scope_key": "t0|t1|t2"} if row["scope_type"] == "category" else {})
             for row in seed_rows("suppressions")]  # fmt: skip
    numbered = [row | {"policy_id": str(number)} for number, row in enumerate(caps, 101)]
    return {
        "messages": messages,
        "caps": numbered,
        "suppressions": rules,
        "budgets": [],
        "programme_steps": [],
    }


def put_large_world(connection: duckdb.DuckDBPyConnection, customers: int) -> None:
    """Every seed and every table upstream of the decisions, in schemas of the connection's database."""
    own = seeds(customers)
    for name in SEEDS:
        put_seed(connection, name, own.get(name, seed_rows(name)))
    for name, columns in TABLES.items():
        arrays = [pa.array([], TYPES[kind]) for kind in columns.values()]
        connection.register("given", pa.table(arrays, names=list(columns)))
        connection.execute(f"create or replace table {name} as from given")
    put_people(connection, customers)
    put_behaviour(connection, customers)


def put_seed(connection: duckdb.DuckDBPyConnection, name: str, rows: list[Row]) -> None:
    types = seed_types(name)
    arrays = [pa.array([row.get(column) or None for row in rows], pa.string()) for column in types]
    connection.register("given", pa.table(arrays, names=list(types)))
    casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in types.items())
    connection.execute(f"create or replace table seeds.{name} as select {casts} from given")


def drawn(salt: str, among: int, *of: str) -> str:
    """A whole number below `among`, always the same for the same salt and columns."""
    return f"cast(hash('{salt}', {', '.join(of or ('n',))}) % {among} as bigint)"


def put_people(connection: duckdb.DuckDBPyConnection, customers: int) -> None:
    """Customers with addresses, clocks, homes, consents and what is known of them."""
    zones = "['America/New_York', 'America/Chicago', 'America/Los_Angeles', null]"
    connection.execute(
        f"create table kept.people as select n, 'c' || (hash('person', n) >> 4) as customer_id, {zones}["
        f"1 + {drawn('zone', 4)}] as time_zone from range({customers}) as r(n)"
    )
    points = ", ".join(
        f"case when {drawn(kind, 100)} < 92 then '{kind}-' || (hash('{kind}', n) >> 4) end as {column}"
        for kind, column in POINTS.items()
    )
    put(connection, "profiles.dim_customers", "kept.people",
        f"customer_id, {points}, 'h' || {drawn('home', customers * 10 // 22 or 1)} as household_id, 'US' as country,"
        " time_zone, time_zone is not null as is_time_zone_known, 'active' as lifecycle_stage")  # fmt: skip
    put(connection, "identity.dim_customer_identifiers", "profiles.dim_customers",
        "'account' as identifier_type, 'a-' || customer_id as identifier, customer_id, false as is_shared")  # fmt: skip
    for kind, column in POINTS.items():
        put(connection, "identity.dim_customer_identifiers", f"profiles.dim_customers where {column} is not null",
            f"'{kind}' as identifier_type, {column} as identifier, customer_id, false as is_shared")  # fmt: skip
    channels = "(values " + ", ".join(f"('{c}', {g})" for c, g in GRANTED.items()) + ") as g(name, share)"
    point = (
        "case k.contact_type "
        + " ".join(f"when '{k}' then c.{column}" for k, column in POINTS.items())
        + " end"
    )
    put(connection, "profiles.dim_customer_consents",
        f"profiles.dim_customers as c, {channels} join seeds.channels as k on k.channel = g.name"
        f" where {point} is not null",
        f"c.customer_id, k.channel, 'marketing' as purpose, k.contact_type, {point} as contact_point,"
        f" {drawn('grant', 100, 'c.customer_id', 'k.channel')} < share as is_granted,"
        f" {drawn('bounce', 100, 'c.customer_id', 'k.contact_type')} = 0 as is_bounced")  # fmt: skip
    put(connection, "context.dim_customer_context", "kept.people",
        f"customer_id, 'c' || {drawn('last', 8)} as last_purchased_category, {drawn('pressure', 6)} as pressure_7d,"
        " 0 as open_case_count")  # fmt: skip
    put(connection, "staging.stg_downbeat__assignments",
        "kept.people, (select distinct experiment from seeds.experiments)",
        "experiment, customer_id, 999 as bucket, 'treated' as arm, timestamp '2026-10-01' as assigned_at")  # fmt: skip


def put_behaviour(connection: duckdb.DuckDBPyConnection, customers: int) -> None:
    """Who is in which segment, whom something is against, what was sent, and how likely people respond."""
    entered = f"timestamp '{AS_OF}' - to_hours({drawn('entered', 700, 'n', 's')})"
    put(connection, "audiences.fct_audience_members",
        f"kept.people, range({SEGMENTS}) as s(s) where {drawn('member', 1000, 'n', 's')} < 8000 / {SEGMENTS}",
        "'s' || s as audience, customer_id, 'all' as scope_key, 'segment' as kind, 'c' || "
        f"{drawn('category', 8, 'n', 's')} as product_category, {entered} as entered_at")  # fmt: skip
    for rule, share in SUPPRESSED.items():
        scope = f"'category:c' || {drawn('bought', 8)}" if rule == "bought_recently" else "'all'"
        put(connection, "audiences.fct_audience_members",
            f"kept.people where {drawn(rule, 100)} < {share}",
            f"'{rule}' as audience, customer_id, {scope} as scope_key, 'suppression' as kind,"
            f" timestamp '{AS_OF - timedelta(days=1)}' as entered_at")  # fmt: skip
    put(connection, "audiences.fct_audience_members", f"kept.people where {drawn('holdout', 100)} < 5",
        "'holdout' as audience, customer_id, 'all' as scope_key, 'suppression' as kind,"
        f" timestamp '{AS_OF - timedelta(days=9)}' as entered_at")  # fmt: skip
    put(connection, "context.fct_contacts",
        f"(select r.i, {drawn('to', customers, 'i')} as n, 1 + {drawn('what', 300, 'i')} as number from "
        f"range({customers * CONTACTS}) as r(i)) as r join kept.people using (n) join seeds.messages as m on"
        " m.message_number = r.number join seeds.channels as k on k.channel = m.channel left join"
        " profiles.dim_customers as c on c.customer_id = people.customer_id",
        "'x' || i as contact_id, people.customer_id, k.contact_type, case k.contact_type "
        + " ".join(f"when '{k}' then c.{column}" for k, column in POINTS.items())
        + " end as contact_point, m.channel, m.category, m.campaign, m.message_id, 'sent' as state,"
        f" true as count_to_caps, timestamp '{AS_OF}' - to_minutes(60 + {drawn('when', 43100, 'i')})"
        " as counted_at")  # fmt: skip
    put(connection, "scores.fct_scores", "kept.people",
        f"customer_id, 'response' as model, 'v1' as model_version, -1000000000000 * {drawn('score', 1000)} / 500"
        " as logit_pico")  # fmt: skip
    put(connection, "scores.fct_message_weights", "seeds.messages",
        f"message_id, 'v1' as model_version, -2000000000000 - 1000000000 * {drawn('weight', 1000, 'message_id')}"
        " as logit_pico")  # fmt: skip


def put(connection: duckdb.DuckDBPyConnection, table: str, source: str, columns: str) -> None:
    """Add rows to a table that is there; columns not named are empty."""
    connection.execute(f"insert into {table} by name select {columns} from {source}")
