"""The project's own messages and policies for as many customers as wanted, drawn by SQL: a world to be recounted.

In the made-up worlds' dials, so that every policy binds; some homes share a mailbox, some clocks are unknown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from tests.benchmarks.decide_world import POINTS, drawn, put, put_people, put_seed
from tests.models.decision_engine import SEEDS, TYPES
from tests.models.decision_warehouse import TABLES
from tests.models.decision_world import seed_rows

Row = dict[str, Any]
CONTACTS = 5
PRODUCT = "'p' || "
SCOPES = {
    "bought_recently": "'product:' || product",
    "bounced": "'channel:push'",
    "no_consent": "'channel:email'",
    "cart_abandoners": "'product:' || product",
}


def own_seeds(customers: int) -> dict[str, list[Row]]:
    """Every seed the decisions read; what everybody shares is enough for some of the customers."""
    found = {name: seed_rows(name) for name in SEEDS}
    for cap in found["caps"]:
        cap |= {"max_n": str(customers // 14 or 1)} if cap["unit"] == "all" else {}
    for budget in found["budgets"]:
        budget["amount"] = f"{customers * (0.001 if budget['scope_type'] == 'message' else 0.6):.2f}"
    return found


def put_own_world(connection: duckdb.DuckDBPyConnection, customers: int, as_of: datetime) -> None:
    """Every seed and every table upstream of the decisions, in schemas of the connection's database."""
    for name, rows in own_seeds(customers).items():
        put_seed(connection, name, rows)
    for name, columns in TABLES.items():
        arrays = [pa.array([], TYPES[kind]) for kind in columns.values()]
        connection.register("given", pa.table(arrays, names=list(columns)))
        connection.execute(f"create or replace table {name} as from given")
    put_people(connection, customers)
    share_mailboxes(connection)
    connection.execute("delete from staging.stg_downbeat__assignments where hash(customer_id) % 4 <> 0")
    connection.execute(
        "create table kept.drawn as select n, customer_id, 'p' || ("
        + drawn("product", 12)
        + ") as product, 'c' || ("
        + drawn("product", 12)
        + " % 4) as category from kept.people"
    )
    put_standing(connection, as_of)
    put_contacts(connection, customers, as_of)


def share_mailboxes(connection: duckdb.DuckDBPyConnection) -> None:
    """In one home of ten everybody reads the same mailbox, and nothing says whose it is."""
    shares = (
        "household_id in (select household_id from profiles.dim_customers where hash(household_id) % 10 = 0)"
    )
    for table, column, where in (
        ("profiles.dim_customers", "email", shares),
        (
            "profiles.dim_customer_consents",
            "contact_point",
            "contact_type = 'email' and customer_id in"
            f" (select customer_id from profiles.dim_customers where {shares})",
        ),
    ):
        home = "(select 'home-' || c.household_id from profiles.dim_customers as c where c.customer_id = t.customer_id)"
        connection.execute(f"update {table} as t set {column} = {home} where {where}")
    connection.execute(
        "delete from identity.dim_customer_identifiers where identifier_type = 'email' and identifier not in"
        " (select email from profiles.dim_customers where email is not null)"
    )
    put(connection, "profiles.dim_customer_consents",
        "profiles.dim_customers, seeds.channels as k where email is not null and k.contact_type = 'email'",
        "customer_id, k.channel, 'transactional' as purpose, 'email' as contact_type, email as contact_point,"
        f" {drawn('service', 100, 'customer_id')} < 95 as is_granted, false as is_bounced")  # fmt: skip


def put_standing(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Segments, suppressions, and what programmes offer."""
    for row in seed_rows("audiences"):
        name, share = row["audience"], 45 if row["kind"] == "segment" else 4
        put(connection, "audiences.fct_audience_members", f"kept.drawn where {drawn(name, 100)} < {share}",
            f"'{name}' as audience, customer_id, {SCOPES.get(name, chr(39) + 'all' + chr(39))} as scope_key,"
            f" '{row['kind']}' as kind, product as product_id, category as product_category,"
            f" timestamp '{as_of}' - to_hours(1 + {drawn('in' + name, 60)}) as entered_at,"
            f" case when {drawn('out' + name, 3)} = 0 then timestamp '{as_of}' + to_hours({drawn('to' + name, 70)} - 5)"
            " end as expires_at")  # fmt: skip
    put(connection, "audiences.fct_programme_states",
        f"kept.drawn, seeds.programme_steps as s where {drawn('step', 100, 'n', 's.message_id')} < 25",
        "s.programme, customer_id, s.programme || '@1' as instance, 'live' as status, s.message_id, s.step_number,"
        " true as is_offered, 'drawn' as moved_because, product as product_id, category as product_category,"
        f" timestamp '{as_of}' - to_hours(1 + {drawn('entry', 150)}) as entered_at,"
        f" timestamp '{as_of}' + to_hours(2 + {drawn('closing', 90)}) as closes_at")  # fmt: skip


def put_contacts(connection: duckdb.DuckDBPyConnection, customers: int, as_of: datetime) -> None:
    """What was sent in the last ten days, by us and by others, and what is promised for the coming hours."""
    point = " ".join(f"when '{k}' then c.{column}" for k, column in POINTS.items())
    put(connection, "context.fct_contacts",
        f"(select i, {drawn('to', customers, 'i')} as n, {drawn('what', 26, 'i')} + 1 as number"
        f" from range({customers * CONTACTS}) as r(i)) as r join kept.drawn using (n)"
        " join seeds.messages as m on m.message_number = r.number join seeds.channels as k on k.channel = m.channel"
        " join profiles.dim_customers as c on c.customer_id = drawn.customer_id",
        f"'x' || i as contact_id, c.customer_id, k.contact_type, case k.contact_type {point} end as contact_point,"
        f" m.channel, m.category, m.campaign, m.message_id, case when {drawn('own', 3, 'i')} = 0 then product end as"
        f" product_id, case when {drawn('own', 3, 'i')} = 0 then drawn.category end as product_category,"
        f" case when {drawn('state', 10, 'i')} = 0 then 'released' else 'sent' end as state, m.count_to_caps,"
        f" timestamp '{as_of}' - to_minutes({drawn('when', 14400, 'i')} - 300) as counted_at")  # fmt: skip
