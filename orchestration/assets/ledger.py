"""Keeping ledgers small, in a job of their own: of decisions by rule, of deliveries by what can still count."""

import dagster as dg

from orchestration.assets.release import must_be_current
from orchestration.connections import destinations
from orchestration.delivery.compaction import compact
from orchestration.delivery.lists import lists_of
from orchestration.ingestion.merging import merge_small_loads
from orchestration.ledger_retention import retain
from orchestration.memory import RECEIPTS, received
from orchestration.moment import as_of
from orchestration.paths import Home
from orchestration.transform import warehouse_lane

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


def delivery_ledgers_asset(home: Home) -> dg.AssetsDefinition:
    """What tools acknowledged, kept small: overruled operations go, and many small files of receipts become one."""

    @dg.asset(
        key=["upkeep", "delivery_ledgers"],
        group_name=GROUP,
        description="Ledgers of deliveries without overruled operations; small loads of receipts merged into one.",
        kinds={"duckdb", "parquet"},
        owners=["team:data"],
        pool="warehouse",
    )
    def delivery_ledgers(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        release, known = must_be_current(home), received(home)
        gone = {name: compact(home, name, lists_of(release, name), known) for name in destinations(home)}
        for name, operations in gone.items():
            context.log.info(f"{name}: {operations:,} overruled operations are gone")
        with warehouse_lane(home):
            merged = merge_small_loads(home, RECEIPTS)
        return dg.MaterializeResult(metadata={"operations_gone": sum(gone.values()), "loads_merged": merged})

    return delivery_ledgers
