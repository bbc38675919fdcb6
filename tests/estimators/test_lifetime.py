"""Lifetimes: the likelihood is the integral it stands for, and known customers are found again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import beta, gamma

from estimators.lifetime import (
    Rhythm,
    Spend,
    alive,
    expected,
    expected_spend,
    fit_rhythm,
    fit_spend,
    log_likelihood,
)

PUBLISHED = Rhythm(0.243, 4.414, 0.793, 2.426)
"""Fader, Hardie and Lee (2005), the purchases of a CD shop, time in weeks."""


@pytest.mark.parametrize(("x", "t_x", "age"), [(0, 0.0, 38.9), (2, 30.4, 38.9), (5, 12.0, 27.0)])
def test_the_likelihood_is_the_integral_over_rates_and_drop_out(x: int, t_x: float, age: float) -> None:
    rates, leaves = gamma(PUBLISHED.r, scale=1 / PUBLISHED.alpha), beta(PUBLISHED.a, PUBLISHED.b)

    def path(p: float, u: float) -> float:
        rate = float(rates.ppf(u))
        stays = (1 - p) ** x * rate**x * np.exp(-rate * age)
        leaves_last = p * (1 - p) ** (x - 1) * rate**x * np.exp(-rate * t_x) if x else 0.0
        return float((stays + leaves_last) * leaves.pdf(p))

    integral, _ = dblquad(path, 1e-9, 1 - 1e-9, 1e-9, 1 - 1e-9, epsabs=1e-9, epsrel=1e-5)
    found = log_likelihood(PUBLISHED, *(np.array([float(v)]) for v in (x, t_x, age)))
    assert float(np.exp(found[0])) == pytest.approx(integral, rel=2e-3)


def test_the_published_customer_is_expected_to_buy_as_published() -> None:
    row = [np.array([v]) for v in (2.0, 30.43, 38.86)]
    assert float(expected(PUBLISHED, *row, days=39.0)[0]) == pytest.approx(1.226, abs=0.001)


def simulated(rhythm: Rhythm, people: int, weeks: float, ahead: float) -> dict[str, np.ndarray]:
    """Customers who buy and leave as the model says: their history, what came next, whether they were still there."""
    dice = np.random.default_rng(7)
    rate = dice.gamma(rhythm.r, 1 / rhythm.alpha, people)
    leaves = dice.beta(rhythm.a, rhythm.b, people)
    age = weeks - dice.integers(0, 12, people)
    x, t_x, later, here = (np.zeros(people) for _ in range(4))
    now, is_alive = np.zeros(people), np.ones(people, bool)
    while is_alive.any():
        now[is_alive] += dice.exponential(1 / np.maximum(rate[is_alive], 1e-12))
        past, next_ = is_alive & (now <= age), is_alive & (now > age) & (now <= age + ahead)
        here[is_alive & (now > age)] = 1
        x[past] += 1
        t_x[past] = now[past]
        later[next_] += 1
        is_alive &= (now <= age + ahead) & (dice.random(people) >= leaves)
    return {"x": x, "t_x": t_x, "age": age.astype(float), "later": later, "here": here}


def test_known_customers_are_found_again_and_their_next_purchases_foretold() -> None:
    truth = Rhythm(0.6, 9.0, 0.8, 2.5)
    told = simulated(truth, 50_000, 39, 39)
    history = [told[name] for name in ("x", "t_x", "age")]
    found = fit_rhythm(*history, np.ones(50_000))
    np.testing.assert_allclose(
        [found.r, found.alpha, found.a, found.b], [truth.r, truth.alpha, truth.a, truth.b], rtol=0.15
    )
    assert expected(found, *history, days=39.0).sum() == pytest.approx(told["later"].sum(), rel=0.05)
    share = alive(found, *history)
    for step in np.array_split(np.argsort(share), 10):
        assert share[step].mean() == pytest.approx(told["here"][step].mean(), abs=0.03)
    rows = np.floor(np.column_stack(history))
    grouped, counts = np.unique(rows, axis=0, return_counts=True)
    one = fit_rhythm(*rows.T, np.ones(50_000))
    many = fit_rhythm(*grouped.T, counts.astype(float))
    np.testing.assert_allclose(
        [one.r, one.alpha, one.a, one.b], [many.r, many.alpha, many.a, many.b], rtol=1e-3
    )


def test_known_spending_is_found_again() -> None:
    dice, people, truth = np.random.default_rng(5), 20_000, Spend(6.25, 3.74, 15.44)
    x = dice.integers(1, 8, people).astype(float)
    rate = dice.gamma(truth.q, 1 / truth.gamma, people)
    mean = dice.gamma(truth.p * x, 1 / rate) / x
    found = fit_spend(x, mean, np.ones(people))
    np.testing.assert_allclose([found.p, found.q, found.gamma], [truth.p, truth.q, truth.gamma], rtol=0.1)
    told = expected_spend(found, x, mean)
    assert told.mean() == pytest.approx((truth.p / rate).mean(), rel=0.02)
    assert ((told - truth.p / rate) ** 2).mean() < ((mean - truth.p / rate) ** 2).mean()
