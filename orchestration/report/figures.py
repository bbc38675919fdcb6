"""The figures of the page, read from a release, the receipts and the load entries. Counts only, never a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.gate_measures import HELD
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.loads import committed_loads
from orchestration.paths import Home
from orchestration.receipts import declare_receipts
from orchestration.shelf import Release

DAYS_SHOWN = 28
TABLES = (
    "dim_customers",
    "dim_customer_identifiers",
    "fct_identity_links",
    "fct_identity_changes",
    "fct_contacts",
    "fct_daily_numbers",
    "fct_decision_runs",
    "fct_campaign_days",
    "fct_promoted_after_purchase",
    "sync_members",
    "syncs",
)

LISTS = """
with wanted as (select sync_id, member_key from sync_members group by all),
held as (select sync_id, member_key from held_members group by all),
both_sides as (
    select coalesce(w.sync_id, h.sync_id) as sync_id, w.member_key is not null as is_wanted,
        h.member_key is not null as is_held
    from wanted w full join held h on h.sync_id = w.sync_id and h.member_key = w.member_key
)
select s.sync_id, s.destination, s.mode, count(*) filter (is_wanted), count(*) filter (is_held),
    count(*) filter (is_wanted and not is_held), count(*) filter (is_held and not is_wanted)
from syncs s left join both_sides b on b.sync_id = s.sync_id
group by s.sync_id, s.destination, s.mode order by s.sync_id
"""


@dataclass(frozen=True)
class ListSize:
    """One list: what the warehouse wants on it and what its tool has acknowledged."""

    sync_id: str
    destination: str
    mode: str
    wanted: int
    held: int
    missing: int
    extra: int


@dataclass(frozen=True)
class Figures:
    """Everything the page shows. Rows are (label, …numbers); days are inclusive."""

    release: Release
    first: date
    last: date
    live_since: date | None
    people_reached: int
    daily: Sequence[tuple[date, str, str, float]]
    identity: Sequence[tuple[str, int]]
    identifiers: Sequence[tuple[str, int, int]]
    lists: Sequence[ListSize]
    quarantine: Sequence[tuple[str, int, int]]
    campaign_days: Sequence[tuple[int, int]]
    offered_after_purchase: Sequence[tuple[str, int, int]]

    def total(self, metric: str) -> float:
        """The sum of a figure over the days shown."""
        return sum(value for _, name, _, value in self.daily if name == metric)

    def by_breakdown(self, metric: str) -> list[tuple[str, float]]:
        """A figure by its breakdown over the days shown, largest first."""
        sums: dict[str, float] = {}
        for _, name, breakdown, value in self.daily:
            if name == metric:
                sums[breakdown] = sums.get(breakdown, 0) + value
        return sorted(sums.items(), key=lambda item: (-item[1], item[0]))

    def by_day(self, metric: str) -> dict[date, dict[str, float]]:
        """A figure by day and breakdown."""
        days: dict[date, dict[str, float]] = {}
        for day, name, breakdown, value in self.daily:
            if name == metric:
                days.setdefault(day, {})[breakdown] = value
        return days


def figures(home: Home, release: Release) -> Figures:
    """All figures about a release; the days end with its as_of. History without decisions is shown as a whole."""
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
        declare_receipts(connection, home)
        connection.execute(HELD)
        return _gathered(connection, home, release)


def _gathered(connection: duckdb.DuckDBPyConnection, home: Home, release: Release) -> Figures:
    def rows(query: str, *values: object) -> list[Any]:
        return connection.execute(query, list(values)).fetchall()

    first, last, live_since = _span(connection, release)
    [(reached,)] = rows(REACHED, first, last)
    daily = "select date, metric, coalesce(breakdown, ''), cast(value as double) from fct_daily_numbers"
    return Figures(
        release,
        first,
        last,
        live_since,
        reached,
        daily=rows(f"{daily} where date between ? and ? order by all", first, last),
        identity=rows(IDENTITY),
        identifiers=rows(IDENTIFIERS),
        lists=[ListSize(*row) for row in rows(LISTS)],
        quarantine=_quarantine(home),
        campaign_days=rows("select campaign_count, count(*) from fct_campaign_days group by 1 order by 1"),
        offered_after_purchase=rows(
            "select channel, count(distinct contact_id), count(distinct customer_id)"
            " from fct_promoted_after_purchase group by 1 order by 1"
        ),
    )


def _span(connection: duckdb.DuckDBPyConnection, release: Release) -> tuple[date, date, date | None]:
    """First and last day to show, and the first day on which Downbeat decided anything."""
    last = release.as_of.date()
    recent = last - timedelta(days=DAYS_SHOWN - 1)
    live_since, earliest = connection.execute(SPAN).fetchall()[0]
    return (min(recent, earliest or recent) if live_since is None else recent), last, live_since


SPAN = """
select (select min(cast(decided_at as date)) from fct_decision_runs where candidates > 0),
    (select min(date) from fct_daily_numbers)
"""

REACHED = """
select count(distinct customer_id) from fct_contacts
where not coalesce(is_estimate, false) and state <> 'released' and cast(counted_at as date) between ? and ?
"""

IDENTITY = """
select 'customers', count(*) from dim_customers
union all select 'identifiers', count(*) from dim_customer_identifiers
union all select 'shared identifiers, kept out of joining',
    count(*) filter (is_shared) from dim_customer_identifiers
union all select 'links that joined', count(*) filter (is_accepted) from fct_identity_links
union all select 'links refused', count(*) filter (not is_accepted) from fct_identity_links
union all select 'customers merged so far', count(*) filter (kind = 'merged') from fct_identity_changes
union all select 'customers split so far', count(*) filter (kind = 'split') from fct_identity_changes
"""

IDENTIFIERS = """
select identifier_type, count(*), count(*) filter (customer_id is not null)
from dim_customer_identifiers group by 1 order by 2 desc, 1
"""


def _quarantine(home: Home) -> list[tuple[str, int, int]]:
    """By stream of the outside world: rows kept and rows put aside, of every load so far."""
    counted = []
    for contract in load_contracts().values():
        loads = committed_loads(home, contract.name) if contract.delivery != "own" else []
        kept, aside = sum(load.rows_kept for load in loads), sum(load.rows_quarantined for load in loads)
        if kept or aside:
            counted.append((contract.name, kept, aside))
    return counted
