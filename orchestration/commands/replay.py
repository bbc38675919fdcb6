"""`downbeat replay`: what some days would have looked like under other policies."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from orchestration.moment import as_utc
from orchestration.paths import Home


@click.command()
@click.option("--from", "first", required=True, help="The first day.")
@click.option("--to", "last", required=True, help="The last day.")
@click.option(
    "--seeds", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Seeds to lay over."
)
@click.option("--git", "commit", help="Seeds and models as they are at this commit.")
@click.option("--sample", type=click.IntRange(min=1), help="About so many customers, with their households.")
@click.option("--most-a-week", default=4, show_default=True, help="Above it somebody is over-contacted.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the numbers here.")
@click.option("--markdown", "page_file", type=click.Path(path_type=Path), help="Also write the page here.")
def replay(
    first: str,
    last: str,
    seeds: Path | None,
    commit: str | None,
    sample: int | None,
    most_a_week: int,
    json_file: Path | None,
    page_file: Path | None,
) -> None:
    """Decide the published runs of some days again and compare. Changes nothing; 1 where that cannot be done."""
    found, page = _replayed(as_utc(first).date(), as_utc(last).date(), seeds, commit, sample, most_a_week)
    if json_file:
        json_file.write_text(json.dumps(found, indent=2), encoding="utf-8")
    if page_file:
        page_file.write_text(page, encoding="utf-8")
    click.echo(page)


def _replayed(
    first: date, last: date, seeds: Path | None, commit: str | None, sample: int | None, most: int
) -> tuple[dict[str, Any], str]:
    from orchestration.lint.check import SeedsRefused
    from orchestration.replay.page import markdown, summary
    from orchestration.replay.project import NoSuchPolicies
    from orchestration.replay.replay import NothingToReplay
    from orchestration.replay.replay import replay as replay_days
    from orchestration.transform import TransformFailed

    try:
        replayed = replay_days(
            Home.from_environment(),
            first,
            last,
            seeds,
            commit,
            sample,
            lambda text: click.echo(text, err=True),
        )
    except (NothingToReplay, NoSuchPolicies, SeedsRefused, TransformFailed) as problem:
        click.echo(f"stopped: {problem}", err=True)
        sys.exit(1)
    found = summary(replayed, most)
    return found, markdown(found)


COMMANDS = (replay,)
