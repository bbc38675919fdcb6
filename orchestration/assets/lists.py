"""Every list as a Dagster asset: one lane per destination, gates as checks, live counts as metadata."""

import csv
from collections.abc import Iterator, Mapping

import dagster as dg

from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.connections import is_connected
from orchestration.delivery.deliver import DeliveryReport, deliver
from orchestration.gates import Verdict, gates
from orchestration.memory import remember_receipts
from orchestration.moment import as_of
from orchestration.paths import PROJECT, Home
from orchestration.release import previous_release
from orchestration.verdicts import read_verdicts, write_verdicts
from syncs.connector import connector_for

GATES = dg.AssetKey(["publish", "gates"])


def syncs() -> list[dict[str, str]]:
    """The rows of seeds/syncs.csv."""
    with (PROJECT / "seeds" / "syncs.csv").open() as handle:
        return list(csv.DictReader(handle))


def list_assets(home: Home) -> list[dg.AssetsDefinition]:
    """The gates, and one lane per destination with an asset per list."""
    destinations = sorted({row["destination"] for row in syncs()})
    return [gates_asset(home), *(lane(home, name) for name in destinations)]


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


def lane(home: Home, destination: str) -> dg.AssetsDefinition:
    """One destination: its lists are delivered together, restrictive work first."""
    rows = [row for row in syncs() if row["destination"] == destination]

    @dg.multi_asset(
        name=f"deliver_{destination}",
        specs=[spec_of(row) for row in rows],
        check_specs=[gate_of(row["sync_id"]) for row in rows],
        pool=f"destination_{destination}",
    )
    def delivered(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        release = must_be_current(home)
        verdicts = read_verdicts(home, release)
        report = None
        if is_connected(destination):
            moment = as_of(context)
            report = deliver(home, release, destination, moment, connector_for(destination), verdicts)
            remember_receipts(home, destination, moment)
        else:
            context.log.warning(f"{destination} is not connected: nothing was sent; see `downbeat doctor`")
        for row in rows:
            yield result_of(row["sync_id"], report, verdicts)
        if report and report.stopped:
            raise dg.Failure(f"{destination}: {report.stopped}", allow_retries=False)

    return delivered


def gate_of(sync_id: str) -> dg.AssetCheckSpec:
    """The list's gate, as people see it beside the list."""
    words = "Size, identifiers and consent of the list. A closed gate stops additions; removals always go."
    return dg.AssetCheckSpec("gate", asset=["syncs", sync_id], description=words)


def spec_of(row: Mapping[str, str]) -> dg.AssetSpec:
    """A list's asset: what it is, where it goes, who owns it."""
    return dg.AssetSpec(
        key=["syncs", row["sync_id"]],
        deps=[GATES],
        group_name="speak",
        description=f"{row['content']} for {row['destination']} ({row['mode']}, {row['polarity']}).",
        kinds={row["destination"].split("_")[0]},
        owners=[f"team:{row['owner']}"],
    )


def result_of(
    sync_id: str, report: DeliveryReport | None, verdicts: Mapping[str, Verdict]
) -> dg.MaterializeResult:
    """What became of one list in this run, and its gate as a check."""
    lines = [line for line in report.lines if line.sync_id == sync_id] if report else []
    table = [f"| {x.change} | {x.outcome} | {x.reason} | {x.rows} |" for x in lines]
    verdict = verdicts.get(sync_id)
    return dg.MaterializeResult(
        asset_key=["syncs", sync_id],
        metadata={
            "accepted": sum(line.rows for line in lines if line.outcome == "accepted"),
            "rejected": sum(line.rows for line in lines if line.outcome == "rejected"),
            "changes": dg.MetadataValue.md(
                "\n".join(["| change | outcome | code | rows |", "|---|---|---|---:|", *table])
            ),
        },
        check_results=[
            dg.AssetCheckResult(
                passed=bool(verdict and verdict.passed),
                asset_key=["syncs", sync_id],
                check_name="gate",
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={
                    "verdict": (verdict.reason or "in order") if verdict else "no gate has looked at it"
                },
            )
        ],
    )
