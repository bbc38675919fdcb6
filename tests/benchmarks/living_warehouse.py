"""A warehouse in DuckDB's memory that lives on from day to day: takes in what systems wrote, runs the project's models.

What dbt would do, without dbt: a table or view is created anew, staging takes in new rows and keeps one per key,
components are labelled by scipy. Nothing is tested, published or written to disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.memory import REMEMBERED
from orchestration.paths import PROJECT
from orchestration.replay.scratch import open_scratch, put_seeds
from orchestration.transform import TIME_FORMAT
from tests.benchmarks.compiled_project import Project, Step

BOOKKEEPING = ("_extra varchar", "_load_id varchar", "_loaded_at timestamp", "_file varchar", "_line bigint")
TYPES = {"string": "varchar"}


class LivingWarehouse:
    """One branch's warehouse. Raw streams hold only what no run has taken in yet."""

    def __init__(self, project: Project, policies: Path | None = None, memory: str = "1500MB") -> None:
        self.streams = project.streams()
        self.connection: duckdb.DuckDBPyConnection = open_scratch()
        self.connection.execute(f"set memory_limit = '{memory}'")
        self.connection.execute("set threads = 1")
        self.connection.execute("set preserve_insertion_order = false")
        put_seeds(self.connection, PROJECT, 1)
        if policies:
            put_seeds(self.connection, policies, 1)
        self.built: set[str] = set()
        self.loads = 0
        for relation, columns in self.streams.values():
            self._schema_of(relation)
            named = [f"{name} {TYPES.get(kind, kind)}" for name, kind in columns.items()]
            self.connection.execute(f"create table {relation} ({', '.join([*named, *BOOKKEEPING])})")

    def take(self, stream: str, rows: pa.Table, loaded_at: datetime) -> None:
        """Put a delivery of a stream where the next run finds it. rows: columns as the stream declares them."""
        if not len(rows):
            return
        self.loads += 1
        moment = loaded_at + timedelta(microseconds=self.loads)
        relation, columns = self.streams[stream]
        known = [name for name in columns if name in rows.column_names]
        self.connection.register("delivery", rows.select(known))
        self.connection.execute(
            f"insert into {relation} by name select *, 'l{self.loads}' as _load_id, '{stream}' as _file,"
            f" timestamp '{moment}' as _loaded_at, row_number() over () as _line from delivery"
        )
        self.connection.unregister("delivery")

    def run(self, steps: Sequence[Step], moment: datetime, run_id: str) -> None:
        """Build every step for one moment; then nothing raw is new any more."""
        for step in steps:
            self._build(step, step.told(moment.strftime(TIME_FORMAT), run_id))
        for relation, _ in self.streams.values():
            self.connection.execute(f"delete from {relation}")

    def remember(self, run_id: str, moment: datetime, streams: Sequence[str]) -> None:
        """What a release gives back to the next run as a source."""
        given = {"run": run_id, "release": run_id, "moment": moment, "known": moment}
        for stream in streams:
            query = REMEMBERED[stream].replace("read_parquet('{", "{").replace("}')", "}")
            sql = query.format_map(Relations(self.built_relations))
            values = {name: value for name, value in given.items() if f"${name}" in sql}
            self.take(stream, self.connection.sql(sql, params=values).to_arrow_table(), moment)

    @property
    def built_relations(self) -> dict[str, str]:
        return {relation.split(".")[-1].strip('"'): relation for relation in self.built}

    def rows(self, sql: str) -> list[dict[str, object]]:
        """What a query says, as dictionaries."""
        rows: list[dict[str, object]] = self.connection.sql(sql).to_arrow_table().to_pylist()
        return rows

    def _schema_of(self, relation: str) -> None:
        self.connection.execute(f"create schema if not exists {relation.rpartition('.')[0]}")

    def _build(self, step: Step, sql: str) -> None:
        if step.relation not in self.built:
            self._schema_of(step.relation)
        if step.materialized == "view":
            self.connection.execute(f"create or replace view {step.relation} as {sql}")
        elif step.materialized == "components":
            self._components(step, sql)
        elif step.layer == "staging" and step.relation in self.built:
            self._go_on(step, sql)
        else:
            self.connection.execute(f"create or replace table {step.relation} as {sql}")
        self.built.add(step.relation)

    def _go_on(self, step: Step, sql: str) -> None:
        """New rows; those with a key that is there already replace it."""
        self.connection.execute(f"create or replace temp table fresh as {sql}")
        if step.unique_key:
            alike = " and ".join(f"fresh.{key} = held.{key}" for key in step.unique_key)
            self.connection.execute(f"delete from {step.relation} as held using fresh where {alike}")
        self.connection.execute(f"insert into {step.relation} by name select * from fresh")

    def _components(self, step: Step, pairs: str) -> None:
        """Each node with the smallest node of its component."""
        found = self.connection.sql(f"select a, b from ({pairs}) as pairs").to_arrow_table()
        nodes, place = np.unique(
            np.concatenate([np.asarray(found["a"].to_pylist()), np.asarray(found["b"].to_pylist())]),
            return_inverse=True,
        )
        half, size = len(place) // 2, len(nodes)
        links = coo_matrix((np.ones(half, np.int8), (place[:half], place[half:])), shape=(size, size))
        _, label = connected_components(links, directed=False) if size else (0, np.zeros(0, np.int32))
        _, first = np.unique(label, return_index=True)
        columns = {"node": pa.array(nodes), "component": pa.array(nodes[first][label] if size else nodes)}
        kind = found.schema.field("a").type
        table = pa.table({name: values.cast(kind) for name, values in columns.items()})
        self.connection.register("labelled", table)
        batch = ", cast(1 as bigint) as batch" if step.is_carried else ""
        self.connection.execute(f"create or replace table {step.relation} as select *{batch} from labelled")
        self.connection.unregister("labelled")


class Relations(dict[str, str]):
    """Relations by model name; a name that was not built is an error of its own."""

    def __missing__(self, name: str) -> str:
        raise LookupError(f"{name} is remembered but was not built")
