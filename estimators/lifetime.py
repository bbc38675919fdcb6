"""How often customers will buy and whether they still are customers (BG/NBD), and what they spend (gamma-gamma).

x: purchase days after the first; t_x: age in days at the last of them; age: days since the first purchase. Rows may be
grouped: weights say how many customers a row stands for. All arrays have n rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Numbers = NDArray[np.float64]

LONGEST = 10.0
"""Time is scaled so that the oldest customer is this old: the search then moves among numbers near one."""


@dataclass(frozen=True)
class Rhythm:
    """BG/NBD: purchase rates are gamma (r, alpha in days); after each purchase a beta (a, b) share never comes back."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class Spend:
    """Gamma-gamma: a purchase is gamma (p, nu), nu is gamma (q, gamma) over customers; gamma in units of money."""

    p: float
    q: float
    gamma: float


def log_likelihood(rhythm: Rhythm, x: Numbers, t_x: Numbers, age: Numbers) -> Numbers:
    """(n,) log-likelihood of each row (Fader, Hardie and Lee 2005)."""
    r, alpha, a, b = rhythm.r, rhythm.alpha, rhythm.a, rhythm.b
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    second = betaln(a, b + x) - betaln(a, b)
    still = -(r + x) * np.log(alpha + age)
    again = np.maximum(b + x - 1, 1e-12)
    gone = np.log(a) - np.log(again) - (r + x) * np.log(alpha + t_x)
    total: Numbers = first + second + np.logaddexp(still, np.where(x > 0, gone, -np.inf))
    return total


def fit_rhythm(x: Numbers, t_x: Numbers, age: Numbers, weights: Numbers) -> Rhythm:
    """The most likely parameters. ValueError where nobody has come back."""
    if not (weights * x).sum() > 0:
        raise ValueError("nothing to learn from: nobody has bought a second time")
    scale = LONGEST / float(age.max())

    def loss(logs: Numbers) -> float:
        rhythm = Rhythm(*np.exp(np.clip(logs, -12, 12)))
        found = log_likelihood(rhythm, x, t_x * scale, age * scale)
        return -float((weights * found).sum() / weights.sum())

    best = np.exp(lowest(loss, (np.zeros(4), np.log([0.3, 2.0, 0.7, 2.5]))))
    return Rhythm(float(best[0]), float(best[1] / scale), float(best[2]), float(best[3]))


def fit_spend(x: Numbers, mean: Numbers, weights: Numbers) -> Spend:
    """The most likely parameters, from customers with x purchases after the first of this mean value, both above 0."""
    unit = float(np.average(mean, weights=weights))

    def loss(logs: Numbers) -> float:
        p, q, gamma = np.exp(np.clip(logs, -12, 12))
        scaled = mean / unit
        found = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma) - np.log(scaled)
        found += p * x * np.log(x * scaled) - (p * x + q) * np.log(x * scaled + gamma)
        return -float((weights * found).sum() / weights.sum())

    best = np.exp(lowest(loss, (np.zeros(3), np.log([6.0, 4.0, 0.5]))))
    return Spend(float(best[0]), float(best[1]), float(best[2] * unit))


def lowest(loss: Callable[[Numbers], float], starts: tuple[Numbers, ...]) -> Numbers:
    """Where a smooth function is lowest: down the slope from each start, then a simplex from the best of them."""
    found = [minimize(loss, start, method="L-BFGS-B", bounds=[(-12, 12)] * len(start)) for start in starts]
    best = min(found, key=lambda one: float(one.fun))
    polished = minimize(
        loss, best.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 4000}
    )
    result: Numbers = np.asarray(polished.x, np.float64)
    return result


def alive(rhythm: Rhythm, x: Numbers, t_x: Numbers, age: Numbers) -> Numbers:
    """(n,) probability of still being a customer; 1 for whoever never came back, about whom nothing can be said."""
    grown = (rhythm.r + x) * (np.log(rhythm.alpha + age) - np.log(rhythm.alpha + t_x))
    odds = rhythm.a / np.maximum(rhythm.b + x - 1, 1e-12) * np.exp(np.minimum(grown, 700))
    share: Numbers = np.where(x > 0, 1 / (1 + odds), 1.0)
    return share


def expected(rhythm: Rhythm, x: Numbers, t_x: Numbers, age: Numbers, days: float) -> Numbers:
    """(n,) purchases to be expected in the next days."""
    r, alpha, a, b = rhythm.r, rhythm.alpha, rhythm.a, rhythm.b
    z = days / (alpha + age + days)
    turned = ((alpha + age) / (alpha + age + days)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    count: Numbers = (a + b + x - 1) / (a - 1) * (1 - turned) * alive(rhythm, x, t_x, age)
    return count


def expected_spend(spend: Spend, x: Numbers, mean: Numbers) -> Numbers:
    """(n,) the value of a purchase to come: between the customer's own mean and everybody's."""
    value: Numbers = spend.p * (spend.gamma + x * mean) / (spend.p * x + spend.q - 1)
    return value
