"""`inbox`: take in signed webhooks for as long as it runs."""

from __future__ import annotations

import threading
from typing import Any

import click

from orchestration.paths import Home


@click.command()
@click.option(
    "--port", default=8300, show_default=True, help="On this machine only; put a proxy with TLS in front."
)
def inbox(port: int) -> None:
    """Listen for signed webhooks until interrupted; what is accepted is on disk before it is answered."""
    from orchestration.ingestion.inbox import Inbox

    try:
        with Inbox.start(Home.from_environment(), port=port) as listening:
            for stream in sorted(listening.streams):
                click.echo(f"POST {listening.url}/{stream.replace('.', '/')}  (signed with INBOX_SECRET)")
            threading.Event().wait()
    except ValueError:
        raise click.ClickException("INBOX_SECRET is not set: nothing unsigned is taken in") from None
    except OSError:
        raise click.ClickException(f"port {port} is taken: choose another with --port") from None


COMMANDS: tuple[Any, ...] = (inbox,)
