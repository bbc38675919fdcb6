"""Are these two one customer, and on which evidence? Answered from the published release alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import duckdb

from orchestration.paths import Home
from orchestration.shelf import Release, current_release
from orchestration.why.apart import Refused, apart
from orchestration.why.ends import End, end
from orchestration.why.people import NobodyKnown
from orchestration.why.walk import Edge, shortest
from orchestration.why.words import hidden

TABLES = (
    "dim_customers",
    "dim_customer_identifiers",
    "customers_by_identifier",
    "fct_identity_links",
    "fct_customer_links",
    "fct_identity_changes",
    "fct_match_pairs",
    "fct_record_identifiers",
)


@dataclass(frozen=True)
class Sameness:
    """The answer: whether the two are one customer; the shortest path if so, what was refused if not."""

    first: str
    second: str
    first_customer_ids: tuple[str, ...]
    second_customer_ids: tuple[str, ...]
    is_same: bool
    path: tuple[Edge, ...]
    refused: tuple[Refused, ...]
    silent: Mapping[str, str]
    release_id: str
    as_of: datetime

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)


def same(home: Home, first: str, second: str, show_identifiers: bool = False) -> Sameness:
    """Whether `first` and `second` are one customer, and why.

    Each is an identifier in any spelling (or with its kind, email:…), a customer id, or a record (stream:record).
    Raises NobodyKnown where one of them cannot be found, or nothing was published yet.
    """
    release = current_release(home)
    if release is None:
        raise NobodyKnown("nothing is published yet: `downbeat run` makes the first release")
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"create view {table} as from read_parquet('{release.table(table)}')")
        one, other = end(connection, first, show_identifiers), end(connection, second, show_identifiers)
        answer = _answer(connection, one, other, release)
    return answer if show_identifiers else masked(answer)


def _answer(connection: duckdb.DuckDBPyConnection, one: End, other: End, release: Release) -> Sameness:
    shared = sorted(set(one.customer_ids) & set(other.customer_ids))
    path = None
    for customer_id in shared:
        path = shortest(
            connection, customer_id, [each.node for each in one.known], [each.node for each in other.known]
        )
    return Sameness(
        first=one.asked,
        second=other.asked,
        first_customer_ids=one.customer_ids,
        second_customer_ids=other.customer_ids,
        is_same=bool(shared),
        path=path or (),
        refused=() if shared else apart(connection, one, other),
        silent={
            each.node: str(each.refusal_reason or "")
            for each in (*one.known, *other.known)
            if not each.customer_id
        },
        release_id=release.release_id,
        as_of=release.as_of,
    )


def masked(answer: Sameness) -> Sameness:
    """The same answer with enough of every identifier to recognise it by."""
    return replace(
        answer,
        path=tuple(_masked(edge) for edge in answer.path),
        refused=tuple(replace(each, edge=_masked(each.edge)) for each in answer.refused),
        silent={_hidden_node(node): reason for node, reason in answer.silent.items()},
    )


def _masked(edge: Edge) -> Edge:
    return replace(edge, left=hidden(edge.left, edge.left_type), right=hidden(edge.right, edge.right_type))


def _hidden_node(node: str) -> str:
    kind, _, value = node.partition(" ")
    return f"{kind} {hidden(value, kind)}"
