"""`downbeat ahead`: a planned message, tried on each of the coming days."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from orchestration.commands.audit import Unanswered
from orchestration.paths import Home

SHOWN = 3


@click.command()
@click.option("--message", "message_id", required=True, help="A row of seeds/messages.csv.")
@click.option("--audience", help="Instead of the message's own.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 60))
@click.option(
    "--sample", default=5000, show_default=True, type=click.IntRange(min=1), help="About so many customers."
)
@click.option("--json", "as_json", is_flag=True)
def ahead(message_id: str, audience: str | None, days: int, sample: int, as_json: bool) -> None:
    """Whom a planned message would reach on each coming day, what it would displace, and the least harmful dates."""
    from orchestration.replay.ahead import NothingAhead, look_ahead
    from orchestration.transform import TransformFailed

    try:
        found = look_ahead(
            Home.from_environment(),
            message_id,
            days,
            audience,
            sample,
            lambda text: click.echo(text, err=True),
        )
    except (NothingAhead, TransformFailed) as problem:
        raise Unanswered(str(problem)) from None
    if as_json:
        told = asdict(found) | {"least_harmful": [day.day for day in found.least_harmful()]}
        click.echo(json.dumps(told, default=str))
        return
    Console().print(table_of(found))
    best = ", ".join(f"{day.day:%a %Y-%m-%d}" for day in found.least_harmful()[:SHOWN])
    click.echo(f"least harmful: {best or 'no day, it reaches nobody'}")


def table_of(found: Any) -> Table:
    """One line a day. Reach and values are scaled from the sample to all customers."""
    table = Table(title=f"{found.message_id} on each of the coming days", title_justify="left")
    for column in ("day", "reach", "brings", "displaces", "most of all"):
        table.add_column(column, justify="left" if column in ("day", "most of all") else "right")
    for day in found.days:
        most = ", ".join(
            f"{one.message_id} ({one.customers / found.share:,.0f})" for one in day.losers[:SHOWN]
        )
        figures = (day.reach, day.value, day.lost)
        table.add_row(f"{day.day:%a %Y-%m-%d}", *(f"{figure / found.share:,.0f}" for figure in figures), most)
    return table


COMMANDS: tuple[Any, ...] = (ahead,)
