"""What a release tells of its models, ready to be drawn."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.shelf import Release

MOST_DRIFTS = 8

CALIBRATION = """
select runs.model, predicted.value, actual.value
from {fct_model_runs} as runs
join {fct_model_measures} as predicted
    on predicted.model_version = runs.model_version and predicted.measure = 'step_predicted'
join {fct_model_measures} as actual on actual.model_version = runs.model_version
    and actual.measure = 'step_actual' and actual.step = predicted.step
where runs.fitted_at = (select max(fitted_at) from {fct_model_runs} as others where others.model = runs.model)
order by runs.model, predicted.step
"""

DRIFT = """
select model, replace(feature, '_', ' '), drift from {fct_model_coefficients} where drift is not null
order by model, abs(drift) desc, feature
"""


def rows_of(release: Release, query: str) -> list[Any]:
    """Rows of a query over a release's tables, each named in braces; none where one of them is missing."""
    tables = {name: f"read_parquet('{release.table(name)}')" for name in release.manifest["tables"]}
    try:
        query = query.format(**tables)
    except KeyError:
        return []
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def calibrations(release: Release) -> dict[str, tuple[list[float], list[float]]]:
    """By model as last learned: predicted and actual shares in steps of rising prediction."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for model, predicted, actual in rows_of(release, CALIBRATION):
        lines = found.setdefault(model, ([], []))
        lines[0].append(predicted)
        lines[1].append(actual)
    return found


def drifts(release: Release) -> dict[str, list[tuple[str, float]]]:
    """By model in force: the features that have moved most since it was learned, in standard deviations."""
    found: dict[str, list[tuple[str, float]]] = {}
    for model, feature, drift in rows_of(release, DRIFT):
        if len(found.setdefault(model, [])) < MOST_DRIFTS:
            found[model].append((feature, drift))
    return found
