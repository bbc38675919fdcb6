"""`learn-weights`: what agreement between two records is worth, from the records themselves."""

from __future__ import annotations

from typing import Any

import click

from orchestration.paths import Home


@click.command("learn-weights")
@click.argument("version")
@click.option("--dry-run", is_flag=True, help="Print the weights, write nothing.")
def learn_weights(version: str, dry_run: bool) -> None:
    """Learn what agreement between records tells, and add it to seeds/match_weights.csv as VERSION.

    Nothing uses it until the var match_version in dbt_project.yml names it.
    """
    from orchestration.recognition.weights import CannotLearn, add_version, learned

    try:
        weights = learned(Home.from_environment())
        path = None if dry_run else add_version(version, weights)
    except CannotLearn as problem:
        raise click.ClickException(str(problem)) from None
    for one in weights:
        click.echo(f"{one.field:12} {one.level:18} m {one.m:<12.6g} u {one.u:<12.6g} {one.weight:>7}")
    if path:
        click.echo(f"added to {path.name}; to use it, set match_version: {version} in dbt_project.yml")


COMMANDS: tuple[Any, ...] = (learn_weights,)
