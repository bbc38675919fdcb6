"""The demonstration's last page, in the terminal: what was recognised, decided, sent, kept in line, and promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.holdings import Holding
from orchestration.release import Release, current_release
from orchestration.stage import GO_LIVE, Stage
from sandbox.scoreboard import identity_quality, scoreboard

FIGURES = {
    "messages": "messages received by people",
    "messages_to_yesterdays_buyers_of_same_product": "… for a product the person bought the day before",
    "referral_asks_with_open_bad_case": "… asking for a referral during a bad service case",
    "days_over_cap": "person-days over two messages a day or four a week",
    "collisions": "person-days with two or more campaigns",
    "opt_outs": "opt-outs",
    "net_revenue": "net revenue",
    "marketing_cost": "marketing cost",
}


def show(stage: Stage, out: Console) -> dict[str, Any]:
    """Print every table and return the figures, for the report page and for tests."""
    from orchestration.report import write_report

    release = current_release(stage.home)
    assert release is not None
    last = GO_LIVE + timedelta(days=stage.scene.days - 1)
    scores = {
        "siloed": scoreboard(stage.siloed.books, GO_LIVE, last),
        "with Downbeat": scoreboard(stage.ours.books, GO_LIVE, last),
    }
    recount = stage.watch.recount()
    quality = identity_quality(release.table("dim_customer_identifiers"), stage.ours)
    out.print(compared(scores))
    out.print(promised(recount, quality, stage.requests_when_nothing_is_new))
    out.print(agreed(stage.holdings))
    page = write_report(stage.home, release, scores)
    out.print(next_steps(release, str(page)), highlight=False)
    return {"scores": scores, "recount": recount, "identity": quality}


def compared(scores: dict[str, dict[str, float]]) -> Table:
    """Siloed beside Downbeat, from the simulator's own books: true persons, not our customers."""
    table = Table(
        title="The same people, the same luck, from the simulator's own books", title_justify="left"
    )
    table.add_column("")
    for name in scores:
        table.add_column(name, justify="right")
    for key, words in FIGURES.items():
        table.add_row(words, *(f"{figures[key]:,.0f}" for figures in scores.values()))
    return table


def promised(recount: Any, quality: dict[str, float], requests: int) -> Table:
    """What we promise, recounted from what the tools received."""
    table = Table(title="Promises, recounted from what the tools received", title_justify="left")
    table.add_column("Promise")
    table.add_column("Broken", justify="right")
    table.add_row("no cap exceeded in any rolling window", str(recount.cap_breaches))
    table.add_row("no message for a product known to be bought yesterday", str(recount.to_yesterdays_buyers))
    table.add_row("no referral ask during a known bad case", str(recount.referrals_in_a_bad_case))
    table.add_row("no write to any tool when nothing is new", str(requests))
    table.add_section()
    table.add_row("messages looked at", f"{recount.messages:,}")
    table.add_row("identity: pairwise precision against the truth", f"{quality['precision']:.4f}")
    table.add_row("identity: pairwise recall against the truth", f"{quality['recall']:.4f}")
    return table


def agreed(holdings: list[Holding]) -> Table:
    """Per list: what the warehouse wants against what the tool holds, member by member."""
    table = Table(title="What the tools hold, member by member", title_justify="left")
    for column in ("list", "wanted now", "held", "missing", "extra"):
        table.add_column(column, justify="left" if column == "list" else "right")
    for line in holdings:
        table.add_row(line.sync_id, *(f"{n:,}" for n in (line.wanted, line.held, line.missing, line.extra)))
    return table


def next_steps(release: Release, page: str) -> str:
    """What to type next, with a person who has a story."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select customer_id from read_parquet('{release.table('fct_ledger')}')"
            " group by 1 order by count(distinct outcome) desc, count(distinct first_reason) desc, 1 limit 1"
        ).fetchone()
    customer = found[0] if found else "<customer>"
    return (
        f"\nAsk why:       [bold].venv/bin/downbeat why {customer}[/]"
        f"\nOpen the page: {page}"
        "\nLook inside:   [bold]make ui[/]   (Dagster on http://127.0.0.1:3000)"
    )
