"""Whom an erasure concerns: every id the customer has had, every identifier, and the records they were read from."""

from __future__ import annotations

import hashlib
from datetime import datetime

import duckdb

from orchestration.erasure.case import Case
from orchestration.paths import Home
from orchestration.recognition.erasure import digest, must_have_secret
from orchestration.shelf import current_release
from orchestration.why.people import NobodyKnown, find, question

TABLES = ("dim_customers", "dim_customer_identifiers", "customers_by_identifier", "fct_identity_changes",
          "dim_customer_redirects", "fct_record_identifiers", "fct_identifier_assignments")  # fmt: skip


def case_for(home: Home, who: str, moment: datetime) -> Case:
    """A new case. Raises NobodyKnown where no one person answers to `who`."""
    release = current_release(home)
    if release is None:
        raise NobodyKnown("nothing is published yet: `downbeat run` makes the first release")
    with duckdb.connect() as engine:
        for table in TABLES:
            engine.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
        customer = find(engine, question(who))
        known = _rows(engine, "identifier_type, identifier from dim_customer_identifiers", customer)
        identifiers = [(str(kind), str(value)) for kind, value in known]
        keys = [
            str(key) for (key,) in _rows(engine, "identifier_key from fct_identifier_assignments", customer)
        ]
        former = [str(old) for (old,) in engine.execute(FORMER, [customer]).fetchall()]
        records = _records(engine, identifiers)
    digests = sorted(digest(kind, value, must_have_secret()) for kind, value in identifiers)
    case_id = hashlib.sha256("".join(digests).encode()).hexdigest()[:12]
    return Case(case_id, moment.isoformat(sep=" "), [customer, *former], identifiers, keys, records)


FORMER = "select distinct retired_customer_id from dim_customer_redirects where customer_id = ? order by 1"


def _rows(engine: duckdb.DuckDBPyConnection, what: str, customer: str) -> list[tuple[object, ...]]:
    return engine.execute(f"select distinct {what} where customer_id = ? order by all", [customer]).fetchall()


def _records(engine: duckdb.DuckDBPyConnection, identifiers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(stream, record id) of everything that carried one of the identifiers."""
    columns = {str(row[0]) for row in engine.execute("describe fct_record_identifiers").fetchall()}
    found: set[tuple[str, str]] = set()
    for kind, value in identifiers:
        if kind in columns:
            sql = f"select distinct source, record_id from fct_record_identifiers where {kind} = ?"
            found |= {
                (str(source), str(record)) for source, record in engine.execute(sql, [value]).fetchall()
            }
    return sorted(found)
