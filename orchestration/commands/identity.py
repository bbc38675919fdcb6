"""`identity`: how recognition stands."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console

from orchestration.commands.audit import Unanswered
from orchestration.paths import Home


@click.command()
@click.option(
    "--report", is_flag=True, help="Sizes, shared identifiers, refused links, growth, broken limits."
)
@click.option("--json", "as_json", is_flag=True)
def identity(report: bool, as_json: bool) -> None:
    """How recognition stands, as published; --report also writes a page."""
    from orchestration.recognition.figures import identity as figures_of
    from orchestration.recognition.page import write_identity_report
    from orchestration.recognition.terminal import show_identity
    from orchestration.shelf import current_release

    home = Home.from_environment()
    release = current_release(home)
    if release is None:
        raise Unanswered("nothing has been published yet: run `downbeat run`")
    found = figures_of(release)
    if as_json:
        click.echo(json.dumps(found.to_dict(), default=str, ensure_ascii=False))
    else:
        show_identity(found, Console())
    if report:
        click.echo(f"page: {write_identity_report(home, release)}", err=as_json)


COMMANDS: tuple[Any, ...] = (identity,)
