"""DuckDB and Spark match the same records the same way: every pair, level, weight and group."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pytest
import yaml

from sandbox.names import FIRST, GERMAN_FIRST, GERMAN_LAST, LAST
from tests.conftest import PROJECT

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java (a JRE 17): none is on the PATH"
    ),
]

TABLES = (
    "int_match_records",
    "int_match_pairs",
    "int_match_groups",
    "int_match_patterns",
    "fct_match_blocks",
)
COLUMNS = ("given_name", "family_name", "birth_date", "number", "email_name", "street", "postcode")
HOLDINGS = """
    select record_key, 'island' as kind, cast(1 as bigint) as held_count, cast(2 as bigint) as most_allowed
    from {{ ref("int_match_people") }}
"""
CUTS = "select cast(1 as bigint) as left_key, cast(2 as bigint) as right_key, 'x' as reason"


def people() -> str:
    """Three hundred people, each written down up to four times, with slips, as one select."""
    rng = np.random.default_rng(11)
    rows = []
    for person in range(300):
        given, family = rng.choice(FIRST + GERMAN_FIRST), rng.choice(LAST + GERMAN_LAST)
        born, street = (
            f"19{rng.integers(50, 99)}-0{rng.integers(1, 9)}-{rng.integers(10, 28)}",
            rng.integers(1, 60),
        )
        for _ in range(rng.integers(1, 5)):
            slip = rng.integers(0, 6)
            values = [
                given[:1] if slip == 0 else given,
                family[:2] + family[3:] if slip == 1 else family.upper(),
                None if slip == 2 else born,
                f"+49 30 {person:05}" if slip == 3 else None,
                f"{given}.{person}",
                f"Hauptstraße {street}",
                f"1{rng.integers(0, 9) if slip == 4 else 0}115",
            ]
            rows.append(
                ", ".join("null" if v is None else "'" + str(v).replace("'", "’") + "'" for v in values)
            )
    lines = (f"({key}, {row})" for key, row in enumerate(rows, 1))
    names = ", ".join(f"cast({column} as string) as {column}" for column in COLUMNS)
    return (
        f"select cast(record_key as bigint) as record_key, {names} from (values {', '.join(lines)})"
        f" as written(record_key, {', '.join(COLUMNS)})"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The matching models as a project of their own, built on both engines."""
    folder = tmp_path_factory.mktemp("matched")
    shutil.copytree(PROJECT / "macros", folder / "macros")
    shutil.copytree(
        PROJECT / "seeds",
        folder / "seeds",
        ignore=lambda _, names: {n for n in names if "match_weights" not in n},
    )
    (folder / "models").mkdir()
    for model in [
        *(PROJECT / "models" / "identity").glob("int_match_*.sql"),
        PROJECT / "models/identity/fct_match_blocks.sql",
    ]:
        shutil.copy(model, folder / "models")
    for name, query in {"people": people(), "holdings": HOLDINGS, "cuts": CUTS}.items():
        (folder / "models" / f"int_match_{name}.sql").write_text(query)
    house = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    dials = house["vars"] | {"match_joins": True, "match_sure_from": 4000, "match_random_steps": 2}
    settings = {"name": "downbeat", "version": "1.0.0", "profile": "downbeat", "vars": dials}
    (folder / "dbt_project.yml").write_text(json.dumps(settings | {"models": {"+materialized": "table"}}))
    shutil.copy(PROJECT / "profiles.yml", folder)
    (folder / "warehouse").mkdir()
    for target in ("duckdb", "spark"):
        command = [str(Path(sys.executable).with_name("dbt")), "build", "--target", target, "--no-use-colors"]
        words = ["--exclude-resource-type", "test", "--target-path", f"target/{target}"]
        environment = {**os.environ, "DOWNBEAT_HOME": str(folder), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        environment |= {"DBT_PROFILES_DIR": str(folder)}
        done = subprocess.run([*command, *words], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:]
    return folder


@pytest.mark.parametrize("table", [name for name in TABLES if name != "int_match_patterns"])
def test_both_engines_give_the_same_rows(project: Path, table: str) -> None:
    with duckdb.connect(str(project / "warehouse" / "warehouse.duckdb"), read_only=True) as base:
        names = sorted(row[0] for row in base.execute(f"describe {table}").fetchall())
        shown = ", ".join(f'cast("{name}" as varchar)' for name in names)
        ours = Counter(base.execute(f"select {shown} from {table}").fetchall())
        files = f"read_parquet('{project}/warehouse/spark/**/{table}/*.parquet')"
        theirs = Counter(base.execute(f"select {shown} from {files}").fetchall())
    assert ours
    assert ours == theirs
