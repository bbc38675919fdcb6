"""The page of numbers as an asset, with its main plot shown in Dagster itself."""

import dagster as dg

from orchestration.assets.plots import plots
from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.paths import Home
from orchestration.report import write_report


def report_asset(home: Home) -> dg.AssetsDefinition:
    """reports/numbers.html, made anew for every release."""

    @dg.asset(
        key=["publish", "numbers"],
        deps=[RELEASE],
        group_name="publish",
        description="One honest page: reach, collisions avoided, suppressed by reason, orders by last click.",
        kinds={"html"},
        owners=["team:marketing"],
    )
    def numbers() -> dg.MaterializeResult:
        release = must_be_current(home)
        page = write_report(home, release)
        shown = {name: dg.MetadataValue.md(f"![{name}]({image})") for name, image in plots(release).items()}
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(page), **shown})

    return numbers
