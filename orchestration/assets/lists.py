"""What speaks, as Dagster assets: the gates, then every list."""

import dagster as dg

from orchestration.assets.deliveries import deliveries
from orchestration.assets.listed import GATES
from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.gates import gates
from orchestration.paths import Home
from orchestration.release import previous_release
from orchestration.verdicts import write_verdicts


def list_assets(home: Home) -> list[dg.AssetsDefinition]:
    """The gates, and the lists behind them."""
    return [gates_asset(home), deliveries(home)]


def gates_asset(home: Home) -> dg.AssetsDefinition:
    """Great Expectations at the door out: a verdict per list, kept for the lanes and shown as checks."""

    @dg.asset(
        key=GATES,
        deps=[RELEASE],
        group_name="speak",
        description="Size, identifiers and consent of every list, judged before anything permissive leaves.",
        kinds={"greatexpectations"},
        owners=["team:marketing"],
    )
    def judged(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        release = must_be_current(home)
        verdicts = gates(home, release, previous_release(home, release))
        write_verdicts(home, release, verdicts)
        frozen = [f"{v.sync_id}: {v.reason}" for v in verdicts.values() if not v.passed]
        for line in frozen:
            context.log.warning(f"frozen {line}")
        return dg.MaterializeResult(metadata={"lists": len(verdicts), "frozen": frozen})

    return judged
