"""`identity`: how recognition stands, and what a change of its rules would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from orchestration.commands.audit import Unanswered
from orchestration.paths import PROJECT, Home


@click.command()
@click.option("--report", is_flag=True, help="Write the page as well: reports/identity.html.")
@click.option("--diff", "is_diff", is_flag=True, help="Rehearse the rules in seeds/ on a copy, and compare.")
@click.option(
    "--seeds",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --diff: rules in this folder.",
)
@click.option("--git", "reference", help="With --diff: rules as in this commit or branch.")
@click.option("--json", "as_json", is_flag=True)
def identity(report: bool, is_diff: bool, seeds: Path | None, reference: str | None, as_json: bool) -> None:
    """How recognition stands, as published; with --diff, what other rules would change."""
    if seeds and reference:
        raise click.UsageError("--seeds and --git name two different rules: give one")
    if is_diff:
        _rehearse(seeds, reference, as_json)
    elif seeds or reference:
        raise click.UsageError("--seeds and --git belong to --diff")
    else:
        _tell(report, as_json)


def _tell(report: bool, as_json: bool) -> None:
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


def _rehearse(seeds: Path | None, reference: str | None, as_json: bool) -> None:
    from orchestration.lease import SomebodyElseHoldsIt
    from orchestration.recognition.difference import difference
    from orchestration.recognition.difference_page import markdown
    from orchestration.recognition.rehearsal import CannotRehearse, rehearsed, rules_at, rules_in
    from orchestration.transform import TransformFailed
    from orchestration.whole import replace_text

    home = Home.from_environment()
    try:
        rules = rules_at(reference) if reference else rules_in(seeds or PROJECT / "seeds")
        with rehearsed(home, rules) as connection:
            found = difference(connection)
    except (CannotRehearse, SomebodyElseHoldsIt, TransformFailed) as problem:
        raise click.ClickException(str(problem)) from None
    home.reports.mkdir(parents=True, exist_ok=True)
    replace_text(home.reports / "identity_diff.md", markdown(found))
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False) if as_json else markdown(found))


COMMANDS: tuple[Any, ...] = (identity,)
