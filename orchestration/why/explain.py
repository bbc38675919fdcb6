"""The question put to a release and to the receipts, through DuckDB in memory. Nothing here can write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from orchestration.paths import Home
from orchestration.receipts import declare_receipts
from orchestration.shelf import Release, current_release
from orchestration.why import evidence, messages
from orchestration.why.answer import Explanation
from orchestration.why.asked import Asked
from orchestration.why.people import NobodyKnown, find, question
from orchestration.why.programmes import programmes
from orchestration.why.words import hidden

LOOKED_BACK = timedelta(days=6)
TABLES = (
    "dim_customers",
    "dim_customer_identifiers",
    "customers_by_identifier",
    "fct_customer_links",
    "fct_identity_changes",
    "dim_customer_consents",
    "fct_audience_members",
    "fct_programme_states",
    "fct_contacts",
    "fct_decisions",
    "fct_promoted_after_purchase",
    "dim_reasons",
    "messages",
    "sync_members",
    "syncs",
)


def explain(
    home: Home,
    who: str,
    message: str | None = None,
    on: date | None = None,
    show_identifiers: bool = False,
) -> Explanation:
    """Who `who` is, what was considered for them on a day (default: the last seven), and what came of it.

    `who` is a customer id or any identifier in any spelling, optionally with its kind (email:…). `message` is a
    message id. Raises NobodyKnown where no one person answers to it, or nothing was published yet.
    """
    release = current_release(home)
    if release is None:
        raise NobodyKnown("nothing is published yet: `downbeat run` makes the first release")
    last = on or release.as_of.date()
    window = (on or last - LOOKED_BACK, last)
    with duckdb.connect() as connection:
        _declare(connection, home, release, window)
        customer_id = find(connection, question(who))
        ids = (customer_id, *evidence.former_ids(connection, customer_id))
        asked = Asked(connection, ids, message or "", window, show_identifiers)
        return _answer(asked, who if show_identifiers or who == customer_id else hidden(who), release)


def _answer(asked: Asked, who: str, release: Release) -> Explanation:
    known = evidence.identifiers(asked)
    return Explanation(
        asked=who,
        customer_id=asked.customer_id,
        release_id=release.release_id,
        as_of=release.as_of,
        window=asked.window,
        profile=evidence.profile(asked),
        former_ids=asked.customer_ids[1:],
        identifiers=evidence.shown(asked, known),
        links=evidence.links(asked),
        consents=evidence.consents(asked),
        standing=evidence.standing(asked, release.as_of),
        programmes=programmes(asked, asked.window[1] + timedelta(days=1)),
        considered=messages.considered(asked),
        contacts=messages.contacts(asked),
        memberships=messages.memberships(asked),
    )


def _declare(
    connection: duckdb.DuckDBPyConnection, home: Home, release: Release, window: tuple[date, date]
) -> None:
    """Views over the release; of the ledger only the days asked about are opened, and no file's end is read twice."""
    connection.execute("set parquet_metadata_cache = true")
    for table in TABLES:
        connection.execute(f"create view {table} as from {_files([release.table(table)])}")
    days = ledger_days(release, window)
    connection.execute(f"create view fct_ledger as from {_files(days or [release.table('fct_ledger')])}")
    declare_receipts(connection, home)


def ledger_days(release: Release, window: tuple[date, date]) -> list[str]:
    """The ledger's files of the days in the window."""
    first, last = window[0].isoformat(), window[1].isoformat()
    paths = [path for path in release.parts() if path.startswith("fct_ledger/")]
    return [str(release.folder / path) for path in paths if first <= path.split("/")[1] <= last]


def _files(paths: Sequence[str]) -> str:
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}])"
