"""Learning as a Dagster asset: once a week, from the warehouse of the run, with calibration and drift to look at."""

from typing import Any

import dagster as dg

from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.assets.report import pictures
from orchestration.paths import Home
from orchestration.release import Release
from orchestration.report.measured import measured
from orchestration.scoring.learning import learn_all
from orchestration.transform import last_built, warehouse_lane


def learning_asset(home: Home) -> dg.AssetsDefinition:
    """Models that beat their baselines become streams of our own; the next run scores with them."""

    @dg.asset(
        key=["scores", "learned"],
        deps=[RELEASE],
        group_name="scores",
        description="Scores learned once a week and contested on the last days; what loses is not published.",
        kinds={"python"},
        owners=["team:data"],
        pool="warehouse",
    )
    def learned() -> dg.MaterializeResult:
        release = must_be_current(home)
        with warehouse_lane(home):
            verdicts = learn_all(home, last_built(home))
        words = {
            v.version: f"{'published' if v.is_published else 'not published'}: {v.reason}" for v in verdicts
        }
        return dg.MaterializeResult(
            metadata={**(words or {"learned": "less than a week ago"}), **shown(release)}
        )

    return learned


def shown(release: Release) -> dict[str, Any]:
    """Calibration of every model last learned, and drift of those in force, as the page shows them."""
    drawn = measured(release).charts()
    return pictures(
        {title: image for title, image in drawn.items() if title.startswith(("calibration", "drift"))}
    )
