"""What the gates look at, measured over the release: how large each list is and was, who consented."""

from __future__ import annotations

import duckdb

from orchestration.expectations.leaving import List
from orchestration.paths import Home
from orchestration.receipts import declare_receipts
from orchestration.shelf import Release

# Who the tool holds, as far as its own answers say: the last accepted change of each member.
HELD = """
create view held_members as
with numbered as (
    select sync_id, member_key, decision_id, change,
        row_number() over (
            partition by sync_id, member_key order by finished_at desc, receipt_id desc) as newest
    from receipts where outcome = 'accepted'
)
select sync_id, member_key, decision_id from numbered where newest = 1 and change <> 'remove'
"""

# A mirror is compared with what the tool holds; a stream of messages with what the last release offered.
SIZES = """
create table lists as
select s.sync_id, s.destination, s.polarity, s.content,
    (select count(*) from sync_members m where m.sync_id = s.sync_id) as rows,
    coalesce(
        case when s.mode <> 'append' then
            (select nullif(count(*), 0) from held_members h where h.sync_id = s.sync_id) end,
        (select nullif(count(*), 0) from previous_members p where p.sync_id = s.sync_id)
    ) as held,
    s.max_growth_factor, s.max_shrink_share, coalesce(s.minimum_rows, 0) as minimum_rows
from syncs s
"""

# Consent is asked of members that still have to be sent. Service messages and context cards need none.
CONSENTED = """
create table list_members as
with members as (
    select m.sync_id, m.member_key, m.identity, m.customer_id, s.polarity, s.content, s.mode,
        coalesce(g.purpose, 'marketing') as purpose, d.expires_at,
        coalesce(d.channel, nullif(s.message_channel, ''), case
            when s.destination = 'meta' then 'paid_social'
            when s.identifier_type like '%email%' then 'email'
            when s.identifier_type like '%phone%' then 'sms'
            when s.identifier_type like '%device_token%' then 'push'
            when s.identifier_type like '%loyalty_card%' then 'direct_mail'
            when s.identifier_type like '%cookie%' then 'onsite' end) as channel,
        exists (select 1 from held_members h
            where h.sync_id = m.sync_id and h.member_key = m.member_key) as is_held
    from sync_members m
    join syncs s on s.sync_id = m.sync_id
    left join fct_decisions d on d.decision_id = m.decision_id
    left join messages g on g.message_id = d.message_id
)
select m.sync_id, m.member_key, m.identity,
    m.polarity <> 'permissive' or m.content like '%card%' or m.purpose = 'transactional'
    or (m.mode = 'append' and (m.is_held or m.expires_at <= (select as_of from moment)))
    or exists (select 1 from dim_customer_consents c
        where c.customer_id = m.customer_id and c.channel = m.channel
            and c.purpose = 'marketing' and c.is_granted) as is_consented
from members m
"""


def measured(
    connection: duckdb.DuckDBPyConnection, home: Home, release: Release, previous: Release | None
) -> None:
    """Leaves the tables lists (one row per list) and list_members (one row per member) in `connection`."""
    for table in ("syncs", "sync_members", "fct_decisions", "messages", "dim_customer_consents"):
        connection.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
    before = (
        f"from read_parquet('{previous.table('sync_members')}')"
        if previous
        else "from sync_members where false"
    )
    connection.execute(f"create view previous_members as {before}")
    connection.execute("create table moment as select ?::timestamp as as_of", [release.as_of])
    declare_receipts(connection, home)
    for statement in (HELD, SIZES, CONSENTED):
        connection.execute(statement)


def lists_of(connection: duckdb.DuckDBPyConnection) -> list[List]:
    """The lists of the release with their sizes, in the order of their ids."""
    return [List(*row) for row in connection.execute("from lists order by sync_id").fetchall()]
