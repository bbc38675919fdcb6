"""The steps of the benchmark of deciding, one per process: STEP FOLDER MEMORY."""

from __future__ import annotations

import json
import pickle
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.export import Earlier, export_table
from orchestration.replay.compiled import Models
from orchestration.replay.scratch import SCHEMAS
from tests.benchmarks.decide_world import AS_OF, put_large_world

RUN, NOTES = "benchmark", "notes.json"
MANY = 800_000  # customers, of whom more candidates pass the gates than the var steps_from_candidates says
PROPOSING = (
    "int_customer_memberships",
    "int_candidates__proposed",
    "int_candidates__estimated",
    "int_occasions__used",
    "fct_candidates",
)
SORTED = """
create or replace table kept.sorted as
select customer_id, message_number, score from decisions.fct_candidates order by customer_id, score desc"""
SORTED_WHOLE = """
create or replace table kept.sorted_whole as
select * from decisions.fct_candidates order by customer_id, score desc"""


def opened(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """The benchmark's warehouse on disk, set as the project's profile sets DuckDB."""
    connection = duckdb.connect()
    connection.execute(f"attach '{folder}/world.duckdb' as warehouse")
    connection.execute("use warehouse")
    for setting in (f"memory_limit = '{memory}'", "threads = 2", "preserve_insertion_order = false",
                    "timezone = 'UTC'", f"temp_directory = '{folder}/spilled'"):  # fmt: skip
        connection.execute(f"set {setting}")
    return connection


def note(folder: Path, **found: int) -> None:
    """Remember a figure for the page."""
    file = folder / NOTES
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(json.dumps(known | found), encoding="utf-8")


def models(folder: Path) -> Models:
    sql, views = pickle.loads((folder / "models.pickle").read_bytes())
    return Models(sql, views)


def draw(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    customers = json.loads((folder / NOTES).read_text(encoding="utf-8"))["customers"]
    for schema in SCHEMAS:
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")
    put_large_world(connection, customers)


def propose(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The candidates, and what of the decisions they read."""
    found: dict[str, None] = {}
    _needed(models(folder).sql, "fct_candidates", found)
    build(connection, folder, list(found))


def _needed(sql: dict[str, str], wanted: str, found: dict[str, None]) -> None:
    """The models that a model reads, in their order, and the model."""
    for name in sql:
        if name not in found and name != wanted and f'."{name}"' in sql[wanted]:
            _needed(sql, name, found)
    found[wanted] = None


def sort(connection: duckdb.DuckDBPyConnection, _: Path) -> None:
    connection.execute(SORTED)


def sort_whole(connection: duckdb.DuckDBPyConnection, _: Path) -> None:
    connection.execute(SORTED_WHOLE)
    connection.execute("drop table kept.sorted_whole")


def decide(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    build(connection, folder, [name for name in models(folder).sql if name not in PROPOSING])
    [(rows,)] = connection.execute("select count(*) from decisions.int_ledger__this_run").fetchall()
    [(decisions,)] = connection.execute("select count(*) from decisions.fct_decisions").fetchall()
    note(folder, rows=rows, decisions=decisions)


def decide_again(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """From the candidates on, in steps, as a project with little memory has it (var steps_from_candidates). Only the
    rows' sums are compared: both ledgers side by side would not be little."""
    before = _sums(connection)
    propose(connection, folder)
    build(connection, folder, [name for name in models(folder).sql if name not in PROPOSING], in_steps=True)
    note(folder, differing=int(before != _sums(connection)))


def _sums(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select first_reason, outcome, count(*), sum(hash(rows)) from decisions.int_ledger__this_run as rows"
        " group by all order by all"
    ).fetchall()


def build(
    connection: duckdb.DuckDBPyConnection, folder: Path, names: list[str], in_steps: bool = False
) -> None:
    """Build these models in their order and tell what each took. Many candidates are decided in steps, as dbt does."""
    known, is_many = models(folder), json.loads((folder / NOTES).read_text())["customers"] >= MANY
    for name in names:
        began, spent = time.monotonic(), time.process_time()
        replace(known, sql={name: known.sql[name]}).run(connection, AS_OF, RUN, in_steps=in_steps or is_many)
        cpu, wall = time.process_time() - spent, time.monotonic() - began
        if cpu > 0.05:
            print(f"{name:32} {cpu:8.2f} CPU s {wall:8.2f} s", file=sys.stderr, flush=True)


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    parts = export_table(connection, "fct_ledger", "decisions.fct_ledger", folder, Earlier())
    note(folder, bytes=sum((folder / part.path).stat().st_size for part in parts))


STEPS = {
    "draw": draw,
    "propose": propose,
    "sort": sort,
    "sort_whole": sort_whole,
    "decide": decide,
    "write": write,
    "decide_again": decide_again,
}

if __name__ == "__main__":
    step, place, memory = sys.argv[1:]
    with opened(Path(place), memory) as warehouse:
        STEPS[step](warehouse, Path(place))
