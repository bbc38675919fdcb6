"""The same models on tills, campaigns and coupons that nobody here made, and what they found."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import PROJECT, Home
from orchestration.release import Release, current_release
from orchestration.run import run
from orchestration.sandbox_home import fresh_sandbox
from sandbox.complete_journey import AS_OF, drop_files

DATA = PROJECT.parent / "shared" / "data" / "complete_journey"

QUESTIONS = {
    "households recognised": "select count(*) from {dim_customers}",
    "households with a purchase": "select count(*) from {dim_customers} where order_count > 0",
    "receipt lines": "select count(*) from {fct_purchases}",
    "net amount at the tills": "select sum(amount) from {fct_purchases}",
    "letters posted": "select count(*) from {fct_contacts} where channel = 'direct_mail'",
    "household-days in one campaign or more": "select count(*) from {fct_campaign_days}",
    "household-days in two or more at once": "select count(*) from {fct_campaign_days} where campaign_count >= 2",
    "most campaigns on one household-day": "select max(campaign_count) from {fct_campaign_days}",
    "letters for a product bought in the 14 days before": """
        select count(distinct contact_id) from {fct_promoted_after_purchase} where days_before <= 14""",
    "letters for a product bought the day before": """
        select count(distinct contact_id) from {fct_promoted_after_purchase} where days_before <= 1""",
    "coupons redeemed": "select count(*) from {fct_contact_events} where contact_type = 'redeemed'",
    "redemptions by households posted that campaign": """
        select count(*) from {fct_touches} as redeemed where touch_type = 'redeemed' and exists (
            from {fct_touches} as posted where posted.touch_type = 'sent' and posted.customer_id = redeemed.customer_id
            and posted.campaign = redeemed.campaign and posted.occurred_at <= redeemed.occurred_at)""",
    "redemptions with a basket of that household that day": """
        select count(*) from {fct_touches} as redeemed where touch_type = 'redeemed' and exists (
            from {fct_conversions} as basket where basket.customer_id = redeemed.customer_id
            and basket.occurred_at::date = redeemed.occurred_at::date)""",
    "journeys that ended in a basket": "select count(*) from {fct_journeys} where outcome = 'converted'",
    "journeys that ended in nothing": "select count(*) from {fct_journeys} where outcome = 'null'",
    "journeys from letter through coupon to basket": """
        select count(*) from {fct_journeys} where outcome = 'converted' and list_has_any(touch_ids, (
            select list(touch_id) from {fct_touches} where touch_type = 'redeemed')) and list_has_any(touch_ids, (
            select list(touch_id) from {fct_touches} where touch_type = 'sent'))""",
    "baskets credited to letters, evenly (credit, not effect)": """
        select sum(conversion_count)::bigint from {fct_channel_attribution}
        where level = 'channel' and rule = 'linear' and channel = 'direct_mail'""",
    "baskets nobody had written to before": """
        select sum(conversion_count)::bigint from {fct_channel_attribution}
        where level = 'channel' and rule = 'linear' and channel = '(no touch)'""",
    "channels whose effect is known (nobody was held out)": """
        select count(distinct channel) from {fct_channel_attribution} where incremental_count is not null""",
    "candidate messages considered": "select count(*) from {fct_ledger}",
    "messages sent (nobody consented in this data)": "select count(*) from {fct_decisions}",
}


def run_real(home: Home, data: Path | None, out: Console, target: str = "duckdb") -> None:
    """Drop the files, run every model, print what was found. FileNotFoundError if the data is not there."""
    fresh_sandbox(home)
    drop_files(data or DATA, home.landing)
    with out.status("recognising, deciding, measuring"):
        run(home, AS_OF, target, tell=lambda step: out.print(f"… {step}"))
    release = current_release(home)
    assert release is not None
    out.print(table_of(release))
    out.print(learned_table(home))
    household = answer(
        release,
        "select customer_id from {fct_promoted_after_purchase} where days_before <= 14"
        " group by customer_id order by count(*) desc, customer_id limit 1",
    )
    out.print(f"Ask about any of them, for example:  [bold].venv/bin/downbeat why {household}[/]")


def table_of(release: Release) -> Table:
    """Every question with its figure."""
    table = Table(title="What the real data holds", title_justify="left")
    table.add_column("Question")
    table.add_column("Figure", justify="right")
    for words, query in QUESTIONS.items():
        table.add_row(words, f"{answer(release, query):,}")
    return table


def learned_table(home: Home) -> Table:
    """What was learned from these tills, and whether it beat its baselines on the last days."""
    table = Table(title="What was learned, and whether it is used", title_justify="left")
    for heading in ("Model", "Used", "Why"):
        table.add_column(heading)
    files = home.raw / "downbeat" / "model_runs" / "*.parquet"
    query = f"select model, is_published, reason from read_parquet('{files}', union_by_name = true) order by model"
    for model, is_published, reason in duckdb.execute(query).fetchall():
        table.add_row(model.replace("_", " "), "yes" if is_published else "no", reason)
    return table


def answer(release: Release, query: str) -> object:
    """The one figure a query gives over a release's tables, each named in braces."""
    names = {name: f"read_parquet('{release.table(name)}')" for name in release.manifest["tables"]}
    with duckdb.connect() as connection:
        row = connection.execute(query.format(**names)).fetchone()
    return row[0] if row else None
