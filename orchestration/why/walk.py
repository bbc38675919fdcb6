"""The shortest way between two identifiers over the links that hold one customer together: breadth first.

The links of one customer are read in one piece and walked in memory: rounds of SQL cost a hundred times as much, and on
a chain of thousands seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

LINK = "rule, coalesce(refusal_reason, ''), evidence_count, sources, first_seen_at, last_seen_at"
HELD_TOGETHER = f"""
select left_type, left_identifier, right_type, right_identifier, {LINK} from fct_customer_links
where customer_id = $customer_id and is_accepted
order by evidence_count desc, left_type, left_identifier, right_type, right_identifier
"""


@dataclass(frozen=True)
class Edge:
    """Two identifiers seen together: how, how often, where, and when first and last. Identifiers in clear."""

    left_type: str
    left: str
    right_type: str
    right: str
    rule: str
    refusal_reason: str
    evidence_count: int
    sources: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None

    @property
    def ends(self) -> tuple[str, str]:
        """Both identifiers as nodes: "kind value"."""
        return f"{self.left_type} {self.left}", f"{self.right_type} {self.right}"

    def turned(self) -> Edge:
        """The same link read from right to left."""
        return replace(
            self, left_type=self.right_type, left=self.right, right_type=self.left_type, right=self.left
        )


def shortest(
    connection: duckdb.DuckDBPyConnection, customer_id: str, starts: Sequence[str], targets: Sequence[str]
) -> tuple[Edge, ...] | None:
    """The fewest links from any of `starts` to any of `targets`; of equals, the one most often seen at each step.

    Nodes are written "kind value". Empty where they meet already; None where no link leads from one to the other.
    """
    if set(starts) & set(targets):
        return ()
    links = [Edge(*row) for row in connection.execute(HELD_TOGETHER, {"customer_id": customer_id}).fetchall()]
    came_by = _walk(links, starts, targets)
    arrived = sorted(set(targets) & came_by.keys())
    return _back(links, came_by, arrived[0]) if arrived else None


def _walk(links: Sequence[Edge], starts: Sequence[str], targets: Sequence[str]) -> Mapping[str, int | None]:
    """By node reached, the place of the link by which it was reached first; none for a start."""
    beside: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, link in enumerate(links):
        one, other = link.ends
        beside[one].append((place, other))
        beside[other].append((place, one))
    came_by: dict[str, int | None] = dict.fromkeys(starts)
    front, wanted = list(starts), set(targets)
    while front and not came_by.keys() & wanted:
        reached: dict[str, int | None] = {}
        steps = sorted(step for node in front for step in beside[node] if step[1] not in came_by)
        for place, other in steps:
            reached.setdefault(other, place)
        came_by |= reached
        front = list(reached)
    return came_by


def _back(links: Sequence[Edge], came_by: Mapping[str, int | None], node: str) -> tuple[Edge, ...]:
    """The links from a start to `node`, each read in the direction of the walk."""
    path: list[Edge] = []
    while (place := came_by[node]) is not None:
        link = links[place]
        path.append(link if link.ends[1] == node else link.turned())
        node = path[-1].ends[0]
    return tuple(reversed(path))
