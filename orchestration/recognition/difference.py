"""What a rehearsed change of rules would do: who becomes one, who parts, who falls silent, and how lists change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import duckdb

from orchestration.why.words import hidden

MOST_SHOWN = 10
MOVES = """
create or replace temp table moves as
select coalesce(was.identifier_type, now.identifier_type) as identifier_type,
    coalesce(was.identifier, now.identifier) as identifier, was.customer_id as was, now.customer_id as now
from before.dim_customer_identifiers as was
full join after.dim_customer_identifiers as now
    on now.identifier_type = was.identifier_type and now.identifier = was.identifier
"""
RENAMED = """
create or replace temp table renamed as
with pairs as (select distinct was, now from moves where was is not null and now is not null)
select was, now from pairs where was <> now
    and was in (select was from pairs group by was having count(*) = 1)
    and now in (select now from pairs group by now having count(*) = 1)
"""
COUNTS = """
with merged as (select now from moves where was is not null and now is not null group by now
    having count(distinct was) > 1),
split as (select was from moves where was is not null and now is not null group by was having count(distinct now) > 1)
select 'customers before', count(distinct was) from moves
union all select 'customers after', count(distinct now) from moves
union all select 'customers that become one with another',
    (select count(distinct was) from moves where now in (select now from merged) and was is not null)
union all select 'customers they become', (select count(*) from merged)
union all select 'customers that part', (select count(*) from split)
union all select 'customers they part into',
    (select count(distinct now) from moves where was in (select was from split) and now is not null)
union all select 'customers that only change their id', (select count(*) from renamed)
union all select 'identifiers that fall silent', count(*) filter (was is not null and now is null) from moves
union all select 'identifiers that begin to speak', count(*) filter (was is null and now is not null) from moves
"""
MERGES = """
select now, string_agg(distinct was, ', ' order by was), count(*) from moves
where was is not null and now is not null group by now having count(distinct was) > 1 order by 3 desc, 1 limit ?
"""
SPLITS = """
select was, string_agg(distinct now, ', ' order by now), count(*) from moves
where was is not null and now is not null group by was having count(distinct now) > 1 order by 3 desc, 1 limit ?
"""
SILENT = """
select moves.identifier_type, moves.identifier, moves.was, now.refusal_reason from moves
join after.dim_customer_identifiers as now using (identifier_type, identifier)
where moves.was is not null and moves.now is null order by now.record_count desc, 1, 2 limit ?
"""
REASONS = """
with was as (select *, coalesce(refusal_reason, 'joined') as verdict from before.fct_identity_links),
now as (select *, coalesce(refusal_reason, 'joined') as verdict from after.fct_identity_links)
select coalesce(was.verdict, 'unknown'), coalesce(now.verdict, 'gone'), count(*)
from was full join now using (left_type, left_identifier, right_type, right_identifier)
where was.verdict is distinct from now.verdict group by 1, 2 order by 3 desc, 1, 2
"""
LISTS = """
with was as (
    select distinct {name} as name, coalesce(now, {member}) as member
    from before.{table} left join renamed on was = {member}
),
now as (select distinct {name} as name, {member} as member from after.{table})
select coalesce(was.name, now.name), count(was.member), count(now.member),
    count(now.member) filter (was.member is null), count(was.member) filter (now.member is null)
from was full join now on now.name = was.name and now.member = was.member
group by 1 having count(*) filter (was.member is null or now.member is null) > 0 order by 1
"""


@dataclass(frozen=True)
class Moved:
    """A customer, the customers it comes from or goes to, and how many identifiers that concerns."""

    customer_id: str
    others: str
    identifiers: int


@dataclass(frozen=True)
class Silenced:
    """An identifier, masked, that spoke for a customer and no longer would."""

    identifier_type: str
    identifier: str
    customer_id: str
    reason: str


@dataclass(frozen=True)
class Changed:
    """An audience or list: members before and after, how many come and go. Who only changes the id does neither."""

    name: str
    before: int
    after: int
    coming: int
    going: int


@dataclass(frozen=True)
class Difference:
    """Everything a change of rules would do. `verdicts`: links by what was and what would be said of them."""

    counts: Sequence[tuple[str, int]]
    merges: Sequence[Moved]
    splits: Sequence[Moved]
    silenced: Sequence[Silenced]
    verdicts: Sequence[tuple[str, str, int]]
    audiences: Sequence[Changed]
    lists: Sequence[Changed]

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)


def difference(connection: duckdb.DuckDBPyConnection) -> Difference:
    """Compares the schemas before and after of a rehearsal; samples are the largest, ten at most."""

    def changed(table: str, name: str, member: str) -> list[Changed]:
        query = LISTS.format(table=table, name=name, member=member)
        return [Changed(*row) for row in connection.execute(query).fetchall()]

    def largest(query: str) -> list[Moved]:
        return [Moved(*row) for row in connection.execute(query, [MOST_SHOWN]).fetchall()]

    connection.execute(MOVES)
    connection.execute(RENAMED)
    silent = connection.execute(SILENT, [MOST_SHOWN]).fetchall()
    return Difference(
        counts=connection.execute(COUNTS).fetchall(),
        merges=largest(MERGES),
        splits=largest(SPLITS),
        silenced=[Silenced(kind, hidden(value, kind), *more) for kind, value, *more in silent],
        verdicts=connection.execute(REASONS).fetchall(),
        audiences=changed("fct_audience_members", "audience", "customer_id"),
        lists=changed("sync_members", "sync_id", "member_key"),
    )
