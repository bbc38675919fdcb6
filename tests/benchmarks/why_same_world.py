"""A synthetic release for `why-same`: customers of two to twelve identifiers, one hub, one chain, and many records."""

from __future__ import annotations

import time
from datetime import datetime

import duckdb

from orchestration.paths import Home
from orchestration.release import publish
from orchestration.why.same import TABLES

AS_OF = datetime(2026, 11, 2, 6)
HUB, CHAIN = 30_000, 4_000
KEY = "cast('0x' || substr(md5(identifier_type || ':' || identifier), 1, 15) as bigint)"
# Every identifier i > 0 of a customer hangs on one before it: a random tree, the hub's shallow, the chain's a path.
WORLD = f"""
create table members as
select customer, unnest(range(size)) as i from (
    select range as customer, 2 + cast(hash(range) % 11 as bigint) as size from range($customers)
    union all select -1, {HUB} union all select -2, {CHAIN}
);
create table named as
select customer, i, case when i % 7 = 0 then 'email' when i % 7 < 3 then 'phone' else 'cookie' end as identifier_type,
    md5(customer || '/' || i) || '@example.com' as identifier,
    case when i = 0 then null when customer = -2 then i - 1
        else cast(hash(customer, i) % i as bigint) end as parent
from members;
create table dim_customer_identifiers as
with keyed as (select *, {KEY} as key from named)
select identifier_type, identifier, 'c' || first_value(key) over (partition by customer order by i) as customer_id,
    false as is_shared, cast(null as varchar) as refusal_reason, customer, i
from keyed;
create table fct_identity_links as
select l.identifier_type as left_type, l.identifier as left_identifier, r.identifier_type as right_type,
    r.identifier as right_identifier, 'in one record' as rule, true as is_accepted,
    cast(null as varchar) as refusal_reason, 1 + hash(l.identifier) % 9 as evidence_count, 'shop.orders' as sources,
    timestamp '2026-01-01' as first_seen_at, timestamp '2026-10-01' as last_seen_at, d.customer_id
from named r join named l on l.customer = r.customer and l.i = r.parent
join dim_customer_identifiers d on d.customer = r.customer and d.i = r.i;
create table fct_customer_links as
select customer_id, left_type, left_identifier, customer_id as left_customer_id, right_type, right_identifier,
    customer_id as right_customer_id, * exclude (customer_id, left_type, left_identifier, right_type, right_identifier)
from fct_identity_links;
create table dim_customers as select distinct customer_id from dim_customer_identifiers;
create table fct_identity_changes as
select timestamp '2026-01-01' as changed_at, 'created' as kind, customer_id, cast(null as varchar) as other_customer_id
from dim_customers;
create table fct_match_pairs (
    pair_id varchar, left_customer_id varchar, right_customer_id varchar, left_type varchar, left_identifier varchar,
    right_type varchar, right_identifier varchar, decision varchar, reason varchar, weight bigint
);
create table mails as
select row_number() over () - 1 as n, identifier from named where identifier_type = 'email';
create table fct_record_identifiers as
select 'shop.orders' as source, 'W' || lpad(cast(range * 7919 % $records as varchar), 9, '0') as record_id,
    identifier as email, cast(null as varchar) as phone, cast(null as varchar) as cookie,
    timestamp '2026-01-01' as first_seen_at, timestamp '2026-01-01' as last_seen_at,
    timestamp '2025-01-01' + to_days(cast(range * 660 / $records as integer)) as loaded_at
from (select range, range % (select count(*) from mails) as n from range($records)) join mails using (n)
"""


def build(home: Home, links: int, records: int) -> float:
    """A published release of about so many links and records; returns the seconds publishing took."""
    home.warehouse.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as base:
        base.execute("set memory_limit = '6GB'")
        for statement in WORLD.split(";"):
            given = {"customers": max(1, (links - HUB - CHAIN) // 6), "records": records}
            base.execute(statement, {name: n for name, n in given.items() if f"${name}" in statement})
        base.execute("alter table fct_identity_links drop customer_id")
    begun = time.monotonic()
    publish(
        home,
        "bench",
        AS_OF,
        "duckdb",
        tables=[table for table in TABLES if table != "customers_by_identifier"],
    )
    return time.monotonic() - begun
