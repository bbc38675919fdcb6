"""How long the decision ledger remembers whom: seeds/ledger_retention.csv, and whoever asks to be forgotten.

A run's rows are kept in full for some days, then only those a rule still names, then as counts per message and reason
(stream downbeat.ledger_days). What caps count are contacts, not the ledger: no counter changes when rows go.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.ingestion.commit import shelf
from orchestration.ingestion.loads import Load, committed_loads
from orchestration.ingestion.own import commit_own
from orchestration.ledger_files import LEDGER, holds_any, opened, rows_of, thin_load, thin_release
from orchestration.paths import PROJECT, Home
from orchestration.shelf import all_releases
from orchestration.transform import warehouse_lane

COUNTED = """
select run_id, max(decided_at) as decided_at, message_id, outcome, first_reason,
    coalesce(lost_to, '') as lost_to, count(*) as candidate_count, count(distinct customer_id) as customer_count,
    cast(sum(score) as bigint) as score
from read_parquet('{file}') group by all order by run_id, message_id, outcome, first_reason, lost_to"""
KEPT = """
with named as (
    select l._line, r.best_n, row_number() over (
        partition by r.rule_id, l.run_id, l.customer_id order by l.score desc, l.message_id, l.instance
    ) as place
    from rows as l
    join rules as r on r.outcome in ('*', l.outcome) and l.first_reason between r.reason_from and r.reason_to
)
select * from rows where _line in (select _line from named where place <= coalesce(best_n, place))
order by customer_id, message_id, instance"""
GONE = """
delete from staging.stg_downbeat__ledger as held where load_id = ? and not exists (
    select 1 from read_parquet('{file}') as kept where kept.run_id = held.run_id
    and kept.customer_id = held.customer_id and kept.message_id = held.message_id and kept.instance = held.instance)"""


@dataclass(frozen=True)
class Thinned:
    """What went from the ledger: rows of committed loads, and how many loads and published days were rewritten."""

    rows: int
    loads: int
    days: int = 0


def forget_in_ledger(home: Home, customer_ids: Sequence[str]) -> Thinned:
    """Take these customers' rows out of the ledger: loads, warehouse and releases; only files that hold one change.

    customer_ids: every id the person ever had. Holds the warehouse lane (SomebodyElseHoldsIt after two minutes), so
    call it outside of one. Doing it twice changes nothing.
    """
    if not customer_ids:
        return Thinned(0, 0)
    which = f"customer_id in ({', '.join('?' for _ in customer_ids)})"
    rows = loads = 0
    with warehouse_lane(home), opened() as connection:
        with shelf(home, LEDGER) as held:
            for load in committed_loads(home, LEDGER):
                if load.rows_kept and holds_any(connection, held.parquet(load.load_id), which, customer_ids):
                    kept = f"select * from rows where not ({which})"
                    rows += thin_load(connection, held, load, kept, customer_ids)
                    loads += 1
        _from_warehouse(home, f"delete from staging.stg_downbeat__ledger where {which}", customer_ids)
        done: dict[int, Path] = {}
        days = sum(
            thin_release(connection, release, "fct_ledger", which, customer_ids, done)
            for release in all_releases(home)
        )
    return Thinned(rows, loads, days)


def retain(home: Home, as_of: datetime) -> Thinned:
    """Reduce every run that has become old enough for it. Counts are committed before a row goes; twice is once."""
    rules = read_rules()
    rows = loads = 0
    with warehouse_lane(home), opened() as connection:
        for load in committed_loads(home, LEDGER):
            level = _level(load, rules, as_of)
            if level and f"kept as after {level} days" not in load.flags:
                rows += _reduce(home, connection, load, [rule for rule in rules if rule.days > level], level)
                loads += 1
    return Thinned(rows, loads)


@dataclass(frozen=True)
class Rule:
    """One row of seeds/ledger_retention.csv: rows it names are kept for so many days."""

    rule_id: str
    outcome: str
    reason_from: int
    reason_to: int
    best_n: int | None
    days: int


def read_rules() -> list[Rule]:
    """The rules as they stand in the seed."""
    with (PROJECT / "seeds" / "ledger_retention.csv").open(encoding="utf-8", newline="") as file:
        return [
            Rule(
                row["rule_id"],
                row["outcome"],
                int(row["reason_from"]),
                int(row["reason_to"]),
                int(row["best_n"]) if row["best_n"] else None,
                int(row["days"]),
            )
            for row in csv.DictReader(file)
        ]


def _level(load: Load, rules: Sequence[Rule], as_of: datetime) -> int:
    """The longest of the rules' terms that the load has outlived; 0 while it is kept in full."""
    age = (as_of.date() - (load.last_event_at or load.loaded_at).date()).days
    return max((rule.days for rule in rules if load.rows_kept and rule.days <= age), default=0)


def _reduce(
    home: Home, connection: duckdb.DuckDBPyConnection, load: Load, rules: Sequence[Rule], level: int
) -> int:
    """Count what there is, once; then keep what the rules in force name."""
    connection.execute(
        "create or replace temp table rules"
        " (rule_id text, outcome text, reason_from bigint, reason_to bigint, best_n bigint)"
    )
    for rule in rules:
        named = [rule.rule_id, rule.outcome, rule.reason_from, rule.reason_to, rule.best_n]
        connection.execute("insert into rules values (?, ?, ?, ?, ?)", named)
    with shelf(home, LEDGER) as held:
        file = held.parquet(load.load_id)
        if not any(flag.startswith("kept as after") for flag in load.flags):
            counted = connection.sql(COUNTED.format(file=file)).to_arrow_table()
            commit_own(home, "downbeat.ledger_days", counted, f"days-{load.load_id}", load.loaded_at)
        gone = thin_load(connection, held, load, KEPT, flag=f"kept as after {level} days")
        _from_warehouse(home, GONE.format(file=file), [load.load_id])
    return gone


def _from_warehouse(home: Home, statement: str, values: Sequence[object]) -> None:
    """The same in the warehouse's copy. Spark's is built from the loads each time; a new one has none yet."""
    file = home.warehouse / "warehouse.duckdb"
    if not file.exists():
        return
    with opened(str(file)) as base:
        there = rows_of(
            base, "select 1 from information_schema.tables where table_name = 'stg_downbeat__ledger'"
        )
        if there:
            base.execute(statement, list(values))
