"""`python -m sandbox.tools serve --state DIR`: start the tools, print their environment, serve until interrupted."""

from __future__ import annotations

import shlex
import signal
import threading
from pathlib import Path

import click

from sandbox.tools.toolbox import NAMES, Toolbox


@click.group()
def main() -> None:
    """The sandbox's channel tools."""


@main.command()
@click.option(
    "--state", type=click.Path(path_type=Path), required=True, help="Folder that keeps the tools' state."
)
@click.option("--first-port", type=int, default=0, help="Fix the ports: this one and the six after it.")
@click.option(
    "--factor", type=float, default=50.0, show_default=True, help="Widen the rate limits; 1 is the vendors'."
)
def serve(state: Path, first_port: int, factor: float) -> None:
    """Start every tool and print the environment as export lines."""
    ports = {name: first_port + place for place, name in enumerate(NAMES)} if first_port else {}
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with Toolbox.start(state, ports=ports, factor=factor) as toolbox:
        for name, value in sorted(toolbox.environment.items()):
            click.echo(f"export {name}={shlex.quote(value)}")
        click.echo(f"# SFTP by {toolbox.sftp_kind}. Interrupt to stop; state stays in {toolbox.folder}")
        done.wait()


if __name__ == "__main__":
    main()
