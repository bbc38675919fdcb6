"""`why`, `why-same`, `report`: questions about what happened. They read releases, never the warehouse."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click
from rich.console import Console

from orchestration.paths import Home


@click.command()
@click.argument("who")
@click.option("--message", help="Only this message, by its id in seeds/messages.csv.")
@click.option("--on", "day", help="The day to ask about; default: the last seven.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--show-identifiers", is_flag=True, help="Show e-mails, phones and cards in full.")
def why(who: str, message: str | None, day: str | None, as_json: bool, show_identifiers: bool) -> None:
    """Everything about one person: WHO is a customer id or any e-mail, phone, card or cookie."""
    from orchestration.moment import as_utc
    from orchestration.why.explain import explain
    from orchestration.why.page import show
    from orchestration.why.people import NobodyKnown

    on: date | None = as_utc(day).date() if day else None
    try:
        answer = explain(Home.from_environment(), who, message, on, show_identifiers=show_identifiers)
    except NobodyKnown as problem:
        raise Unanswered(str(problem)) from None
    if as_json:
        click.echo(json.dumps(answer.to_dict(), default=str, ensure_ascii=False))
    else:
        show(answer, Console())


@click.command("why-same")
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True)
@click.option("--show-identifiers", is_flag=True, help="Show e-mails, phones and cards in full.")
def why_same(first: str, second: str, as_json: bool, show_identifiers: bool) -> None:
    """Are FIRST and SECOND one customer, and why? Any identifier, customer id, or record (shop.orders:W100001)."""
    from orchestration.why.people import NobodyKnown
    from orchestration.why.same import same
    from orchestration.why.same_page import show_same

    try:
        answer = same(Home.from_environment(), first, second, show_identifiers)
    except NobodyKnown as problem:
        raise Unanswered(str(problem)) from None
    if as_json:
        click.echo(json.dumps(answer.to_dict(), default=str, ensure_ascii=False))
    else:
        show_same(answer, Console())


class Unanswered(click.ClickException):
    """A question without an answer: exit code 2."""

    exit_code = 2


@click.command()
def report() -> None:
    """Write the page of numbers of the current release and say where it is."""
    from orchestration.release import current_release
    from orchestration.report import write_report

    home = Home.from_environment()
    release = current_release(home)
    if release is None:
        raise Unanswered("nothing has been published yet: run `downbeat run`")
    click.echo(write_report(home, release))


COMMANDS: tuple[Any, ...] = (why, why_same, report)
