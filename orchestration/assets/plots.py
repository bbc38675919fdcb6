"""Small plots for people who would rather look than read, as data addresses that Dagster shows in place."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import duckdb

from orchestration.release import Release

QUESTIONS = {
    "outcomes of the last run": """
        select outcome, count(*) from {fct_ledger}
        where run_id = (select max_by(run_id, decided_at) from {fct_decision_runs}) group by 1 order by 2""",
    "messages sent by channel": """
        select channel, count(*) from {fct_decisions} group by 1 order by 2""",
    "first reasons not to send": """
        select coalesce(words, cast(first_reason as varchar)), count(*) from {fct_ledger} left join {dim_reasons}
        on first_reason = code where outcome <> 'send' group by 1 order by 2 desc limit 10""",
}


def plots(release: Release) -> dict[str, str]:
    """By title, a PNG as a data address. Questions whose tables are empty are left out."""
    tables = {name: f"read_parquet('{release.table(name)}')" for name in release.manifest["tables"]}
    shown = {}
    with duckdb.connect() as connection:
        for title, question in QUESTIONS.items():
            rows = connection.execute(question.format(**tables)).fetchall()
            if rows:
                shown[title] = bars([str(row[0]) for row in rows], [float(row[1]) for row in rows])
    return shown


def bars(names: Sequence[str], values: Sequence[float]) -> str:
    """Horizontal bars, largest on top, as a data address."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 0.6 + 0.34 * len(names)), dpi=110, layout="constrained")
    axes = figure.subplots()
    ordered = sorted(zip(values, names, strict=True))
    drawn = axes.barh([name[:48] for _, name in ordered], [value for value, _ in ordered], color="#4f6bed")
    axes.bar_label(drawn, fmt="{:,.0f}", padding=3, fontsize=8)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", labelbottom=False, length=0)
    axes.margins(x=0.15)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
