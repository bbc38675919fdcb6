"""What measurement found, read from a release: effects with their intervals, scores, agreement, and what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.report.charts import Interval, against, intervals, lengths
from orchestration.shelf import Release

MOST_CHANGES, MOST_DRIFTS = 25, 6

QUERIES = {
    "changes": """
        select kind, advice, reason, effect, effect_low, effect_high, effect_unit, seed_file, seed_key
        from {fct_recommendations} order by rank_number""",
    "channels": """
        select coalesce(nullif(channel, ''), '(unknown)'), sum(conversion_count) filter (rule = 'last'),
            sum(conversion_count) filter (rule = 'shapley'), max(roas) filter (rule = 'last'),
            sum(incremental_count) filter (rule = 'last'),
            sum(incremental_low) filter (rule = 'last'), sum(incremental_high) filter (rule = 'last'),
            coalesce(max(evidence) filter (rule = 'last'), 'none')
        from {fct_channel_attribution}
        where level = 'channel' and period_date = (select max(period_date) from {fct_channel_attribution})
        group by 1 order by 2 desc nulls last, 1""",
    "restated": """
        select strftime(period_date, '%b %Y'), coalesce(nullif(channel, ''), '(unknown)'), earlier_count,
            conversion_count, reason
        from {fct_attribution_restatements}
        where rule = 'last' and earlier_count is not null
            and period_date < (select max(period_date) from {fct_attribution_restatements})
            and published_at = (select max(published_at) from {fct_attribution_restatements})
        order by period_date desc, 2 limit 12""",
    "lifts": """
        select analysis, estimand, experiment, metric, arm, cuped_difference, low, high, verdict,
            contamination_rate, crossed_rate
        from {fct_lift} order by analysis, estimand, experiment, metric, arm""",
    "efficacy": """
        select message_id, common_lift, common_low, common_high, as_sent_lift, click_credited_rate, verdict
        from {fct_message_efficacy} order by common_lift desc nulls last, message_id""",
    "curve": """
        select channel_group || ', message ' || from_count || case when to_count > from_count then ' to ' || to_count
            else '' end, net_value, net_low, net_high, verdict, suggested_cap
        from {fct_pressure_curve} order by experiment, channel_group, from_count""",
    "models": """
        select model, is_published, is_in_force, reason from {fct_model_runs}
        qualify row_number() over (partition by model order by fitted_at desc, model_version desc) = 1
        order by model""",
    "calibration": """
        select runs.model, predicted.value, actual.value
        from {fct_model_runs} as runs
        join {fct_model_measures} as predicted on predicted.model_version = runs.model_version
            and predicted.measure = 'step_predicted'
        join {fct_model_measures} as actual on actual.model_version = runs.model_version
            and actual.measure = 'step_actual' and actual.step = predicted.step
        where runs.fitted_at = (select max(fitted_at) from {fct_model_runs} as others where others.model = runs.model)
        order by runs.model, predicted.step""",
    "drift": """
        select model, replace(feature, '_', ' '), abs(drift) from {fct_model_coefficients} where drift is not null
        order by model, abs(drift) desc, feature""",
    "stages": "select replace(stage, '_', ' '), count(*) from {dim_lifecycle} group by 1 order by 2 desc, 1",
    "words": """
        select replace(signal, '_', ' '), way, precision_rate, recall_rate from {fct_text_signal_quality}
        order by signal, way""",
    "agreement": "select verdict, count(*) from {fct_reconciliation} group by 1 order by 2 desc, 1",
}


TOO_FEW = "too few people"
"""The verdict of fct_lift on arms that nothing can be read from yet."""


@dataclass(frozen=True)
class Measured:
    """Rows by question, as QUERIES asks them; a question whose tables are not there has none."""

    rows: Mapping[str, Sequence[tuple[Any, ...]]]

    def charts(self) -> dict[str, str]:
        """By title, every chart that has something to show."""
        drawn = {
            f"lift {question}": intervals(rows, "orders per person, more or less")
            for question, rows in self._lifts().items()
        }
        curve: list[Interval] = [(r[0], r[1], r[2], r[3]) for r in self.rows["curve"] if None not in r[1:4]]
        if curve:
            drawn["pressure: what one more message is worth"] = intervals(
                curve, "margin per week and customer"
            )
        brought: list[Interval] = [
            (r[0], float(r[4]), float(r[5]), float(r[6])) for r in self.rows["channels"] if None not in r[4:7]
        ]
        if brought:
            drawn["orders brought, by the holdouts"] = intervals(brought, "orders in the last month")
        drawn |= {
            f"calibration of {model}": against([row[1] for row in rows], [row[2] for row in rows])
            for model, rows in by_first(self.rows["calibration"]).items()
        }
        return drawn | {
            f"drift of {model} since it was learned": lengths(
                [row[1] for row in rows[:MOST_DRIFTS]], [row[2] for row in rows[:MOST_DRIFTS]]
            )
            for model, rows in by_first(self.rows["drift"]).items()
        }

    def _lifts(self) -> dict[str, list[Interval]]:
        found: dict[str, list[Interval]] = {}
        for row in self.rows["lifts"]:
            analysis, question, experiment, metric, _, middle, low, high, verdict, *_ = row
            if None not in (middle, low, high) and metric == "orders" and verdict != TOO_FEW:
                interval = (experiment.replace("_", " "), middle, low, high)
                found.setdefault(f"{question}, {analysis}", []).append(interval)
        return found


def by_first(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first cell, in order."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    return found


def measured(release: Release) -> Measured:
    """Ask everything of a release."""
    tables = {name: f"read_parquet('{release.table(name)}')" for name in release.manifest["tables"]}
    found: dict[str, Sequence[tuple[Any, ...]]] = {}
    with duckdb.connect() as connection:
        for name, query in QUERIES.items():
            try:
                asked = query.format(**tables)
            except KeyError:
                found[name] = []
                continue
            found[name] = connection.execute(asked).fetchall()
    return Measured(found)
