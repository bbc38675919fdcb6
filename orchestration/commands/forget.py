"""`forget`: a person asks not to be known any more."""

from __future__ import annotations

from typing import Any

import click

from orchestration.commands.audit import Unanswered
from orchestration.paths import Home

NOT_YET = """From the next `downbeat run` on nobody is recognised by them, also when old files come again.
Not done by this command:
- the files in raw/, landing/ and quarantine/ still hold what came, and so do releases made before;
- past decisions, contacts and receipts still name the contact point they went to;
- the tools keep what they have: the next run takes the person off our lists, but deletes no profile there."""


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(who: str, yes: bool) -> None:
    """Forget WHO: a customer id or any identifier. All identifiers of that customer are left out from now on."""
    from orchestration.moment import now_utc
    from orchestration.recognition.erasure import NoSecret
    from orchestration.recognition.erasure import forget as put_on_ledger
    from orchestration.why.people import NobodyKnown

    if not yes:
        click.confirm("This cannot be taken back from here. Go on?", abort=True)
    try:
        forgotten = put_on_ledger(Home.from_environment(), who, now_utc())
    except NobodyKnown as problem:
        raise Unanswered(str(problem)) from None
    except NoSecret as problem:
        raise click.ClickException(str(problem)) from None
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(forgotten.identifiers.items()))
    click.echo(f"{forgotten.customer_id}: {kinds} are to be forgotten.\n{NOT_YET}")


COMMANDS: tuple[Any, ...] = (forget,)
