"""Logistic fits: the optimum another solver finds, measures by their definitions, and only winners published."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import mannwhitneyu

from estimators.contest import contest
from estimators.logistic import (
    Outcomes,
    area_under_curve,
    calibration,
    fit,
    gain,
    log_losses,
    sigmoid,
)


def world(seed: int, people: int = 4000, effect: float = 1.0) -> Outcomes:
    dice = np.random.default_rng(seed)
    features = np.column_stack([dice.normal(3, 2, people), dice.poisson(2, people), np.ones(people)])
    trials = dice.integers(1, 4, people).astype(float)
    share = sigmoid(-1.5 + effect * 0.6 * (features[:, 0] - 3) + effect * 0.3 * features[:, 1])
    return Outcomes(features, trials, dice.binomial(trials.astype(int), share).astype(float))


@pytest.mark.parametrize("ridge", [0.5, 20.0])
def test_the_fit_is_the_optimum_that_another_solver_finds(ridge: float) -> None:
    told = world(1, 600)
    found = fit(told, ridge)
    z = (told.features - found.center) / found.scale

    def loss(w: np.ndarray) -> float:
        logit = w[0] + z @ w[1:]
        explained = told.trials * np.logaddexp(0, logit) - told.successes * logit
        return float(explained.sum() + ridge * (w[1:] ** 2).sum() / 2)

    other = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose([found.intercept, *found.coefficients], other.x, atol=1e-5)


def test_known_effects_are_found_and_a_constant_column_counts_for_nothing() -> None:
    found = fit(world(2, 60_000), 0.001)
    np.testing.assert_allclose(found.coefficients / found.scale, [0.6, 0.3, 0.0], atol=0.02)


def test_a_perfectly_separable_world_stays_finite() -> None:
    values = np.linspace(-1, 1, 200)[:, None]
    found = fit(Outcomes(values, np.ones(200), (values[:, 0] > 0).astype(float)), 1.0)
    assert np.isfinite(found.coefficients).all()
    with pytest.raises(ValueError, match="nothing to learn"):
        fit(Outcomes(values, np.ones(200), np.zeros(200)))


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    dice = np.random.default_rng(3)
    score, hit = np.round(dice.random(500), 1), dice.random(500) < 0.3
    told = Outcomes(np.zeros((500, 1)), np.ones(500), hit.astype(float))
    pairs = mannwhitneyu(score[hit], score[~hit]).statistic / (hit.sum() * (~hit).sum())
    assert area_under_curve(told, score) == pytest.approx(pairs, abs=1e-12)


def test_calibration_steps_hold_everybody_once() -> None:
    told = world(4)
    steps = calibration(told, fit(told).predict(told.features))
    assert [step.number for step in steps] == list(range(1, 11))
    assert sum(step.trials for step in steps) == told.trials.sum()
    assert sum(step.trials * step.actual for step in steps) == pytest.approx(told.successes.sum())
    assert all(abs(step.predicted - step.actual) < 0.06 for step in steps)


def test_the_gain_is_the_difference_of_mean_log_losses_and_one_person_counts_once() -> None:
    told = world(5, 300)
    ours, theirs = np.full(300, 0.3), np.full(300, 0.2)
    lead, error = gain(told, ours, theirs, np.arange(300))
    mean = [log_losses(told, p).sum() / told.trials.sum() for p in (theirs, ours)]
    assert lead == pytest.approx(mean[0] - mean[1], abs=1e-12)
    doubled = Outcomes(
        np.repeat(told.features, 2, axis=0), np.repeat(told.trials, 2), np.repeat(told.successes, 2)
    )
    again = gain(doubled, np.repeat(ours, 2), np.repeat(theirs, 2), np.repeat(np.arange(300), 2))
    assert again == pytest.approx((lead, error), abs=1e-12)


def test_what_knows_something_wins_and_what_knows_nothing_loses() -> None:
    won = []
    for effect in (1.0, 0.0):
        train, test = world(6, effect=effect), world(7, effect=effect)
        share = np.full(len(test.trials), train.successes.sum() / train.trials.sum())
        predicted = fit(train).predict(test.features)
        outcome = contest(test, predicted, {"the base rate": share}, np.arange(len(test.trials)))
        won.append((outcome.is_won, outcome.reason))
    assert won == [(True, "beats the base rate"), (False, "does not beat the base rate")]
