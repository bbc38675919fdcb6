"""Connected components in SQL against a graph library, on the shapes that break shortcuts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

Pairs = npt.NDArray[np.int64]
MACROS = ["house/components", "house/contract_edges", "house/jump_to_roots", "house/unwind_labels"]
MACROS += ["engine/working_table", "engine/replace_table_as"]
TOO_FEW_ROUNDS = """
{% macro too_few_rounds() %}
    {% do replace_working_table("short__edges_0", "select range as a, range + 1 as b from range(8)") %}
    {% do contract_edges("short", most_rounds=0) %}
{% endmacro %}
"""


def shapes(n: int = 3000) -> Pairs:
    """A path in order and a shuffled one, a star, a tree, random pairs, the like where every node also says
    itself, and loners, each in its own range of ids."""
    rng = np.random.default_rng(5)
    order = rng.permutation(n)
    pieces = [
        np.column_stack([np.arange(n - 1), np.arange(1, n)]),
        np.column_stack([order[:-1], order[1:]]),
        np.column_stack([np.full(n - 1, n // 2), np.delete(np.arange(n), n // 2)]),
        np.column_stack([np.arange(1, n), (np.arange(1, n) - 1) // 2]),
        rng.integers(0, n, (n // 2, 2)),
        np.concatenate([rng.integers(0, n, (n // 2, 2)), np.column_stack([np.arange(n), np.arange(n)])]),
        np.column_stack([np.arange(50), np.arange(50)]),
    ]
    return np.concatenate([piece + place * 4 * n + 7 for place, piece in enumerate(pieces)]).astype(np.int64)


def expected(pairs: Pairs) -> dict[int, int]:
    """Node to the smallest node of its component."""
    nodes, flat = np.unique(pairs, return_inverse=True)
    ends = flat.reshape(pairs.shape)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    count, label = connected_components(graph, directed=False)
    smallest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(smallest, label, nodes)
    return dict(zip(nodes.tolist(), smallest[label].tolist(), strict=True))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project with nothing but the materialization and one model that uses it."""
    (tmp_path / "macros").mkdir()
    (tmp_path / "models").mkdir()
    for macro in MACROS:
        shutil.copy(PROJECT / "macros" / f"{macro}.sql", tmp_path / "macros")
    (tmp_path / "macros" / "too_few_rounds.sql").write_text(TOO_FEW_ROUNDS)
    (tmp_path / "models" / "islands.sql").write_text(
        "{{ config(materialized='components') }} select a, b from read_csv('pairs.csv')"
    )
    (tmp_path / "dbt_project.yml").write_text("{name: downbeat, version: '1.0.0', profile: downbeat}")
    (tmp_path / "profiles.yml").write_text(
        "downbeat: {target: dev, outputs: {dev: {type: duckdb, path: graph.duckdb, threads: 1}}}"
    )
    return tmp_path


def dbt(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)


def test_components_equal_a_graph_library_on_every_shape(project: Path) -> None:
    pairs = shapes()
    np.savetxt(project / "pairs.csv", pairs, fmt="%d", delimiter=",", header="a,b", comments="")
    ran = dbt(project, "run")
    assert ran.returncode == 0, ran.stdout
    with duckdb.connect(str(project / "graph.duckdb"), read_only=True) as base:
        rows = base.execute("select node, component from islands").fetchall()
        leftovers = base.execute(
            "select count(*) from duckdb_tables() where table_name <> 'islands'"
        ).fetchall()
    assert len(rows) == len(dict(rows))
    assert dict(rows) == expected(pairs)
    assert leftovers == [(0,)]


def test_components_fail_rather_than_return_a_part(project: Path) -> None:
    ran = dbt(project, "run-operation", "too_few_rounds")
    assert ran.returncode != 0
    assert "no convergence in 0 rounds" in ran.stdout
