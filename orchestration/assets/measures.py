"""Estimators as Dagster assets: they read the release and leave what they found as a stream for the next run."""

import dagster as dg

from orchestration.assets.plots import MEASUREMENT_QUESTIONS, plots
from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.assets.report import pictures
from orchestration.attribution import fit_path_shares
from orchestration.paths import Home


def path_shares_asset(home: Home) -> dg.AssetsDefinition:
    """downbeat.path_shares, made anew for every release."""

    @dg.asset(
        key=["measurement", "path_shares"],
        deps=[RELEASE],
        group_name="measurement",
        description="The chain of channels, exact, by month: what it gives each channel and campaign, with intervals.",
        kinds={"numpy", "parquet"},
        owners=["team:data"],
    )
    def path_shares() -> dg.MaterializeResult:
        release = must_be_current(home)
        shares = fit_path_shares(home, release)
        shown = pictures(plots(release, MEASUREMENT_QUESTIONS))
        return dg.MaterializeResult(metadata={"dagster/row_count": shares, **shown})

    return path_shares
