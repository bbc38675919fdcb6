"""The figures of the identity report, read from a release. Identifiers leave this module masked only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.shelf import Release
from orchestration.why.words import hidden

TABLES = (
    "dim_customer_identifiers",
    "fct_identity_links",
    "fct_customer_links",
    "fct_identity_changes",
    "fct_identity_breaches",
)
DAYS_SHOWN, MOST_SHOWN = 28, 10

SIZES = """
with sizes as (
    select count(*) as size from dim_customer_identifiers where customer_id is not null group by customer_id
)
select case when size <= 5 then cast(size as varchar) when size <= 10 then '6 to 10'
    when size <= 20 then '11 to 20' when size <= 50 then '21 to 50' else 'over 50' end, count(*), max(size)
from sizes group by 1 order by 3
"""
BIGGEST = """
select customer_id, count(*) from dim_customer_identifiers where customer_id is not null
group by 1 order by 2 desc, 1 limit ?
"""
SHARED = """
with touched as (
    select case when left_customer_id is null then left_type else right_type end as identifier_type,
        case when left_customer_id is null then left_identifier else right_identifier end as identifier,
        count(distinct customer_id) as customers
    from fct_customer_links
    where not is_accepted and (left_customer_id is null) <> (right_customer_id is null)
    group by 1, 2
)
select shared.identifier_type, shared.identifier, coalesce(customers, 0), record_count, refusal_reason
from dim_customer_identifiers as shared
left join touched using (identifier_type, identifier)
where is_shared order by 3 desc, 4 desc, 1, 2 limit ?
"""
REFUSED = """
select split_part(refusal_reason, ': ', 1), case when refusal_reason like 'cut by hand%' then ''
        else split_part(refusal_reason, ': ', 2) end,
    count(*), cast(sum(evidence_count) as bigint)
from fct_identity_links where not is_accepted group by 1, 2 order by 3 desc, 1, 2
"""
GROWTH = """
select cast(changed_at as date), kind, count(distinct customer_id || coalesce(other_customer_id, ''))
from fct_identity_changes where cast(changed_at as date) between ? and ? group by 1, 2 order by 1, 2
"""
BREACHES = """
select customer_id, identifier_type, identifier_count, max_per_customer from fct_identity_breaches
order by identifier_count - max_per_customer desc, 1, 2 limit ?
"""
TOTALS = """
select 'customers', count(distinct customer_id) from dim_customer_identifiers
union all select 'identifiers that speak for a customer', count(customer_id) from dim_customer_identifiers
union all select 'identifiers that speak for nobody', count(*) - count(customer_id) from dim_customer_identifiers
union all select 'shared identifiers', count(*) filter (is_shared) from dim_customer_identifiers
union all select 'links that join', count(*) filter (is_accepted) from fct_identity_links
union all select 'links refused', count(*) filter (not is_accepted) from fct_identity_links
union all select 'customers that still break a limit', count(distinct customer_id) from fct_identity_breaches
"""


@dataclass(frozen=True)
class Shared:
    """An identifier, masked, that several people use: it reaches them and joins nobody."""

    identifier_type: str
    identifier: str
    customers: int
    records: int
    reason: str


@dataclass(frozen=True)
class Refusal:
    """Links refused for one reason, and the records that show them."""

    reason: str
    detail: str
    links: int
    records: int


@dataclass(frozen=True)
class Breach:
    """A customer that still holds more of a kind than one customer has."""

    customer_id: str
    identifier_type: str
    held: int
    most: int


@dataclass(frozen=True)
class Identity:
    """Everything the identity report shows. `sizes`: identifiers per customer; `growth`: day, kind, customers."""

    release_id: str
    first: date
    last: date
    totals: Sequence[tuple[str, int]]
    sizes: Sequence[tuple[str, int]]
    biggest: Sequence[tuple[str, int]]
    shared: Sequence[Shared]
    refused: Sequence[Refusal]
    growth: Sequence[tuple[date, str, int]]
    breaches: Sequence[Breach]

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)

    def by_day(self, kinds: Sequence[str]) -> dict[date, dict[str, float]]:
        """Growth of some kinds by day and kind."""
        days: dict[date, dict[str, float]] = {}
        for day, kind, count in self.growth:
            if kind in kinds:
                days.setdefault(day, {})[kind] = float(count)
        return days


def identity(release: Release) -> Identity:
    """All figures about the identity of a release; growth covers the four weeks up to its as_of."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
        return _gathered(connection, release)


def _gathered(connection: duckdb.DuckDBPyConnection, release: Release) -> Identity:
    def rows(query: str, *values: object) -> list[Any]:
        return connection.execute(query, list(values)).fetchall()

    last = release.as_of.date()
    first = last - timedelta(days=DAYS_SHOWN - 1)
    return Identity(
        release_id=release.release_id,
        first=first,
        last=last,
        totals=rows(TOTALS),
        sizes=[(label, count) for label, count, _ in rows(SIZES)],
        biggest=rows(BIGGEST, MOST_SHOWN),
        shared=[Shared(kind, hidden(value, kind), *more) for kind, value, *more in rows(SHARED, MOST_SHOWN)],
        refused=[Refusal(*row) for row in rows(REFUSED)],
        growth=rows(GROWTH, first, last),
        breaches=[Breach(*row) for row in rows(BREACHES, MOST_SHOWN)],
    )
