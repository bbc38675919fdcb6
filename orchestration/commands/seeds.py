"""`lint`: the seeds, before anything else."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from orchestration.lint.check import lint as find_faults


@click.command()
@click.option("--json", "as_json", is_flag=True)
def lint(as_json: bool) -> None:
    """Check every seed row; each fault names file, line and remedy. Exit code 1 if there is any."""
    found = find_faults()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], default=str))
    else:
        for finding in found:
            click.echo(str(finding))
        click.echo(f"{len(found)} faults" if found else "the seeds are in order")
    raise SystemExit(1 if found else 0)


COMMANDS: tuple[Any, ...] = (lint,)
