"""A list as people see it in Dagster: what it is and where it goes, its gate, and what became of it."""

import csv
from collections.abc import Mapping

import dagster as dg

from orchestration.delivery.deliver import DeliveryReport
from orchestration.gates import Verdict
from orchestration.paths import PROJECT
from syncs.matches import Matched, in_words

GATES = dg.AssetKey(["publish", "gates"])


def syncs() -> list[dict[str, str]]:
    """The rows of seeds/syncs.csv."""
    with (PROJECT / "seeds" / "syncs.csv").open() as handle:
        return list(csv.DictReader(handle))


def key_of(sync_id: str) -> dg.AssetKey:
    return dg.AssetKey(["syncs", sync_id])


def gate_of(sync_id: str) -> dg.AssetCheckSpec:
    """The list's gate, as people see it beside the list."""
    words = "Size, identifiers and consent of the list. A closed gate stops additions; removals always go."
    return dg.AssetCheckSpec("gate", asset=key_of(sync_id), description=words)


def spec_of(row: Mapping[str, str]) -> dg.AssetSpec:
    """A list's asset: what it is, where it goes, who owns it."""
    return dg.AssetSpec(
        key=key_of(row["sync_id"]),
        deps=[GATES],
        group_name="speak",
        description=f"{row['content']} for {row['destination']} ({row['mode']}, {row['polarity']}).",
        kinds={row["destination"].split("_")[0]},
        owners=[f"team:{row['owner']}"],
    )


def result_of(
    sync_id: str,
    report: DeliveryReport | None,
    verdicts: Mapping[str, Verdict],
    matched: Matched | None = None,
) -> dg.MaterializeResult:
    """What became of one list in this run, and its gate as a check."""
    lines = [line for line in report.lines if line.sync_id == sync_id] if report else []
    table = [f"| {x.change} | {x.outcome} | {x.reason} | {x.rows} |" for x in lines]
    verdict = verdicts.get(sync_id)
    return dg.MaterializeResult(
        asset_key=key_of(sync_id),
        metadata={
            **({"found by the platform": in_words(matched)} if matched else {}),
            "accepted": sum(line.rows for line in lines if line.outcome == "accepted"),
            "rejected": sum(line.rows for line in lines if line.outcome == "rejected"),
            "changes": dg.MetadataValue.md(
                "\n".join(["| change | outcome | code | rows |", "|---|---|---|---:|", *table])
            ),
        },
        check_results=[
            dg.AssetCheckResult(
                passed=bool(verdict and verdict.passed),
                asset_key=key_of(sync_id),
                check_name="gate",
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={
                    "verdict": (verdict.reason or "in order") if verdict else "no gate has looked at it"
                },
            )
        ],
    )
