"""The two ends of a question: any identifier, a customer id of today or of earlier, or a source record."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from orchestration.why.people import NobodyKnown, by_customer_id, nobody, question
from orchestration.why.words import hidden

RECORD = re.compile(r"(?P<source>[a-z_]+\.[a-z_]+):(?P<record>.+)")
OWNERS = "select identifier_type, identifier, customer_id, refusal_reason from customers_by_identifier"
CARRIED = """
with carried as (
    unpivot (
        select * exclude (source, record_id, first_seen_at, last_seen_at, loaded_at)
        from fct_record_identifiers where record_id = $record and source = $source
    ) on columns(*) into name identifier_type value identifier
)
select distinct identifier_type, identifier from carried order by all
"""
NAMING = """
select identifier_type, identifier, customer_id, refusal_reason from dim_customer_identifiers
where customer_id = $customer_id
order by cast('0x' || substr(md5(identifier_type || ':' || identifier), 1, 15) as bigint) = $key desc,
    cast('0x' || substr(md5(identifier_type || ':' || identifier), 1, 15) as bigint) = $own_key desc,
    identifier_type, identifier
limit 1
"""


@dataclass(frozen=True)
class Known:
    """One identifier, who it speaks for, and why for nobody where it does not."""

    identifier_type: str
    identifier: str
    customer_id: str | None
    refusal_reason: str | None

    @property
    def node(self) -> str:
        """As the walk over links names it."""
        return f"{self.identifier_type} {self.identifier}"


@dataclass(frozen=True)
class End:
    """What one side of the question means: one identifier, or all that a record carried."""

    asked: str
    known: tuple[Known, ...]

    @property
    def customer_ids(self) -> tuple[str, ...]:
        return tuple(sorted({each.customer_id for each in self.known if each.customer_id}))


def end(connection: duckdb.DuckDBPyConnection, who: str, show_identifiers: bool) -> End:
    """Finds what is meant. Raises NobodyKnown where nothing, or no one thing, answers to it."""
    text = who.strip()
    if match := RECORD.fullmatch(text):
        return End(text, _of_record(connection, match["source"], match["record"]))
    if re.fullmatch(r"c\d+", text) and (today := by_customer_id(connection, text)):
        return End(text, (_naming(connection, text, today),))
    return End(text if show_identifiers else hidden(text), _of_identifier(connection, text))


def _of_record(connection: duckdb.DuckDBPyConnection, source: str, record: str) -> tuple[Known, ...]:
    carried = connection.execute(CARRIED, {"source": source, "record": record}).fetchall()
    known = [_owner(connection, kind, value) for kind, value in carried]
    if not known:
        raise NobodyKnown(
            f"no record {record} of {source} with an identifier is known: name it as stream:record, as in"
            " shop.orders:W100001"
        )
    return tuple(known)


def _owner(connection: duckdb.DuckDBPyConnection, kind: str, value: str) -> Known:
    row = connection.execute(
        f"{OWNERS} where identifier = ? and identifier_type = ?", [value, kind]
    ).fetchone()
    return Known(*row) if row else Known(kind, value, None, "not recognised yet")


def _naming(connection: duckdb.DuckDBPyConnection, asked: str, today: str) -> Known:
    """The identifier that gave the customer the id asked for; of an id that is no more, today's."""
    given = {"customer_id": today, "key": int(asked[1:]), "own_key": int(today[1:])}
    row = connection.execute(NAMING, given).fetchone()
    if row is None:
        raise NobodyKnown(f"{today} has no identifier in this release")
    return Known(*row)


def _of_identifier(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[Known, ...]:
    asked = question(text)
    spelled = ", ".join("?" for _ in asked.spellings)
    rows = connection.execute(
        f"{OWNERS} where identifier in ({spelled}) and ? in ('', identifier_type) order by all",
        [*asked.spellings, asked.kind],
    ).fetchall()
    known = tuple(Known(*row) for row in rows)
    if not known or len({each.customer_id for each in known}) > 1:
        found = sorted({each.customer_id for each in known if each.customer_id})
        raise NobodyKnown(nobody(asked, found, sorted({each.identifier_type for each in known})))
    return known
