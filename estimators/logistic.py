"""Logistic regression on counted outcomes, fitted by Newton steps with a small ridge, and what it is judged by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MOST_STEPS, CLOSE_ENOUGH = 60, 1e-10
LEAST_SCALE = 1e-9


@dataclass(frozen=True)
class Outcomes:
    """n rows. features: (n, k) values as they enter. trials, successes: (n,) counts, successes at most trials."""

    features: Numbers
    trials: Numbers
    successes: Numbers


@dataclass(frozen=True)
class Fit:
    """A fitted model, its logit intercept + coefficients · (x - center) / scale; arrays of k, scale above 0."""

    intercept: float
    coefficients: Numbers
    center: Numbers
    scale: Numbers

    def predict(self, features: Numbers) -> Numbers:
        """(n,) probabilities for (n, k) values."""
        return sigmoid(self.intercept + ((features - self.center) / self.scale) @ self.coefficients)


def sigmoid(logit: Numbers) -> Numbers:
    """1 / (1 + e^-x), without overflow."""
    result: Numbers = 1.0 / (1.0 + np.exp(-np.clip(logit, -700, 700)))
    return result


def fit(outcomes: Outcomes, ridge: float = 1.0) -> Fit:
    """The coefficients that explain the outcomes best, each shrunk by ridge. ValueError without both outcomes."""
    total, successes = outcomes.trials.sum(), outcomes.successes.sum()
    if not 0 < successes < total:
        raise ValueError("nothing to learn from: all outcomes are the same")
    center = np.average(outcomes.features, axis=0, weights=outcomes.trials)
    spread = np.average((outcomes.features - center) ** 2, axis=0, weights=outcomes.trials)
    scale = np.where(spread > LEAST_SCALE, np.sqrt(spread), 1.0)
    design = np.column_stack([np.ones(len(outcomes.trials)), (outcomes.features - center) / scale])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    start = np.zeros(design.shape[1])
    start[0] = np.log(successes / (total - successes))
    weights = _climb(design, outcomes, penalty, start)
    return Fit(float(weights[0]), weights[1:], center, scale)


def _climb(design: Numbers, outcomes: Outcomes, penalty: Numbers, start: Numbers) -> Numbers:
    """Newton steps, each halved until it does not make things worse."""
    weights = start
    best = _loss(design, outcomes, penalty, weights)
    for _ in range(MOST_STEPS):
        share = sigmoid(design @ weights)
        slope = design.T @ (outcomes.trials * share - outcomes.successes) + penalty * weights
        bend = (design * (outcomes.trials * share * (1 - share))[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(penalty + LEAST_SCALE), slope)
        size = 1.0
        while (loss := _loss(design, outcomes, penalty, weights - size * step)) > best and size > 1e-6:
            size /= 2
        if loss > best:
            break
        weights, gained, best = weights - size * step, best - loss, loss
        if gained <= CLOSE_ENOUGH * max(1.0, abs(best)):
            break
    return weights


def _loss(design: Numbers, outcomes: Outcomes, penalty: Numbers, weights: Numbers) -> float:
    logit = design @ weights
    explained = outcomes.trials * np.logaddexp(0, logit) - outcomes.successes * logit
    return float(explained.sum() + (penalty * weights**2).sum() / 2)


def log_losses(outcomes: Outcomes, predicted: Numbers) -> Numbers:
    """(n,) the summed log loss of each row's trials, in nats."""
    share = np.clip(predicted, 1e-12, 1 - 1e-12)
    failures = outcomes.trials - outcomes.successes
    losses: Numbers = -(outcomes.successes * np.log(share) + failures * np.log1p(-share))
    return losses


def area_under_curve(outcomes: Outcomes, predicted: Numbers) -> float:
    """How often a success is ranked above a failure; ties count half. NaN without both."""
    order = np.argsort(predicted, kind="stable")
    _, groups = np.unique(predicted[order], return_inverse=True)
    won = np.bincount(groups, outcomes.successes[order])
    lost = np.bincount(groups, (outcomes.trials - outcomes.successes)[order])
    pairs = float(won.sum() * lost.sum())
    below = np.cumsum(lost) - lost
    return float((won * (below + lost / 2)).sum() / pairs) if pairs else float("nan")


@dataclass(frozen=True)
class Step:
    """One tenth of the people by what was predicted: trials, mean predicted and actual share."""

    number: int
    trials: float
    predicted: float
    actual: float


def calibration(outcomes: Outcomes, predicted: Numbers, steps: int = 10) -> list[Step]:
    """Predicted against actual in equal steps of rising prediction, the highest last. Empty ones are left out."""
    order = np.argsort(predicted, kind="stable")
    before = np.cumsum(outcomes.trials[order]) - outcomes.trials[order] / 2
    places = np.minimum((before / outcomes.trials.sum() * steps).astype(np.int64), steps - 1)
    found = []
    for number in range(steps):
        rows = order[places == number]
        trials = float(outcomes.trials[rows].sum())
        if trials:
            mean = float(np.average(predicted[rows], weights=outcomes.trials[rows]))
            found.append(Step(number + 1, trials, mean, float(outcomes.successes[rows].sum()) / trials))
    return found


def gain(
    outcomes: Outcomes, ours: Numbers, theirs: Numbers, people: NDArray[np.int64]
) -> tuple[float, float]:
    """By how much log loss per trial ours is below theirs, and its standard error; people: (n,) whose a row is."""
    difference = log_losses(outcomes, theirs) - log_losses(outcomes, ours)
    total = float(outcomes.trials.sum())
    mean = float(difference.sum()) / total
    per_person = np.bincount(people, difference - mean * outcomes.trials)
    return mean, float(np.sqrt((per_person**2).sum())) / total
