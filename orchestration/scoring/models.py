"""The models that are learned from counted outcomes, each with the baselines it has to beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimators.contest import Contest, contest
from estimators.logistic import Fit, Numbers, fit, log_losses
from orchestration.scoring.outcomes import Table

RECENCY_FREQUENCY = ("has_ordered", "order_count", "order_silent_days")
RIDGES = (1.0, 10.0, 30.0, 100.0, 300.0)
PRIOR_TRIALS = 50.0
"""How many messages at the common rate a message's own rate is mixed with."""

Rivals = Callable[[Table, Table, Mapping[str, float]], dict[str, Numbers]]


class TooLittle(Exception):
    """There is not enough past to learn from and test on. The message says what is missing."""


@dataclass(frozen=True)
class Model:
    """A model by name: the table of its outcomes, and what its baselines predict of the test."""

    name: str
    outcomes: str
    rivals: Rivals


@dataclass(frozen=True)
class Learned:
    """A fitted model: the features its coefficients belong to, and how it did."""

    features: tuple[str, ...]
    fit: Fit
    contest: Contest
    train_count: int
    test_count: int


def learn(model: Model, train: Table, test: Table, base_rates: Mapping[str, float]) -> Learned:
    """Fit on what came before, contest on what came after. base_rates: by message, what people believed."""
    for part, words in ((train, "to learn from"), (test, "to test on")):
        if not 0 < part.successes.sum() < part.trials.sum():
            raise TooLittle(f"too little history {words}: {int(part.trials.sum())} outcomes, all the same")
    messages = known_messages(train)
    found = fit(train.outcomes(train.names, messages), best_ridge(train, messages))
    ours = found.predict(test.outcomes(train.names, messages).features)
    outcome = contest(test.outcomes(()), ours, model.rivals(train, test, base_rates), test.people)
    features = (*train.names, *(f"message:{message}" for message in messages))
    return Learned(features, found, outcome, int(train.trials.sum()), int(test.trials.sum()))


def best_ridge(train: Table, messages: Sequence[str]) -> float:
    """The ridge that does best on the last part of what is learned from, having seen only the parts before it."""
    last = train.cutoffs == train.cutoffs.min()
    before, after = (train.rows(part).outcomes(train.names, messages) for part in (~last, last))
    if not 0 < before.successes.sum() < before.trials.sum():
        return RIDGES[1]
    losses = [log_losses(after, fit(before, ridge).predict(after.features)).sum() for ridge in RIDGES]
    return RIDGES[int(np.argmin(losses))]


def known_messages(table: Table) -> list[str]:
    """The messages of a table in order; none where its outcomes are about no message."""
    return sorted({str(message) for message in np.unique(table.messages)} - {""})


def purchase_rivals(train: Table, test: Table, _: Mapping[str, float]) -> dict[str, Numbers]:
    """The share of people who buy, and what recency and frequency alone can say."""
    share = train.successes.sum() / train.trials.sum()
    simple = fit(train.outcomes(RECENCY_FREQUENCY))
    return {
        "the base rate": np.full(len(test.trials), share),
        "recency and frequency": simple.predict(test.outcomes(RECENCY_FREQUENCY).features),
    }


def response_rivals(train: Table, test: Table, base_rates: Mapping[str, float]) -> dict[str, Numbers]:
    """The base rates of seeds/messages.csv, each message's own rate so far, and recency and frequency beside it."""
    common = float(train.successes.sum() / train.trials.sum())
    own = {message: _own_rate(train, message, common) for message in known_messages(train)}
    messages = known_messages(train)
    simple = fit(train.outcomes(RECENCY_FREQUENCY, messages))
    return {
        "the base rates of the seed": np.array([base_rates.get(str(m), common) for m in test.messages]),
        "the rate of each message": np.array([own.get(str(m), common) for m in test.messages]),
        "message, recency and frequency": simple.predict(test.outcomes(RECENCY_FREQUENCY, messages).features),
    }


def _own_rate(train: Table, message: str, common: float) -> float:
    rows = train.rows(train.messages == message)
    return float((rows.successes.sum() + PRIOR_TRIALS * common) / (rows.trials.sum() + PRIOR_TRIALS))


MODELS = (
    Model("purchase", "int_outcomes__bought", purchase_rivals),
    Model("response", "int_outcomes__responded", response_rivals),
)
