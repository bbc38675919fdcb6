"""`plan` and `release`: what would leave, and letting go what a gate has stopped."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from orchestration.commands.audit import Unanswered
from orchestration.paths import Home


@click.command()
@click.option("--json", "as_json", is_flag=True)
def plan(as_json: bool) -> None:
    """What the current release would change at each tool, and what the gates say. Changes nothing."""
    from orchestration.plan import plan_of
    from orchestration.release import current_release

    home = Home.from_environment()
    release = current_release(home)
    if release is None:
        raise Unanswered("nothing has been published yet: run `downbeat run`")
    lines = plan_of(home, release)
    if as_json:
        click.echo(json.dumps([line.to_dict() for line in lines]))
        return
    table = Table(title=f"What release {release.release_id} would change", title_justify="left")
    for column in ("list", "add", "update", "remove", "gate"):
        table.add_column(column, justify="left" if column in ("list", "gate") else "right")
    for line in lines:
        table.add_row(line.sync_id, f"{line.add:,}", f"{line.update:,}", f"{line.remove:,}", line.gate)
    Console().print(table)
    for line in lines:
        for change, some in line.samples.items():
            click.echo(f"{line.sync_id} {change}: {'; '.join(some)}, …")


@click.command()
@click.argument("sync_id")
@click.option("--reason", required=True, help="Why it is right to let this list go.")
def release(sync_id: str, reason: str) -> None:
    """Let a list go that a gate has stopped, for the current release only; who and why is kept."""
    from orchestration.gates import NoSuchList, approve
    from orchestration.release import current_release

    home = Home.from_environment()
    current = current_release(home)
    if current is None:
        raise Unanswered("nothing has been published yet: run `downbeat run`")
    try:
        approve(home, current.release_id, sync_id, reason)
    except NoSuchList as problem:
        raise Unanswered(str(problem)) from None
    click.echo(f"{sync_id} may go with release {current.release_id}; `downbeat run` sends it")


COMMANDS: tuple[Any, ...] = (plan, release)
