"""Small plots for people who would rather look than read, as data addresses that Dagster shows in place."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from textwrap import fill

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
    "who displaced whom: customers, last day": """
        select message_id || ' < ' || lost_to_words, sum(customer_count) from {fct_collisions}
        where decided_date = (select max(decided_date) from {fct_collisions}) group by 1 order by 2 desc limit 10""",
    "share of customers at each limit, last day, %": """
        select reason, round(100 * stopped_rate, 1) from {fct_saturation}
        where decided_date = (select max(decided_date) from {fct_saturation}) order by 2 desc limit 10""",
    "what became of the steps of programmes": """
        select message_id || ', ' || channel || ': sent', sent_count from {fct_programme_steps}
        where customer_count > 0 order by programme, step_number""",
    "what tools sent against what was decided": """
        select verdict, count(*) from {fct_reconciliation} group by 1 order by 2 desc""",
    "time to quiet, nineteen of twenty, minutes (and how many still wait)": """
        select audience || ' at ' || destination || ' (' || waiting_count || ')', round(p95_seconds / 60.0, 1)
        from {fct_time_to_quiet} where p95_seconds is not null order by 2 desc limit 12""",
    "share of a list that its ad platform found, %": """
        select sync_id || ' at ' || destination || ' (' || percent_from || ' to ' || percent_to || ')', percent_to
        from {fct_match_rates} where percent_to is not null order by 2 desc""",
    "rows that tools refuse (and for how many days at most)": """
        select sync_id || ', ' || change || ': ' || code || ' (' || max(refused_days) || ')', count(*)
        from {fct_refused_rows} group by sync_id, change, code order by 2 desc limit 12""",
}


IDENTITY_QUESTIONS = {
    "customers by number of identifiers": """
        select case when size <= 5 then cast(size as varchar) when size <= 10 then '6 to 10'
            when size <= 20 then '11 to 20' else 'over 20' end, count(*)
        from (select count(*) as size from {dim_customer_identifiers} where customer_id is not null
            group by customer_id) group by 1 order by min(size)""",
    "links refused, by reason": """
        select case when refusal_reason like 'cut by hand%' then 'cut by hand' else refusal_reason end, count(*)
        from {fct_identity_links} where not is_accepted group by 1 order by 2""",
    "shared identifiers by kind": """
        select identifier_type, count(*) from {dim_customer_identifiers} where is_shared group by 1 order by 2""",
    "customers merged and parted by day": """
        select strftime(changed_at, '%Y-%m-%d') || ' ' || kind, count(*) from {fct_identity_changes}
        where kind <> 'created' and changed_at > (select max(changed_at) from {fct_identity_changes}) - interval 14 day
        group by 1 order by 1 desc""",
    "customers that still break a limit, by kind": """
        select identifier_type, count(*) from {fct_identity_breaches} group by 1 order by 2""",
}


MEASUREMENT_QUESTIONS = {
    "orders credited by channel, evenly, last month (credit, not effect)": """
        select channel, sum(conversion_count) from {fct_channel_attribution}
        where level = 'channel' and rule = 'linear'
            and period_date = (select max(period_date) from {fct_channel_attribution}) group by 1 order by 2 desc""",
    "share of touched orders by channel, Markov, last month, %": """
        select channel || ' (' || round(100 * share_low) || ' to ' || round(100 * share_high) || ')',
            100 * sum(conversion_count) / sum(sum(conversion_count)) over () from {fct_channel_attribution}
        where level = 'channel' and rule = 'markov' and share_low is not null
            and period_date = (select max(period_date) from {fct_channel_attribution}) group by channel, share_low,
            share_high order by 2 desc""",
    "orders a holdout says were brought, since it began": """
        select experiment || ', ' || estimand || ': ' || verdict, incremental_total from {fct_lift}
        where metric = 'orders' and analysis = 'ghosts' and incremental_total is not null
        order by 2 desc""",
    "share of orders that came within days of a click, %": """
        select channel || ', ' || day_count || ' days', 100 * matured_rate from {fct_click_maturity}
        where matured_rate is not null and day_count in (1, 3, 7) order by channel, day_count""",
}


IN_ORDER = {
    "customers by number of identifiers",
    "customers merged and parted by day",
    "share of orders that came within days of a click, %",
}
"""Plots whose rows have an order of their own, first on top; in all others the largest is."""


def plots(release: Release, questions: Mapping[str, str] = QUESTIONS) -> dict[str, str]:
    """By title, a PNG as a data address. Questions whose tables are empty are left out."""
    tables = {name: f"read_parquet('{release.table(name)}')" for name in release.manifest["tables"]}
    shown = {}
    with duckdb.connect() as connection:
        for title, question in questions.items():
            rows = connection.execute(question.format(**tables)).fetchall()
            if rows:
                names, values = [str(row[0]) for row in rows], [float(row[1]) for row in rows]
                shown[title] = bars(names, values, is_ranked=title not in IN_ORDER)
    return shown


def bars(names: Sequence[str], values: Sequence[float], is_ranked: bool = True) -> str:
    """Horizontal bars, the largest (or else the first) on top, as a data address."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 0.6 + 0.34 * len(names)), dpi=110, layout="constrained")
    axes = figure.subplots()
    pairs = list(zip(values, names, strict=True))
    ordered = sorted(pairs) if is_ranked else pairs[::-1]
    drawn = axes.barh(
        [fill(name, 44) for _, name in ordered], [value for value, _ in ordered], color="#4f6bed"
    )
    axes.bar_label(drawn, fmt="{:,.0f}", padding=3, fontsize=8)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", labelbottom=False, length=0)
    axes.margins(x=0.15)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
