"""Answers of `why-same` held against the warehouse's own links: in plain Python, breadth first, from scratch."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import duckdb

from orchestration.why.same import Sameness

Node = tuple[str, str]
LINKS = """
with named as (select identifier_type, identifier, customer_id from dim_customer_identifiers),
asked as (select distinct customer_id from named where identifier_type || ':' || identifier in (select unnest($asked)))
select left_type, left_identifier, right_type, right_identifier, evidence_count from fct_identity_links
join named on named.identifier_type = left_type and named.identifier = left_identifier
where is_accepted and named.customer_id in (select customer_id from asked)
"""


def node(identifier: str) -> Node:
    """Of an identifier as it is asked for, kind:value."""
    kind, _, value = identifier.partition(":")
    return kind, value


class Judge:
    """Every accepted link of the customers that are asked about."""

    def __init__(self, warehouse: Path, pairs: Sequence[tuple[str, str]]) -> None:
        self.counted: dict[frozenset[Node], int] = {}
        self.beside: dict[Node, set[Node]] = defaultdict(set)
        with duckdb.connect(str(warehouse), read_only=True) as base:
            base.execute("set memory_limit = '2GB'")
            rows = base.execute(LINKS, {"asked": sorted({one for pair in pairs for one in pair})}).fetchall()
        for left_type, left, right_type, right, count in rows:
            one, other = (left_type, left), (right_type, right)
            self.counted[frozenset((one, other))] = count
            self.beside[one].add(other)
            self.beside[other].add(one)

    def distance(self, start: Node, target: Node) -> int | None:
        """Links on the shortest way."""
        far, queue = {start: 0}, deque([start])
        while queue and target not in far:
            here = queue.popleft()
            for other in self.beside[here] - far.keys():
                far[other] = far[here] + 1
                queue.append(other)
        return far.get(target)

    def is_right(self, pair: tuple[str, str], answer: Sameness) -> bool:
        """Whether the answer's path leads from one to the other, over links that count, and none is shorter."""
        start, target = map(node, pair)
        walked = [((edge.left_type, edge.left), (edge.right_type, edge.right)) for edge in answer.path]
        way = [start, *(step[1] for step in walked)]
        return (
            answer.is_same
            and len(walked) == self.distance(start, target)
            and way[-1] == target
            and all(step == ends for step, ends in zip(walked, pairwise(way), strict=True))
            and all(
                self.counted.get(frozenset(step)) == edge.evidence_count
                for step, edge in zip(walked, answer.path, strict=True)
            )
        )
