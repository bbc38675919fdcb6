"""The decision models as dbt compiles them, to be run by DuckDB alone on tables put in place.

Policies are rows, so the SQL is the same whatever they say; the moment and the run's name are written into it, and
replaced for each run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import Home
from orchestration.transform import TIME_FORMAT, dbt, target_folder

MOMENT, RUN, KIND = (
    datetime(2019, 4, 5, 6, 7, 8),
    "a run to be named",
    "a kind to be told",
)  # nowhere else in the SQL
WANTED = ("fct_ledger", "fct_decisions")


@dataclass(frozen=True)
class Models:
    """Compiled SQL per model, in the order in which they depend on each other; which of them dbt makes views."""

    sql: Mapping[str, str]
    views: frozenset[str] = frozenset()

    def with_views(self, *names: str) -> Models:
        """The same, these too as views: for models that nobody reads twice."""
        return replace(self, views=self.views.union(names))

    def on(self, connection: duckdb.DuckDBPyConnection, in_steps: bool = False) -> Decider:
        """Ready to decide there, in the schema decisions of the connection's database, named warehouse.

        in_steps: write down each step of a query on its own, as dbt does where many candidates are weighed.
        """
        views: dict[str, list[duckdb.Statement]] = {}
        tables: dict[str, list[duckdb.Statement]] = {}
        for name, sql in self.sql.items():
            told = _asking(sql)
            steps, rest = parted(told) if in_steps and name not in self.views else ({}, told)
            made = [f"create or replace temp table {step} as {query}" for step, query in steps.items()]
            kind = "view" if name in self.views else "table"
            made.append(f"create or replace {kind} decisions.{name} as {rest}")
            made += [f"drop table temp.{step}" for step in steps]
            (views if name in self.views else tables)[name] = connection.extract_statements("; ".join(made))
        return Decider(connection, tuple(self.sql), views, tables)

    def run(
        self,
        connection: duckdb.DuckDBPyConnection,
        as_of: datetime,
        run_id: str,
        run_kind: str = "full",
        in_steps: bool = False,
    ) -> None:
        """Build every model once, as Decider does it run after run."""
        self.on(connection, in_steps).run(as_of, run_id, run_kind)


@dataclass
class Decider:
    """The models' statements on one connection, read once: which run it is they ask of the connection's variables."""

    connection: duckdb.DuckDBPyConnection
    names: tuple[str, ...]
    views: dict[str, list[duckdb.Statement]]
    tables: Mapping[str, list[duckdb.Statement]]

    def run(self, as_of: datetime, run_id: str, run_kind: str = "full") -> None:
        """Build every table, in order; views stay as the first run made them."""
        told = {"moment": as_of.strftime(TIME_FORMAT), "run": run_id, "kind": run_kind}
        for variable, value in told.items():
            self.connection.execute(f"set variable {variable} = $value", {"value": value})
        for name in self.names:
            for statement in (*self.views.get(name, ()), *self.tables.get(name, ())):
                self.connection.execute(statement)
        self.views.clear()


def _asking(sql: str) -> str:
    """The SQL with the run's variables in place of the moment and the names it was compiled for."""
    for words, variable in ((MOMENT.strftime(TIME_FORMAT), "moment"), (RUN, "run"), (KIND, "kind")):
        sql = sql.replace(f"'{words}'", f"getvariable('{variable}')")
    return sql


def parted(sql: str) -> tuple[dict[str, str], str]:
    """The steps of a query by name, and what follows them; as the macro create_table_as parts it."""
    _, *steps = sql.split("/* step ")
    named = [step.split("/* written */", 1) for step in steps]
    queries = {text.split(" ", 1)[0]: text.split("(", 1)[1].rsplit(")", 1)[0] for text, _ in named}
    rest = named[-1][1].strip() if named else sql
    return queries, f"with {rest[1:]}" if rest.startswith(",") else rest


def compile_models(project: Path, folder: Path) -> Models:
    """Compile the decisions of a project into a folder of their own. Raises TransformFailed with dbt's last words."""
    variables = json.dumps({"as_of": MOMENT.strftime(TIME_FORMAT), "run_id": RUN, "run_kind": KIND})
    home = Home(folder)
    words = ["compile", "--select", "decisions", "--vars", variables, "--profiles-dir", str(project)]
    dbt(home, words, project=project)
    nodes = json.loads((target_folder(home, "duckdb") / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    sql: dict[str, str] = {}
    for name in WANTED:
        _collect(nodes, f"model.downbeat.{name}", sql)
    views = {node["name"] for node in nodes.values() if node["config"].get("materialized") == "view"}
    return Models(sql, frozenset(views & sql.keys()))


def _collect(nodes: dict[str, Any], unique_id: str, sql: dict[str, str]) -> None:
    """A model's SQL after that of everything it depends on in its own folder."""
    node = nodes.get(unique_id)
    if node is None or node["resource_type"] != "model" or node["fqn"][1] != "decisions":
        return
    for parent in node["depends_on"]["nodes"]:
        _collect(nodes, parent, sql)
    sql.setdefault(node["name"], node["compiled_code"])
