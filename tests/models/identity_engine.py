"""The identity models over a warehouse in memory: a run in tenths of a second, going on from the last as dbt's would.

The models, macros and materializations are the project's own files; only dbt is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from graphlib import TopologicalSorter
from types import SimpleNamespace
from typing import Any

import duckdb

from orchestration.paths import PROJECT
from orchestration.replay.scratch import open_scratch, put_seeds
from orchestration.versions import blocklist_version, identity_version
from tests.benchmarks.identity_observations import EMPTY, STREAMS, create_staging
from tests.models.rendered_identity import Jinja, Relation, Turn

Key = tuple[str, str]
Seen = tuple[str, str, Mapping[str, str | None], datetime, datetime]
"""Staging model, record, what it showed by column, when it was seen and when it came in."""
LAST = "int_identity_passes"
OWN_STREAMS = {
    "stg_downbeat__erasures": "identifier_digest varchar, pepper_check varchar",
    "stg_downbeat__identifier_assignments": "identifier_key bigint, change_number bigint, customer_id varchar,"
    " previous_customer_id varchar, valid_from timestamp",
}
# matching joins nobody: it is switched off, and another test's matter
LEFT_OUT = {
    "int_links_by_match": "select cast(null as bigint) as left_key, cast(null as bigint) as right_key, '' as rule"
    " where false"
}


class Row(dict[Any, Any]):
    """A row, by name and by place."""

    def __missing__(self, place: int) -> Any:
        return list(self.values())[place]


class Engine:
    """One warehouse. Records are put into its staging tables; every run is one pass."""

    def __init__(self) -> None:
        self.connection: duckdb.DuckDBPyConnection = open_scratch()
        self.connection.execute("set threads = 1")
        put_seeds(self.connection, PROJECT, 1)
        create_staging(self.connection)
        for name, columns in OWN_STREAMS.items():
            self.connection.execute(f"create table staging.{name} ({columns})")
        for name, query in LEFT_OUT.items():
            self.connection.execute(f"create table identity.{name} as {query}")
        adapter = SimpleNamespace(get_relation=self._relation, commit=lambda: "")
        names = {
            "execute": True,
            "adapter": adapter,
            "run_query": self._ask,
            "statement": self._statement,
            "is_incremental": lambda: self._relation("", "identity", self.jinja.turn.identifier) is not None,
            "load_cached_relation": lambda _: None,
        }
        self.jinja = Jinja(Turn(), names)
        adapter.dispatch = self.jinja.dispatch

    def run(self, as_of: datetime) -> dict[Key, str | None]:
        """One pass. The customer of every identifier, None for nobody."""
        self.jinja.told["as_of"] = f"{as_of:%Y-%m-%d %H:%M:%S}"
        self.jinja.told["identity_version"], self.jinja.told["blocklist_version"] = versions()
        for model in in_order():
            self._build(model)
        rows = self.connection.execute(
            "select identifier_type, identifier, customer_id from identity.dim_customer_identifiers"
        ).fetchall()
        return {(kind, value): customer for kind, value, customer in rows}

    def put(self, records: Sequence[Seen], anew: bool = False) -> None:
        """Add records to the staging tables, or have these instead of what is there."""
        for stream in [*STREAMS, *EMPTY] if anew else []:
            self.connection.execute(f"delete from staging.{stream}")
        for stream, record_id, shows, seen_at, loaded_at in records:
            names = ["source", "record_id", *shows, "first_seen_at", "last_seen_at", "loaded_at"]
            values = [stream, record_id, *shows.values(), seen_at, seen_at, loaded_at]
            marks = ", ".join("?" * len(values))
            self.connection.execute(
                f"insert into staging.{stream} ({', '.join(names)}) values ({marks})", values
            )

    def forget(self) -> None:
        """Everything that passes have left; what came in stays."""
        tables = "select table_name from duckdb_tables() where schema_name = 'identity'"
        for (name,) in self.connection.execute(tables).fetchall():
            if name not in LEFT_OUT:
                self.connection.execute(f"drop table identity.{name}")

    def _build(self, model: str) -> None:
        sql = self.jinja.render(model)
        materialized = self.jinja.turn.get("materialized", "table")
        if materialized in ("carried", "components", "walk"):
            self.jinja.names["sql"] = sql
            self.jinja.names[f"materialization_{materialized}"]()
        elif materialized == "incremental" and self._relation("", "identity", model):
            self.connection.execute(f"insert into identity.{model} {sql}")
        else:
            kind = "view" if materialized == "view" else "table"
            self.connection.execute(f"create or replace {kind} identity.{model} as {sql}")

    def _ask(self, query: str) -> SimpleNamespace:
        done = self.connection.execute(query)
        names = [column[0] for column in done.description or []]
        rows = [Row(zip(names, row, strict=True)) for row in done.fetchall()]
        columns = [SimpleNamespace(values=lambda name=name: [row[name] for row in rows]) for name in names]
        return SimpleNamespace(rows=rows, columns=columns)

    def _statement(self, _name: str, caller: Any) -> str:
        self.connection.execute(caller())
        return ""

    def _relation(self, _database: str, schema: str, name: str) -> Relation | None:
        found = self.connection.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
        ).fetchall()
        return Relation(name) if found else None


@cache
def versions() -> tuple[str, str]:
    return identity_version(), blocklist_version()


@cache
def in_order() -> tuple[str, ...]:
    """The models that a pass is made of, each after what it reads, as dbt would find out: read, not run."""
    turn = Turn()
    nothing = SimpleNamespace(dispatch=lambda *_: lambda *_: "")
    jinja = Jinja(turn, {"execute": False, "adapter": nothing, "is_incremental": lambda: False})
    reads: dict[str, set[str]] = {}
    waiting = [LAST]
    while waiting:
        model = waiting.pop()
        if model in reads or model in LEFT_OUT or Relation(model).schema != "identity":
            continue
        jinja.render(model)
        reads[model] = set(turn.reads)
        waiting += turn.reads
    return tuple(name for name in TopologicalSorter(reads).static_order() if name in reads)
