"""What was learned, as rows of the streams that SQL reads it back from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from estimators.contest import Contest, Entry
from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from orchestration.scoring.models import Learned

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """One model of one day, ready to be written down."""

    version: str
    model: str
    is_published: bool
    reason: str
    fitted_at: datetime
    tested_from: datetime | None = None
    train_count: int = 0
    test_count: int = 0
    coefficients: tuple[dict[str, Any], ...] = ()
    measures: tuple[dict[str, Any], ...] = ()
    item_weights: tuple[dict[str, Any], ...] = ()


def verdict_of(model: str, found: Learned | str, as_of: datetime, tested_from: datetime | None) -> Verdict:
    """The verdict on a fitted model, or on there being none: then `found` says why."""
    version = f"{model}-{as_of:%Y%m%d}"
    if isinstance(found, str):
        return Verdict(version, model, False, found, as_of)
    fit = found.fit
    rows = [{"feature": "intercept", "coefficient": fit.intercept, "center": 0.0, "scale": 1.0}]
    rows += [
        {"feature": name, "coefficient": float(weight), "center": float(center), "scale": float(scale)}
        for name, weight, center, scale in zip(
            found.features, fit.coefficients, fit.center, fit.scale, strict=True
        )
    ]
    return Verdict(
        version,
        model,
        found.contest.is_won,
        found.contest.reason,
        as_of,
        tested_from,
        found.train_count,
        found.test_count,
        tuple(rows),
        tuple(measures_of(found.contest)),
    )


def measures_of(contest: Contest) -> Rows:
    """Every figure of a contest as a row."""
    rows = [row for entry in (contest.own, *contest.rivals) for row in _entry_rows(entry)]
    rows.append(measure("model", "actual", contest.actual))
    for step in contest.steps:
        rows += [
            measure("model", "step_predicted", step.predicted, step.number),
            measure("model", "step_actual", step.actual, step.number),
            measure("model", "step_count", step.trials, step.number),
        ]
    return rows


def _entry_rows(entry: Entry) -> Rows:
    figures = {"log_loss": entry.log_loss, "auc": entry.area, "predicted": entry.predicted}
    if entry.name != "model":
        figures |= {"lead": entry.lead, "lead_error": entry.lead_error}
    return [measure(entry.name, name, value) for name, value in figures.items()]


def measure(competitor: str, name: str, value: float, step: int = 0) -> dict[str, Any]:
    """One figure of one competitor; step is 0 for all people."""
    return {"competitor": competitor, "measure": name, "step": step, "value": value}


def commit_verdict(home: Home, verdict: Verdict) -> None:
    """Write a verdict down once; the run comes last, so that no run is there without its coefficients."""
    common = {"model_version": verdict.version, "fitted_at": verdict.fitted_at}
    run = common | {
        "model": verdict.model,
        "is_published": verdict.is_published,
        "reason": verdict.reason,
        "train_count": verdict.train_count,
        "test_count": verdict.test_count,
        "tested_from_at": verdict.tested_from,
    }
    parts = {
        "model_coefficients": [common | {"center": 0.0, "scale": 1.0} | row for row in verdict.coefficients],
        "item_weights": [common | row for row in verdict.item_weights],
        "model_measures": [common | row for row in verdict.measures],
        "model_runs": [run],
    }
    for stream, rows in parts.items():
        if rows:
            table = pa.Table.from_pylist(rows)
            commit_own(home, f"downbeat.{stream}", table, verdict.version, verdict.fitted_at)
