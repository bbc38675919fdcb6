"""Habits: when people react, and on which channel they answer, as shares drawn towards everybody's, contested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np

from estimators.contest import contest
from estimators.logistic import Numbers, log_losses
from orchestration.scoring.outcomes import Table, read_outcomes, split
from orchestration.scoring.records import Verdict, measures_of

PRIOR_COUNTS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""How many outcomes of everybody's a person's own may be mixed with."""


@dataclass(frozen=True)
class Habit:
    """A habit by name: the table of its outcomes, and by name what its baselines predict of them with a prior."""

    name: str
    outcomes: str
    rivals: dict[str, Callable[[Table, float], Numbers]]


def contest_habit(
    connection: duckdb.DuckDBPyConnection,
    habit: Habit,
    relation: str,
    as_of: datetime,
    tested_from: datetime | None,
) -> Verdict:
    """Every competitor takes the prior that did best before; they meet on the last outcomes."""
    version = f"{habit.name}-{as_of:%Y%m%d}"
    train, test = split(read_outcomes(connection, relation))
    for part, words in ((train, "to learn from"), (test, "to test on")):
        if not 0 < part.successes.sum() < part.trials.sum():
            reason = f"too little history {words}: {int(part.trials.sum())} outcomes, all the same"
            return Verdict(version, habit.name, False, reason, as_of)
    prior = best_prior(train, own_share)
    rivals = {name: rival(test, best_prior(train, rival)) for name, rival in habit.rivals.items()}
    found = contest(test.outcomes(()), own_share(test, prior), rivals, test.people)
    return Verdict(
        version, habit.name, found.is_won, found.reason, as_of, tested_from,
        int(train.trials.sum()), int(test.trials.sum()),
        ({"feature": "prior_count", "coefficient": prior},), tuple(measures_of(found)),
    )  # fmt: skip


def best_prior(train: Table, predict: Callable[[Table, float], Numbers]) -> float:
    """The prior whose predictions of the earlier outcomes, each from what was known before it, cost least."""
    outcomes = train.outcomes(())
    losses = [log_losses(outcomes, predict(train, prior)).sum() for prior in PRIOR_COUNTS]
    return PRIOR_COUNTS[int(np.argmin(losses))]


def own_share(table: Table, prior: float) -> Numbers:
    """(n,) a person's own share so far, drawn towards everybody's."""
    own, of = table.amount("own_success_count"), table.amount("own_trial_count")
    return (own + prior * base_share(table)) / (of + prior)


def base_share(table: Table, _: float = 0) -> Numbers:
    """(n,) everybody's share so far."""
    return table.amount("base_success_count") / table.amount("base_trial_count")


def own_weekdays(table: Table, prior: float) -> Numbers:
    """(n,) a person's own share of workdays and weekends, and within them everybody's hours."""
    part = table.amount("base_part_count") / table.amount("base_trial_count")
    own = (table.amount("own_part_count") + prior * part) / (table.amount("own_trial_count") + prior)
    return own * base_share(table) / part


def own_on_any(table: Table, prior: float) -> Numbers:
    """(n,) the channel's rate times how much more a person answers on all channels than everybody would."""
    more = (table.amount("any_success_count") + prior) / (table.amount("any_expected_micro") / 1e6 + prior)
    return np.minimum(base_share(table) * more, 1.0)


def common_share(table: Table, _: float) -> Numbers:
    """(n,) everybody's rate on whatever channel, weighed by what was sent on each."""
    share = np.average(base_share(table), weights=table.trials)
    return np.full(len(table.trials), share)


HABITS = (
    Habit(
        "send_time",
        "int_outcomes__timed",
        {"everybody's hours": base_share, "their weekdays alone": own_weekdays},
    ),
    Habit(
        "channel_affinity",
        "int_outcomes__answered",
        {
            "the base rate": common_share,
            "the rate of each channel": base_share,
            "their rate on any channel": own_on_any,
        },
    ),
)
