"""Publishing as a Dagster asset: contract tables become a release, and what it decided becomes a source."""

import json
from typing import Any

import dagster as dg

from orchestration.assets.models import layer_of
from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.export import duckdb_reader
from orchestration.memory import remember
from orchestration.paths import Home
from orchestration.release import Release, current_release, publish
from orchestration.spark_tables import spark_reader
from orchestration.transform import last_built, manifest_path, warehouse_lane

KEY = dg.AssetKey(["publish", "release"])
READERS = {"duckdb": duckdb_reader, "spark": spark_reader}


def release_asset(home: Home) -> dg.AssetsDefinition:
    """The current release: one folder, one manifest, one pointer."""

    @dg.asset(
        key=KEY,
        group_name="publish",
        deps=table_keys(home),
        description="An immutable folder of Parquet files with a certified manifest; everyone else reads this.",
        kinds={"parquet"},
        owners=["team:data"],
        pool="warehouse",
    )
    def release() -> dg.MaterializeResult:
        with warehouse_lane(home):
            run = last_built(home)
            published = publish(
                home,
                run.run_id,
                run.as_of,
                run.target,
                reader=READERS[run.target],
                before_flip=lambda sealed: remember(home, sealed),
            )
        return dg.MaterializeResult(metadata=told(published))

    return release


def table_keys(home: Home) -> list[dg.AssetKey]:
    """The asset keys of the contract tables."""
    nodes = json.loads(manifest_path(home).read_text())["nodes"].values()
    return [
        dg.AssetKey([layer_of(node), node["name"]])
        for node in nodes
        if node["resource_type"] in ("model", "seed") and node["name"] in CONTRACT_TABLES
    ]


def told(release: Release) -> dict[str, Any]:
    """The manifest as a table, for people who watch."""
    tables = release.manifest["tables"]
    rows = [f"| {name} | {entry['rows']:,} |" for name, entry in sorted(tables.items())]
    return {
        "release_id": release.release_id,
        "verdict": release.manifest["verdict"],
        "policy_version": release.manifest["policy_version"],
        "dagster/row_count": sum(entry["rows"] for entry in tables.values()),
        "tables": dg.MetadataValue.md("\n".join(["| table | rows |", "|---|---:|", *rows])),
    }


def must_be_current(home: Home) -> Release:
    """The release that CURRENT names. Failure says to run first."""
    release = current_release(home)
    if release is None:
        raise dg.Failure("nothing has been published yet: run `downbeat run` first", allow_retries=False)
    return release
