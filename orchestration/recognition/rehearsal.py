"""A change of the rules of recognition, rehearsed: a copy of the warehouse built anew from identity to the lists.

The live warehouse is read once, to copy it, and never written; the copy is gone when the rehearsal ends.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.paths import PROJECT, Home
from orchestration.project_copy import copy_project
from orchestration.transform import WITHOUT_TESTS, dbt, last_built, warehouse_lane

RULES = ("identifier_types", "identifier_blocklist", "identity_overrides")
"""The seeds that say who is who."""

COMPARED = {
    "dim_customer_identifiers": "identity",
    "fct_identity_links": "identity",
    "fct_audience_members": "audiences",
    "sync_members": "syncs",
}
"""What is compared, and the schema it stands in."""


class CannotRehearse(Exception):
    """The rehearsal cannot begin; the message says why and what to do. Nothing was changed."""


def rules_in(folder: Path) -> dict[str, str]:
    """The rule seeds that a folder holds, by name. Raises CannotRehearse where it holds none."""
    found = {name: (folder / f"{name}.csv") for name in RULES}
    texts = {name: file.read_text(encoding="utf-8") for name, file in found.items() if file.is_file()}
    if not texts:
        raise CannotRehearse(f"{folder} holds none of {', '.join(f'{name}.csv' for name in RULES)}")
    return texts


def rules_at(reference: str) -> dict[str, str]:
    """The rule seeds as they are in a commit or branch. Raises CannotRehearse where git does not know it."""
    texts = {}
    for name in RULES:
        shown = subprocess.run(
            ["git", "show", f"{reference}:./seeds/{name}.csv"], cwd=PROJECT, capture_output=True, text=True
        )
        if shown.returncode:
            raise CannotRehearse(f"git knows no seeds/{name}.csv at {reference}: name a commit or a branch")
        texts[name] = shown.stdout
    return texts


@contextmanager
def rehearsed(home: Home, rules: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the rebuilt copy: schema `before` holds what was, `after` what the rules would make of it.

    rules: texts of rule seeds by name; what is not given is as in the project. Raises CannotRehearse where there is
    no DuckDB warehouse to copy, TransformFailed where the rules do not build.
    """
    with tempfile.TemporaryDirectory(prefix="downbeat-rehearsal-") as folder:
        copy = Home(Path(folder) / "home")
        _copy_warehouse(home, copy)
        project = project_with(Path(folder) / "project", rules)
        file = str(copy.warehouse / "warehouse.duckdb")
        with duckdb.connect(file) as connection:
            _keep(connection, "before")
        dbt(
            copy,
            ["build", "--select", *_selection(), *WITHOUT_TESTS],
            run=last_built(copy),
            project=project,
        )
        with duckdb.connect(file) as connection:
            _keep(connection, "after")
            yield connection


def _copy_warehouse(home: Home, copy: Home) -> None:
    file = home.warehouse / "warehouse.duckdb"
    if not file.is_file():
        raise CannotRehearse(f"there is no DuckDB warehouse at {file}: `downbeat run` makes one")
    copy.warehouse.mkdir(parents=True)
    copy.raw.symlink_to(home.raw, target_is_directory=True)
    with warehouse_lane(home):
        for part in (file, file.with_suffix(".duckdb.wal"), home.warehouse / "built.json"):
            if part.is_file():
                shutil.copy2(part, copy.warehouse / part.name)


def project_with(target: Path, rules: Mapping[str, str]) -> Path:
    """A copy of the project's models, macros and seeds, with other texts for some seeds; returns its folder."""
    copy_project(target)
    for name, text in rules.items():
        (target / "seeds" / f"{name}.csv").write_text(text, encoding="utf-8")
    return target


def _keep(connection: duckdb.DuckDBPyConnection, moment: str) -> None:
    connection.execute(f"create schema {moment}")
    for table, schema in COMPARED.items():
        connection.execute(f"create table {moment}.{table} as from {schema}.{table}")


def _selection() -> list[str]:
    """Everything between the rules and what is compared, both included: staging stays as it is."""
    return [f"{rule}+,+{table}" for rule in RULES for table in COMPARED]
