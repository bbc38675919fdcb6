"""Customers with touches and orders drawn by lot, and what their journeys are by plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

CHAIN = ("int_journey_customers", "int_journeys", "fct_journeys", "fct_journey_credits")
AS_OF = "2026-06-30 06:00:00"
DAYS = 30
CHANNELS = 12
RULES = ("first", "last", "linear", "position", "time_decay", "shapley_channel")


@dataclass(frozen=True)
class Moment:
    """A touch (step >= 0) or an order (step -1) at a second of the half year; load: the day it came in."""

    customer: int
    second: int
    name: str
    step: int
    amount: int = 0
    load: int = 1


def moments(seed: int, customers: int = 300) -> list[Moment]:
    """Customers with touches and orders, many of them in the same second."""
    draw = np.random.default_rng(seed)
    found = []
    for customer in range(customers):
        for number in range(int(draw.integers(0, 15))):
            # few distinct hours, so that ties are the rule
            second = int(draw.integers(0, 180 * 4)) * 21600
            if draw.random() < 0.25:
                found.append(Moment(customer, second, f"o{customer}-{number}", -1, int(draw.integers(1, 90))))
            else:
                found.append(
                    Moment(customer, second, f"t{customer}-{number}", int(draw.integers(0, CHANNELS)))
                )
    return found


def step_number(channel: int) -> int:
    return channel << 44


def load(connection: duckdb.DuckDBPyConnection, rows: Sequence[Moment], shuffle: int = 0) -> None:
    """The moments as the table the models read, in any order."""
    order = np.random.default_rng(shuffle).permutation(len(rows)) if shuffle else range(len(rows))
    connection.execute(
        "create or replace table int_journey_moments (customer_number bigint, occurred_at timestamp, is_order bigint,"
        " moment_id varchar, step_number bigint, revenue_amount decimal(18, 2), loaded_at timestamp)"
    )
    shown = [rows[place] for place in order]
    given = pa.table(
        {
            "customer_number": [m.customer for m in shown],
            "seconds": [m.second for m in shown],
            "is_order": [int(m.step < 0) for m in shown],
            "moment_id": [m.name for m in shown],
            "step_number": [None if m.step < 0 else step_number(m.step) for m in shown],
            "amount": [m.amount if m.step < 0 else None for m in shown],
            "load": [m.load for m in shown],
        }
    )
    connection.register("given", given)
    connection.execute(
        "insert into int_journey_moments select customer_number, timestamp '2026-01-01' + to_seconds(seconds),"
        " is_order, moment_id, step_number, amount, timestamp '2026-07-01' + to_days(load::int) from given"
    )


def counted(rows: Sequence[Moment]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The same in plain Python: each order with its touches, in order; orders without any are left out."""
    by_customer = defaultdict(list)
    for moment in rows:
        by_customer[moment.customer].append(moment)
    for mine in by_customer.values():
        mine.sort(key=lambda m: (m.second, m.step < 0, m.name))
        waiting: list[Moment] = []
        for moment in mine:
            if moment.step >= 0:
                waiting.append(moment)
                continue
            led = tuple(m.name for m in waiting if moment.second - m.second <= DAYS * 86400)
            waiting = []
            if led:
                yield moment.name, led


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    """All rows in an order of their own."""
    return connection.execute(f"select * from {table} order by all").fetchall()
