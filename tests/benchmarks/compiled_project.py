"""The whole project as dbt compiles it once, to be run day after day by one DuckDB without dbt.

Everything is compiled as for an empty warehouse: identity is built anew each time, staging takes in what is new.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.paths import PROJECT, Home
from orchestration.replay.compiled import KIND, MOMENT, RUN
from orchestration.transform import TIME_FORMAT, code_version, dbt, target_folder


@dataclass(frozen=True)
class Step:
    """One model: the relation it builds, how, and its SQL with the moment, run and kind still to be told."""

    name: str
    relation: str
    materialized: str
    layer: str
    sql: str
    unique_key: tuple[str, ...]
    is_carried: bool

    def told(self, moment: str, run_id: str) -> str:
        """The SQL for one run."""
        sql = self.sql.replace(MOMENT.strftime(TIME_FORMAT), moment)
        return sql.replace(RUN, run_id).replace(KIND, "full")


@dataclass(frozen=True)
class Project:
    """dbt's manifest, once compiled."""

    nodes: dict[str, Any]
    sources: dict[str, Any]

    def steps(self, wanted: Sequence[str]) -> list[Step]:
        """The wanted models and everything they read, each after what it reads."""
        found: dict[str, Step] = {}
        for name in wanted:
            self._collect(f"model.downbeat.{name}", found)
        return list(found.values())

    def _collect(self, unique_id: str, found: dict[str, Step]) -> None:
        node = self.nodes.get(unique_id)
        if node is None or node["resource_type"] != "model" or node["name"] in found:
            return
        for parent in node["depends_on"]["nodes"]:
            self._collect(parent, found)
        found[node["name"]] = _step(node)

    def streams(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Per stream ("shop.orders"): the relation that stands for it, and its columns with their types."""
        return {
            f"{node['source_name']}.{node['name']}": (
                node["relation_name"],
                {column["name"]: column["data_type"] for column in node["columns"].values()},
            )
            for node in self.sources.values()
        }


def _step(node: dict[str, Any]) -> Step:
    key = node["config"].get("unique_key") or []
    return Step(
        name=node["name"],
        relation=node["relation_name"],
        materialized=node["config"]["materialized"],
        layer=node["fqn"][1],
        sql=node["compiled_code"],
        unique_key=(key,) if isinstance(key, str) else tuple(key),
        is_carried=bool(node["config"].get("carried")),
    )


def compile_project(folder: Path) -> Project:
    """Compile everything into a folder, or read there what the same models and seeds were compiled to."""
    home = Home(folder)
    manifest, mark = target_folder(home, "duckdb") / "manifest.json", folder / "compiled"
    version = code_version()
    if not mark.exists() or mark.read_text() != version:
        told = json.dumps({"as_of": MOMENT.strftime(TIME_FORMAT), "run_id": RUN, "run_kind": KIND})
        dbt(home, ["compile", "--vars", told, "--profiles-dir", str(PROJECT)])
        mark.write_text(version)
    known = json.loads(manifest.read_text(encoding="utf-8"))
    return Project(known["nodes"], known["sources"])
