"""Connected components through dbt, against what they must not cost more than, and against what they must equal.

    python -m tests.benchmarks components --observations 10000000

Input: distinct links as 60-bit keys. Peers, each in a process of its own: one scan and hash aggregate of the same
observations as text (the least any identity graph must do), Splink 5's clustering, and scipy's union-find, which is
also the judge. dbt's own start-up is measured over an empty input and printed apart.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import duckdb
import pyarrow as pa
from rich.console import Console

from orchestration.paths import PROJECT
from orchestration.transform import dbt_executable
from tests.benchmarks.identity_observations import write_world
from tests.benchmarks.identity_people import World
from tests.benchmarks.ratios import Ratio, mark, table_of
from tests.benchmarks.stages import Cost, measured
from tests.models.test_components import MACROS, shapes

CHAINS, CHAIN = 100, 1_000

TEXT_FLOOR = """
import sys, duckdb
base = duckdb.connect(sys.argv[1], read_only=True)
base.execute("set threads = 2; set memory_limit = '4GB'; set preserve_insertion_order = false")
base.execute("select sum(n) from (select a, b, count(*) as n from observations group by a, b)").fetchall()
"""
SPLINK = """
import sys, duckdb
from splink import DuckDBAPI
from splink.clustering import cluster_pairwise_predictions_at_threshold
base = duckdb.connect(sys.argv[1])
base.execute("set threads = 2; set memory_limit = '6GB'; set preserve_insertion_order = false")
api = DuckDBAPI(connection=base)
cluster_pairwise_predictions_at_threshold(
    api.register(sys.argv[2] + "_nodes"), api.register(sys.argv[2]), api,
    node_id_column_name="id", edge_id_column_name_left="a", edge_id_column_name_right="b")
"""
SCIPY = """
import sys, duckdb, numpy as np, pyarrow
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from time import process_time
base = duckdb.connect(sys.argv[1])
base.execute("set enable_progress_bar = false")  # it would stand where the seconds are read
began = process_time()
links = base.execute("select a, b from " + sys.argv[2]).fetchnumpy()
nodes, ends = np.unique(np.concatenate([links["a"], links["b"]]), return_inverse=True)
left, right = np.split(ends, 2)
graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(len(nodes), len(nodes)))
_, label = connected_components(graph, directed=False)
first = np.unique(label, return_index=True)[1]
base.register("found", pyarrow.table({"node": nodes, "component": nodes[first[label]]}))
base.execute("create or replace table judged as select * from found")
print(process_time() - began)
"""
DIFFER = """
select count(*) from islands full outer join judged on judged.node = islands.node
where islands.component is distinct from judged.component
"""
PROFILE = """
downbeat:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{database}"
      threads: 2
      settings: {{preserve_insertion_order: false, memory_limit: "{{{{ env_var('MEMORY', '4GB') }}}}"}}
"""


def prepare(folder: Path, observations: int) -> Path:
    """A database with the observations as text, their links as keys, ordered chains, shapes and nothing at all."""
    database = folder / "graph.duckdb"
    if database.exists():
        return database
    write_world(World(observations), folder)
    part = database.with_suffix(".part")
    with duckdb.connect(str(part)) as base:
        base.execute("set memory_limit = '4GB'; set preserve_insertion_order = false")
        base.execute(
            "create table observations as select left_type || ':' || left_value as a,"
            f" right_type || ':' || right_value as b from '{folder}/observations/*.parquet'"
        )
        key = "cast(('0x' || substr(md5({0}), 1, 15)) as bigint) as {0}"
        base.execute(
            f"create table links as select {key.format('a')}, {key.format('b')}"
            " from (select distinct a, b from observations)"
        )
        base.execute(
            f"create table chains as select range as a, range + 1 as b from range({CHAINS * CHAIN})"
            f" where range % {CHAIN} <> {CHAIN - 1}"
        )
        left, right = shapes(300_000).T
        base.register("drawn", pa.table({"a": left, "b": right}))
        base.execute("create table shapes as select * from drawn")
        base.execute("create table nothing as select a, b from links limit 0")
        for name in ("links", "chains", "nothing"):
            base.execute(
                f"create table {name}_nodes as select a as id from {name} union select b from {name}"
            )
    part.rename(database)
    return database


def project_over(folder: Path, database: Path, table: str) -> Path:
    """A dbt project with nothing but the materialization and one model that uses it."""
    project = folder / f"over_{table}"
    shutil.rmtree(project, ignore_errors=True)
    for name in ("macros", "models"):
        (project / name).mkdir(parents=True)
    for macro in MACROS:
        shutil.copy(PROJECT / "macros" / f"{macro}.sql", project / "macros")
    model = "{{ config(materialized='components') }} select a, b from " + table
    (project / "models" / "islands.sql").write_text(model)
    (project / "dbt_project.yml").write_text("{name: downbeat, version: '1.0.0', profile: downbeat}")
    (project / "profiles.yml").write_text(PROFILE.format(database=database))
    return project


def through_dbt(folder: Path, database: Path, table: str, memory: str = "4GB") -> Cost:
    """One dbt run over a table, after one run over it has parsed the project."""
    project = project_over(folder, database, table)
    command = [dbt_executable(), "run", "--project-dir", str(project), "--profiles-dir", str(project)]
    command += ["--target-path", str(project / "target"), "--log-path", str(project / "logs")]
    environment = {**os.environ, "MEMORY": memory, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    measured("parse", [command[0], "parse", *command[2:]], environment)
    return measured(f"components of {table}, {memory}", command, environment)


def quietest(folder: Path, database: Path, table: str) -> Cost:
    """The cheapest of three runs, for what is small beside dbt's own start-up."""
    return min((through_dbt(folder, database, table) for _ in range(3)), key=lambda cost: cost.cpu)


def scipy_alone(database: Path, table: str) -> Cost:
    """scipy without Python's start and imports: reading, numbering, labelling and writing."""
    command = [sys.executable, "-c", SCIPY, str(database), table]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost("scipy, without its start", 0.0, float(done.stdout), 0)


def peer(name: str, script: str, database: Path, table: str = "", python: str = sys.executable) -> Cost:
    """One script over the database, in a process of its own."""
    return measured(name, [python, "-c", script, str(database), table])


def differences(database: Path) -> int:
    """Nodes whose component is not the judge's."""
    with duckdb.connect(str(database), read_only=True) as base:
        return int(base.execute(DIFFER).fetchall()[0][0])


@click.command()
@click.option("--observations", default=10_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the world is, or is written.")
def main(observations: int, folder: Path | None) -> None:
    """Exactness and cost of connected components."""
    out = Console(width=130)
    folder = (folder or Path(tempfile.mkdtemp())).resolve()
    database = prepare(folder, observations)
    splink = str(PROJECT / ".venv-peers" / "bin" / "python")
    start = quietest(folder, database, "nothing").cpu
    splink_start = peer("Splink", SPLINK, database, "nothing", splink).cpu
    wrong, peaks, ratios = {}, [], []
    for table, run in (("shapes", through_dbt), ("chains", quietest), ("links", through_dbt)):
        ours, judge = run(folder, database, table), scipy_alone(database, table)
        wrong[table] = differences(database)
        peaks.append(ours)
        if table != "shapes":
            ratios.append(Ratio(ours, judge, 2.0, start))
    rival = peer("Splink 5", SPLINK, database, "links", splink)
    ratios.append(Ratio(ours, rival, 0.6, start, splink_start))
    ratios.append(Ratio(ours, peer("text floor", TEXT_FLOOR, database), 1.0, start))
    peaks.append(through_dbt(folder, database, "links", "1GB"))
    out.print(table_of(f"{observations:,} observations, {os.cpu_count()} cores", ratios))
    for table, count in wrong.items():
        out.print(f"{table}: differ from scipy {mark(count, 0)}")
    for cost in peaks:
        out.print(f"{cost.name}: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, peak {cost.peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
