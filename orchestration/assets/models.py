"""Every dbt model and seed as a Dagster asset, every dbt test as its check, grouped by layer."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration.environment import environment_set
from orchestration.ingestion.own import ensure_declared
from orchestration.moment import as_of, engine, kind
from orchestration.paths import PROJECT, Home
from orchestration.transform import (
    dbt_environment,
    dbt_executable,
    manifest_path,
    plan_run,
    remember_built,
    target_folder,
    warehouse_lane,
)

# A run checks every invariant and every table that others rely on before it publishes. Tests of seeds (lint has read
# them), of staging (ingestion holds the same contract) and of intermediate models are for `make test`.
LEFT_TO_MAKE_TEST = " ".join(
    f"path:{place},resource_type:test" for place in ("seeds", "models/staging", "models/*/int_*")
)
OWNERS = {"staging": "team:data", "identity": "team:data", "profiles": "team:data", "context": "team:data"}


class Layers(DagsterDbtTranslator):
    """dbt's folders become Dagster's groups; keys are <layer>/<model>, and a source is the stream's own asset."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([layer_of(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return layer_of(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props.get("description") or "")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNERS.get(layer_of(dbt_resource_props), "team:marketing")]


def layer_of(props: Mapping[str, Any]) -> str:
    """The layer is the first folder: models/<layer>/...; seeds are their own."""
    return "seeds" if props["resource_type"] == "seed" else str(props["fqn"][1])


def model_assets(home: Home) -> dg.AssetsDefinition:
    """All models of the project, built and tested by one `dbt build` in the warehouse lane."""

    @dbt_assets(
        manifest=manifest_path(home),
        exclude=LEFT_TO_MAKE_TEST,
        dagster_dbt_translator=Layers(),
        name="models",
        pool="warehouse",
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        target = engine(context)
        run = plan_run(home, as_of(context), target, kind(context))
        environment = dbt_environment(home)
        dbt = DbtCliResource(
            project_dir=str(PROJECT),
            profiles_dir=str(PROJECT),
            target=target,
            dbt_executable=dbt_executable(),
        )
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        arguments += ["--log-path", environment["DBT_LOG_PATH"]]
        ensure_declared(home)
        with warehouse_lane(home), environment_set(environment | run.environment):
            yield from dbt.cli(arguments, context=context, target_path=target_folder(home, target)).stream()
            remember_built(home, run)

    return models
