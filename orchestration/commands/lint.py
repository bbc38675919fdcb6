"""`downbeat lint`: are the dials set to something that can be meant?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON.")
def lint(as_json: bool) -> None:
    """Check the seeds. Each finding names file and line and says what to do; 0 none, 1 some."""
    from orchestration.lint import lint as findings_of

    findings = findings_of()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(findings)} findings" if findings else "the seeds are in order")
    sys.exit(1 if findings else 0)


COMMANDS = (lint,)
