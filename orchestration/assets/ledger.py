"""Keeping the decision ledger to what its retention rules still name, as a Dagster asset of its own job."""

import dagster as dg

from orchestration.ledger_retention import retain
from orchestration.moment import as_of
from orchestration.paths import Home

GROUP = "upkeep"


def ledger_retention_asset(home: Home) -> dg.AssetsDefinition:
    """seeds/ledger_retention.csv applied to every run that has become old enough."""

    @dg.asset(
        key=["upkeep", "ledger_retention"],
        group_name=GROUP,
        description="Runs of the ledger that are past a term keep only the rows a rule still names; counts stay.",
        kinds={"parquet"},
        owners=["team:data"],
        pool="warehouse",
    )
    def ledger_retention(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        thinned = retain(home, as_of(context))
        return dg.MaterializeResult(metadata={"rows_gone": thinned.rows, "runs_reduced": thinned.loads})

    return ledger_retention
