"""Why two are not one customer: the links that were refused between them, with something both use, or near them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.why.ends import End
from orchestration.why.walk import LINK, Edge

MOST_SHOWN = 5
SIDE = f"""
select left_type, left_identifier, right_type, right_identifier, {LINK} from fct_customer_links
where not is_accepted and customer_id = $customer_id
"""
NAMELESS = f"""
select left_type, left_identifier, right_type, right_identifier, {LINK} from fct_identity_links
where (left_type = $kind and left_identifier = $value) or (right_type = $kind and right_identifier = $value)
"""
ALIKE = """
select left_type, left_identifier, right_type, right_identifier, 'match', reason, 0, '', null, null
from fct_match_pairs
where decision <> 'auto' and list_contains($ones, left_customer_id) and list_contains($others, right_customer_id)
    or decision <> 'auto' and list_contains($others, left_customer_id) and list_contains($ones, right_customer_id)
order by weight desc, 2, 4
"""
FAR_ENDS = """
select identifier_type || ' ' || identifier from dim_customer_identifiers where customer_id = $customer_id
"""


@dataclass(frozen=True)
class Refused:
    """A link that does not join, and where it stands: between the two, with a third that both use, or near one.

    Or no link at all: records that are alike.
    """

    where: str
    edge: Edge


def apart(connection: duckdb.DuckDBPyConnection, first: End, second: End) -> tuple[Refused, ...]:
    """What was seen between two ends that are not one customer; what is nearest to each where nothing was."""
    one, other = _refused(connection, first), _refused(connection, second)
    here, there = _nodes(connection, first), _nodes(connection, second)
    between = [edge for edge in _once([*one, *other]) if _joins(edge, here, there)]
    beyond_one, beyond_other = _beyond(one, here), _beyond(other, there)
    third = beyond_one.keys() & beyond_other.keys()
    with_both = [edge for node in sorted(third) for edge in (beyond_one[node][0], beyond_other[node][0])]
    similar = [Refused("alike", edge) for edge in _alike(connection, first, second)[:MOST_SHOWN]]
    if between or third or similar:
        return (
            *(Refused("between them", edge) for edge in between[:MOST_SHOWN]),
            *(Refused("with both", edge) for edge in with_both[: 2 * MOST_SHOWN]),
            *similar,
        )
    return (
        *(Refused("near the first", edge) for edge in one[:MOST_SHOWN]),
        *(Refused("near the second", edge) for edge in other[:MOST_SHOWN]),
    )


def _refused(connection: duckdb.DuckDBPyConnection, end: End) -> list[Edge]:
    """The refused links of a customer, or every link of an identifier that speaks for nobody; most evidence first."""
    order = "order by evidence_count desc, 1, 2, 3, 4"
    found: list[Edge] = []
    for customer_id in end.customer_ids:
        rows = connection.execute(f"{SIDE} {order}", {"customer_id": customer_id}).fetchall()
        found += [Edge(*row) for row in rows]
    for each in end.known:
        if not each.customer_id:
            given = {"kind": each.identifier_type, "value": each.identifier}
            found += [Edge(*row) for row in connection.execute(f"{NAMELESS} {order}", given).fetchall()]
    return _once(found)


def _alike(connection: duckdb.DuckDBPyConnection, first: End, second: End) -> list[Edge]:
    """Records of the two that were compared and did not join, the most alike first."""
    given = {"ones": list(first.customer_ids), "others": list(second.customer_ids)}
    return [Edge(*row) for row in connection.execute(ALIKE, given).fetchall()]


def _nodes(connection: duckdb.DuckDBPyConnection, end: End) -> set[str]:
    """Everything that belongs to an end: all identifiers of its customer, or itself."""
    nodes = {each.node for each in end.known}
    for customer_id in end.customer_ids:
        rows = connection.execute(FAR_ENDS, {"customer_id": customer_id}).fetchall()
        nodes |= {str(node) for (node,) in rows}
    return nodes


def _once(edges: Sequence[Edge]) -> list[Edge]:
    return sorted(dict.fromkeys(edges), key=lambda edge: -edge.evidence_count)


def _joins(edge: Edge, here: set[str], there: set[str]) -> bool:
    left, right = edge.ends
    return (left in here and right in there) or (left in there and right in here)


def _beyond(edges: Sequence[Edge], nodes: set[str]) -> dict[str, list[Edge]]:
    """By identifier outside the end: the links that lead to it."""
    beyond: dict[str, list[Edge]] = {}
    for edge in edges:
        for node, opposite in (edge.ends, edge.ends[::-1]):
            if node in nodes and opposite not in nodes:
                beyond.setdefault(opposite, []).append(edge)
    return beyond
