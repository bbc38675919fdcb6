"""Outcomes as the warehouse holds them, as arrays that estimators take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from estimators.logistic import Numbers, Outcomes

KEYS = ("cutoff_number", "customer_id", "message_id", "slot", "channel", "trial_count", "success_count")
TEST_CUTOFF = 1
"""The last moment whose outcome is known; models learn from the ones before it."""


@dataclass(frozen=True)
class Table:
    """n outcomes. names: of the k features. amounts: (n, k) whole numbers, at least 0. people, cutoffs: (n,)."""

    names: tuple[str, ...]
    amounts: Numbers
    trials: Numbers
    successes: Numbers
    cutoffs: NDArray[np.int64]
    people: NDArray[np.int64]
    messages: NDArray[np.str_]

    def amount(self, name: str) -> Numbers:
        """(n,) one feature."""
        return self.amounts[:, self.names.index(name)]

    def rows(self, wanted: NDArray[np.bool_]) -> Table:
        """Only those rows."""
        return replace(
            self,
            amounts=self.amounts[wanted],
            trials=self.trials[wanted],
            successes=self.successes[wanted],
            cutoffs=self.cutoffs[wanted],
            people=self.people[wanted],
            messages=self.messages[wanted],
        )

    def outcomes(self, features: Sequence[str], messages: Sequence[str] = ()) -> Outcomes:
        """Features as they enter, ln(1 + n), and after them one column per message, 1 where it is that message."""
        chosen = [self.names.index(name) for name in features]
        columns = [np.log1p(self.amounts[:, chosen])]
        columns += [(self.messages == message).astype(np.float64)[:, None] for message in messages]
        return Outcomes(np.hstack(columns), self.trials, self.successes)


def read_outcomes(connection: duckdb.DuckDBPyConnection, relation: str) -> Table:
    """A table of outcomes in an order of its own, so that sums come out the same every time."""
    names = [row[0] for row in connection.execute(f"describe select * from {relation}").fetchall()]
    message = next((name for name in ("message_id", "slot", "channel") if name in names), "''")
    columns = connection.execute(
        f"select * replace (cast(cutoff_number as bigint) as cutoff_number), {message} as about, "
        "dense_rank() over (order by customer_id) - 1 as person "
        f"from {relation} order by cutoff_number, customer_id, about"
    ).fetchnumpy()
    features = tuple(name for name in names if name not in KEYS)
    amounts = [np.asarray(columns[name], np.float64) for name in features]
    return Table(
        features,
        np.column_stack(amounts),
        np.asarray(columns["trial_count"], np.float64),
        np.asarray(columns["success_count"], np.float64),
        np.asarray(columns["cutoff_number"], np.int64),
        np.asarray(columns["person"], np.int64),
        np.asarray(columns["about"], np.str_),
    )


def split(table: Table) -> tuple[Table, Table]:
    """What to learn from, and what to test on, which is later."""
    return table.rows(table.cutoffs > TEST_CUTOFF), table.rows(table.cutoffs == TEST_CUTOFF)
