"""What the ledger remembers of whom: full, then reduced, then counted; and nobody who asked to be forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration import ledger_retention
from orchestration.ingestion.loads import committed_loads
from orchestration.ingestion.own import commit_own
from orchestration.ledger_retention import Thinned, forget_in_ledger, retain
from orchestration.paths import PROJECT, Home
from orchestration.release import all_releases, publish
from orchestration.why import explain
from tests.orchestration.small_warehouse import AS_OF, warehouse

AGES = {"years ago": 500, "last month": 40, "today": 0}
KINDS = [
    ("sent", "send", 0, 90), ("withheld", "withhold", 1900, 80), ("capped", "lose", 102, 70),
    ("no consent", "suppress", 1001, 60), ("open case", "suppress", 1102, 50), ("held", "hold", 1910, 40),
    *((f"lost {n}", "lose", 2000, 30 - n) for n in range(5)),
]  # fmt: skip
REDUCED = {"sent", "withheld", "capped", "open case", "held", "lost 0", "lost 1", "lost 2"}
Row = dict[str, object]


def ledger_rows(run: str, moment: datetime) -> list[Row]:
    return [
        {"run_id": run, "customer_id": customer, "message_id": message, "instance": "i", "outcome": outcome,
         "first_reason": reason, "reason_mask": 0, "lost_to": None, "short_by": None, "score": score,
         "round": int(outcome == "send"), "wish_count": 1, "pressure_7d": 0, "choice_prob": 1.0, "hold_until": None,
         "decided_at": moment}
        for customer in ("c1", "c2")
        for message, outcome, reason, score in KINDS
    ]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three runs in the ledger, in the warehouse's copy of it, and in two releases that share the older days."""
    rows = {run: ledger_rows(run, AS_OF - timedelta(days=age)) for run, age in AGES.items()}
    customers: list[Row] = [{"customer_id": c} for c in ("c1", "c2")]
    identifiers: list[Row] = [
        {"identifier_type": "email", "identifier": f"{c}@example.com", "customer_id": c, "is_shared": False}
        for c in ("c1", "c2")
    ]
    for number, runs in enumerate([["years ago", "last month"], [*AGES]]):
        published = [row for run in runs for row in rows[run]]
        tables = {
            "dim_customers": customers,
            "dim_customer_identifiers": identifiers,
            "fct_ledger": published,
        }
        home = warehouse(tmp_path / "home", tables)
        publish(home, f"r{number}", AS_OF, "duckdb")
    for run, age in AGES.items():
        commit_own(home, "downbeat.ledger", pa.Table.from_pylist(rows[run]), run, AS_OF - timedelta(days=age))
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as base:
        base.execute("create schema staging")
        base.execute(
            "create table staging.stg_downbeat__ledger as select *, _load_id as load_id from "
            f"read_parquet('{home.raw}/downbeat/ledger/*.parquet', union_by_name = true)"
        )
    return home


def ask(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        raw = f"read_parquet('{home.raw}/downbeat/ledger/*.parquet', union_by_name = true)"
        counted = f"read_parquet('{home.raw}/downbeat/ledger_days/*.parquet')"
        return base.execute(query.format(raw=raw, counted=counted)).fetchall()


def left_of(home: Home, run: str) -> list[set[object]]:
    """The kinds of rows that are left of a run: in its load, and in the warehouse."""
    where = f"where run_id = '{run}' and customer_id = 'c1'"
    tables = ("{raw}", "staging.stg_downbeat__ledger")
    return [{row[0] for row in ask(home, f"select message_id from {table} {where}")} for table in tables]


def test_a_run_is_kept_in_full_then_reduced_then_only_what_was_sent_or_withheld(home: Home) -> None:
    assert retain(home, AS_OF) == Thinned(2 * (3 + 9), 2)
    everything = {kind[0] for kind in KINDS}
    assert left_of(home, "today") == [everything] * 2
    assert left_of(home, "last month") == [REDUCED] * 2
    assert left_of(home, "years ago") == [{"sent", "withheld"}] * 2


def test_what_went_is_left_as_counts(home: Home) -> None:
    before = ask(home, "select count(*), sum(score) from {raw} where run_id <> 'today'")
    retain(home, AS_OF)
    assert ask(home, "select sum(candidate_count), sum(score) from {counted}") == before
    assert ask(
        home, "select candidate_count, customer_count from {counted} where first_reason = 2000 limit 1"
    ) == [(2, 2)]


def test_retaining_twice_or_after_a_kill_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ledger_retention, "thin_load", killed)
        with pytest.raises(KeyboardInterrupt):
            retain(home, AS_OF)
    retain(home, AS_OF)
    counts = ask(home, "select sum(candidate_count) from {counted}")
    assert retain(home, AS_OF) == Thinned(0, 0)
    assert counts == ask(home, "select count(*) from {counted} cross join range(2)") != [(0,)]


def test_whoever_is_forgotten_is_in_no_load_no_table_and_no_release(home: Home) -> None:
    done = forget_in_ledger(home, ["c1", "c1 as known before"])
    assert (done.rows, done.loads) == (3 * len(KINDS), 3)
    assert ask(home, "select distinct customer_id from {raw}") == [("c2",)]
    assert ask(home, "select distinct customer_id from staging.stg_downbeat__ledger") == [("c2",)]
    for release in all_releases(home):
        files = release.table("fct_ledger")
        assert duckdb.sql(f"select distinct customer_id from read_parquet('{files}')").fetchall() == [("c2",)]
        assert release.changed_files() == []
    assert forget_in_ledger(home, ["c1"]) == Thinned(0, 0, 0)


def test_only_the_days_that_hold_them_are_written_anew(home: Home) -> None:
    loads = {load.load_id: load for load in committed_loads(home, "downbeat.ledger")}
    only = home.raw / "downbeat" / "ledger" / loads["last-month"].file
    with duckdb.connect() as connection:  # somebody known on one day only
        connection.execute(
            f"copy (select * replace (case when customer_id = 'c1' then 'c9' else customer_id end as customer_id)"
            f" from read_parquet('{only}')) to '{only}.draft' (format parquet)"
        )
    Path(f"{only}.draft").rename(only)
    stamps = {file: file.stat().st_ino for file in only.parent.glob("*.parquet")}
    assert forget_in_ledger(home, ["c9"]) == Thinned(len(KINDS), 1, 0)
    assert [file for file, inode in stamps.items() if file.stat().st_ino != inode] == [only]


def test_why_goes_on_answering_for_everybody_else(home: Home) -> None:
    forget_in_ledger(home, ["c1"])
    assert len(explain(home, "c2", on=AS_OF.date()).considered) == len(KINDS)
    assert explain(home, "c1", on=AS_OF.date()).considered == ()


def test_no_cap_is_counted_from_the_ledger() -> None:
    """So that no counter changes when rows go: only what was withheld is asked for again."""
    models = (PROJECT / "models" / "decisions").glob("*.sql")
    readers = {m.stem for m in models if 'ref("stg_downbeat__ledger")' in m.read_text(encoding="utf-8")}
    assert readers == {"fct_ledger", "int_occasions__used"}
