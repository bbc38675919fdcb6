"""The `downbeat` command, for people. Exit codes: 0 done, 1 something failed, 2 the question has no answer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from rich.console import Console

from orchestration.paths import Home

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")

OUT = Console(file=sys.stdout)  # the terminal itself: while a run works, its chatter goes to a file
ERR = Console(stderr=True)


def stop(message: str, code: int = 1) -> None:
    """Say what went wrong and what to do, and end."""
    ERR.print(f"[bold red]stopped:[/] {message}", highlight=False)
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="downbeat")
def main() -> None:
    """Who is this customer, what may we say, what did we say, and why."""


@main.command()
@click.option(
    "--data", type=click.Choice(["sandbox", "complete_journey"]), default="sandbox", show_default=True
)
@click.option("--customers", default=2000, show_default=True, help="People in the sandbox.")
@click.option("--days", default=5, show_default=True, help="Days to live through.")
@click.option("--seed", default=7, show_default=True)
@click.option("--data-folder", type=click.Path(path_type=Path), help="Where the Complete Journey files are.")
@click.option("--target", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
def demo(data: str, customers: int, days: int, seed: int, data_folder: Path | None, target: str) -> None:
    """The closed loop on a retailer with known truth, or the same models on real tills."""
    from orchestration.demo import run_demo
    from orchestration.real import run_real
    from orchestration.run import RunFailed
    from orchestration.sandbox_home import NotASandbox
    from orchestration.stage import Scene

    home = Home.from_environment()
    try:
        if data == "complete_journey":
            run_real(home, data_folder, OUT, target)
        else:
            run_demo(home, Scene(customers, days, seed, target), OUT)
    except (RunFailed, NotASandbox, FileNotFoundError) as problem:
        stop(str(problem))


@main.command()
@click.option("--as-of", "moment", help="The moment to decide for, UTC. Default: now.")
@click.option("--target", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--micro", is_flag=True, help="Decide only for customers of whom something new has come in.")
@click.option("--json", "as_json", is_flag=True)
def run(moment: str | None, target: str, micro: bool, as_json: bool) -> None:
    """Listen, decide, publish, speak. Twice on the same input does nothing the second time."""
    from orchestration.bars import Bars
    from orchestration.delivery.progress import watched_by
    from orchestration.lease import SomebodyElseHoldsIt
    from orchestration.lint.check import SeedsRefused
    from orchestration.moment import FULL, MICRO, as_utc, now_utc
    from orchestration.run import RunFailed
    from orchestration.run import run as run_once
    from orchestration.transform import TransformFailed

    at_moment = as_utc(moment) if moment else now_utc()
    try:
        kind = MICRO if micro else FULL
        with Bars(ERR) as bars, watched_by(bars):
            result = run_once(Home.from_environment(), at_moment, target, tell=ERR.print, kind=kind)
    except (RunFailed, SeedsRefused, TransformFailed, SomebodyElseHoldsIt) as problem:
        stop(str(problem))
        return
    said = {"run_id": result.run_id, "decided": result.decided, "dagster_runs": list(result.dagster_runs)}
    click.echo(json.dumps(said)) if as_json else OUT.print(said)


@main.command()
@click.option("--port", default=3000, show_default=True)
def ui(port: int) -> None:
    """Open Dagster on this machine only: assets, runs, checks, schedules."""
    from orchestration.run import instance_of

    instance_of(Home.from_environment()).dispose()
    dagster = str(Path(sys.executable).with_name("dagster"))
    arguments = ["dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(dagster, [dagster, *arguments])


@main.command()
def docs() -> None:
    """Build dbt's documentation, with an exposure for every list, into the home's reports."""
    from orchestration.documentation import build_docs

    OUT.print(f"open {build_docs(Home.from_environment())}", highlight=False)


@main.command()
def doctor() -> None:
    """Check what is needed before a run: settings, secrets (never shown), disk, Java, tools."""
    from orchestration.doctor import findings

    found = findings(Home.from_environment())
    for finding in found:
        mark = (
            "[green]ok[/]"
            if finding.fine
            else "[yellow]not set[/]"
            if finding.optional
            else "[red]missing[/]"
        )
        OUT.print(f"{mark}  {finding.what}{'' if finding.fine else ': ' + finding.remedy}", soft_wrap=True)
    sys.exit(0 if all(f.fine or f.optional for f in found) else 1)


def register() -> None:
    """Commands that live beside what they do."""
    from orchestration.commands import (
        ahead,
        audit,
        forget,
        identity,
        listen,
        matching,
        replay,
        scoring,
        seeds,
        speak,
    )

    for room in (ahead, audit, forget, identity, listen, matching, replay, scoring, seeds, speak):
        for command in room.COMMANDS:
            main.add_command(command)


register()

if __name__ == "__main__":
    main()
