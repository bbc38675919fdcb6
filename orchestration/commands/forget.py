"""`forget`: a person asks not to be known any more."""

from __future__ import annotations

from typing import Any

import click

from orchestration.commands.audit import Unanswered
from orchestration.paths import Home


@click.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(who: str, yes: bool) -> None:
    """Erase WHO everywhere: a customer id or any identifier. All identifiers of that customer are erased."""
    from orchestration.connections import holders
    from orchestration.erasure.forget import forget as erase
    from orchestration.lease import SomebodyElseHoldsIt
    from orchestration.moment import now_utc
    from orchestration.recognition.erasure import NoSecret
    from orchestration.why.people import NobodyKnown

    if not yes:
        click.confirm("This cannot be taken back. Go on?", abort=True)
    home = Home.from_environment()
    try:
        erased = erase(home, who, now_utc(), holders(home))
    except NobodyKnown as problem:
        raise Unanswered(str(problem)) from None
    except (NoSecret, SomebodyElseHoldsIt) as problem:
        raise click.ClickException(str(problem)) from None
    for place, rows in erased.rows.items():
        click.echo(f"{place}: {rows:,} erased")
    for tool, asked in erased.asked.items():
        click.echo(f"{tool} was asked {asked}")
    if erased.receipt is None:
        waits = "; ".join(f"{place}: {why}" for place, why in erased.left.items())
        raise click.ClickException(f"not finished: {waits}. Mend that and say `downbeat forget` again")
    click.echo(f"the receipt, which names nobody: {erased.receipt}\n`downbeat run` builds the warehouse anew")


COMMANDS: tuple[Any, ...] = (forget,)
