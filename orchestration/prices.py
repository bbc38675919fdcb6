"""Prices of places under caps and budgets that everybody shares: solved on a release's sample, read by the next run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from estimators.budget_prices import Candidates, solve
from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from orchestration.shelf import Release

ROOMS = {
    "global": "'*'",
    "channel": "channel",
    "category": "category",
    "campaign": "campaign",
    "group": "nullif(exclusion_group, '')",
    "message": "message_id",
    "product": "product_id",
    "product_category": "product_category",
}
"""The scopes of a customer's own caps; where a candidate has no value it takes a place in a room of its own."""

SAMPLE = """
create temp table sample as
select row_number() over (order by customer_id, message_id) - 1 as place, *
from read_parquet('{fct_price_candidates}')"""
PLACES = """
create temp table pools as
select dense_rank() over (order by policy_id, scope_key) - 1 as pool, *
from read_parquet('{fct_price_places}')"""
ROOM_KEYS = """
select place, dense_rank() over (order by key) - 1 as room_number, room
from (select place, struct_pack(customer_id, value := coalesce({value}, 'own ' || place)) as key, {scope}_room as room
    from sample) order by place"""


@dataclass(frozen=True)
class Price:
    """What one more contact, or unit of money, under a cap or budget is worth; 0 where there is enough."""

    policy_id: int
    price: float


def solve_prices(home: Home, release: Release) -> list[Price]:
    """Solve on the release's sample and commit as downbeat.prices, once per release. Nothing to share: no rows."""
    found = prices_of(release)
    if found:
        rows = [{"policy_id": one.policy_id, "price": one.price, "solved_at": release.as_of} for one in found]
        commit_own(
            home, "downbeat.prices", pa.Table.from_pylist(rows), f"prices-{release.release_id}", release.as_of
        )
    return found


def prices_of(release: Release) -> list[Price]:
    """One price per policy that any message takes part of. Of several pools of one policy the lowest price counts."""
    with duckdb.connect() as connection:
        for query in (SAMPLE, PLACES):
            connection.execute(
                query.format(**{name: release.table(name) for name in release.manifest["tables"]})
            )
        pools = _pools(connection)
        if not pools or not _is_full(connection, release):
            return []
        candidates, room = _candidates(connection, len(pools))
        solved = solve(candidates, room, np.array([left for _, left in pools]))
    lowest: dict[int, float] = {}
    for (policy, _), price in zip(pools, solved, strict=True):
        lowest[policy] = min(float(price), lowest.get(policy, float("inf")))
    return [Price(policy, price) for policy, price in sorted(lowest.items())]


def _pools(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, float]]:
    """Policy and what was left, by pool."""
    rows = connection.execute(
        "select policy_id, max(left_over) from pools group by pool, policy_id order by pool"
    )
    return [(int(policy), float(over)) for policy, over in rows.fetchall()]


def _is_full(connection: duckdb.DuckDBPyConnection, release: Release) -> bool:
    """Whether the run decided for everybody: a micro-run knows too few candidates."""
    rows = connection.execute(
        "select kind from read_parquet(?) where run_id = ?",
        [release.table("fct_decision_runs"), release.manifest["run_id"]],
    ).fetchall()
    return rows == [("full",)]


def _candidates(connection: duckdb.DuckDBPyConnection, pools: int) -> tuple[Candidates, NDArray[np.int64]]:
    """The sample as arrays, and the places of each room."""
    customers = "select dense_rank() over (order by customer_id) - 1 as found from sample order by place"
    worth = "select worth / 1e6 as found from sample order by place"
    numbers: list[NDArray[np.int64]] = []
    places: list[NDArray[np.int64]] = []
    for scope, value in ROOMS.items():
        keyed = ROOM_KEYS.format(scope=scope, value=value)
        room_numbers = _column(connection, keyed, "room_number").astype(np.int64)
        of_scope = np.zeros(int(room_numbers.max(initial=-1)) + 1, dtype=np.int64)
        of_scope[room_numbers] = _column(connection, keyed, "room").astype(np.int64)
        numbers.append(room_numbers + sum(len(one) for one in places))
        places.append(of_scope)
    candidates = Candidates(
        _column(connection, customers, "found").astype(np.int64),
        _column(connection, worth, "found"),
        np.stack(numbers, axis=1),
        _cost(connection, len(numbers[0]), pools),
    )
    return candidates, np.concatenate(places)


def _column(connection: duckdb.DuckDBPyConnection, query: str, name: str) -> NDArray[np.float64]:
    return np.asarray(connection.execute(query).fetchnumpy()[name], dtype=np.float64)


def _cost(connection: duckdb.DuckDBPyConnection, rows: int, pools: int) -> NDArray[np.float64]:
    cost = np.zeros((rows, pools))
    taken: Sequence[Any] = connection.execute(
        "select s.place, p.pool, p.takes from sample as s join pools as p on p.message_id = s.message_id"
    ).fetchall()
    for place, pool, takes in taken:
        cost[place, pool] = takes
    return cost
