"""Prices of shared places as a Dagster asset: solved at night on the newest release, read by the next run."""

import dagster as dg

from orchestration.assets.ledger import GROUP
from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.paths import Home
from orchestration.prices import solve_prices


def prices_asset(home: Home) -> dg.AssetsDefinition:
    """One price per cap and budget that everybody shares."""

    @dg.asset(
        key=[GROUP, "prices"],
        deps=[RELEASE],
        group_name=GROUP,
        description="What one more place under each shared cap or budget is worth: its dual price, on a sample.",
        kinds={"numpy"},
        owners=["team:marketing"],
    )
    def prices() -> dg.MaterializeResult:
        found = solve_prices(home, must_be_current(home))
        rows = [f"| {one.policy_id} | {one.price:.4f} |" for one in found]
        table = "\n".join(["| policy | price |", "|---|---:|", *rows])
        return dg.MaterializeResult(metadata={"prices": dg.MetadataValue.md(table), "policies": len(found)})

    return prices
