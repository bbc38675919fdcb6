"""Forgetting a person's identifiers: salted digests on a ledger of our own, which identity reads before all else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from orchestration.shelf import current_release
from orchestration.why.people import NobodyKnown, find, question

STREAM = "downbeat.erasures"
SECRET = "DOWNBEAT_ERASURE_SECRET"


class NoSecret(Exception):
    """The project has no secret to salt digests with. The message says how to set one; nothing was written."""


@dataclass(frozen=True)
class Forgotten:
    """Who is to be forgotten, how many identifiers of each kind, and the load that says so."""

    customer_id: str
    identifiers: dict[str, int]
    load_id: str


def pepper(secret: str | None = None) -> str:
    """What digests are salted with, derived from the project's secret; empty without one."""
    given = os.environ.get(SECRET, "") if secret is None else secret
    return hashlib.sha256(f"downbeat erasures {given}".encode()).hexdigest() if given else ""


def digest(kind: str, identifier: str, salt: str) -> str:
    """The digest of one identifier, as macro erasure_digest makes it."""
    return hashlib.sha256(f"{salt}:{kind}:{identifier}".encode()).hexdigest()


def forget(home: Home, who: str, moment: datetime) -> Forgotten:
    """Put every identifier of the customer meant on the ledger of erasures; the next run leaves them out.

    `who` is a customer id or any identifier. Raises NobodyKnown where no one person answers to it, NoSecret where
    the project has none.
    """
    must_have_secret()
    customer_id, known = _identifiers(home, who)
    load_id = digests_onto_ledger(home, known, "", moment)
    counted = {kind: sum(kind == each for each, _ in known) for kind, _ in known}
    return Forgotten(customer_id, counted, load_id)


def must_have_secret() -> str:
    """The salt of all digests. Raises NoSecret."""
    if salt := pepper():
        return salt
    raise NoSecret(f"set {SECRET} to a long random text first, and keep it: without it nobody stays erased")


def digests_onto_ledger(home: Home, known: Sequence[tuple[str, str]], name: str, moment: datetime) -> str:
    """Commit the digests of these identifiers as one load, once. Returns the load's id."""
    salt = must_have_secret()
    digests = [digest(kind, identifier, salt) for kind, identifier in known]
    check = hashlib.sha256(f"{salt}:check".encode()).hexdigest()[:8]
    rows = pa.table(
        {
            "identifier_digest": digests,
            "pepper_check": [check] * len(digests),
            "erased_at": pa.array([moment] * len(digests), pa.timestamp("us")),
        }
    )
    name = name or hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:12]
    return commit_own(home, STREAM, rows, f"forget-{name}", moment).load_id


def _identifiers(home: Home, who: str) -> tuple[str, Sequence[tuple[str, str]]]:
    release = current_release(home)
    if release is None:
        raise NobodyKnown("nothing is published yet: `downbeat run` makes the first release")
    with duckdb.connect() as connection:
        for table in (
            "dim_customers",
            "dim_customer_identifiers",
            "customers_by_identifier",
            "fct_identity_changes",
        ):
            connection.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
        customer_id = find(connection, question(who))
        known = connection.execute(
            "select identifier_type, identifier from dim_customer_identifiers where customer_id = ? order by all",
            [customer_id],
        ).fetchall()
    return customer_id, known
