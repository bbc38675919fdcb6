"""What a place under a cap or budget that everybody shares is worth: dual prices, solved on a sample of customers.

Given prices, every customer chooses for themselves (greedily, within their own caps); each price in turn is raised to
where what is chosen just fits what there is. A candidate worth less than the prices it pays gives way to a better use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """n candidates. All arrays have n rows.

    customer: whose it is, 0..k. worth: what it brings, in any unit of money. rooms: (n, s) numbers of the rooms it
    takes a place in, each room belonging to one customer. cost: (n, b) what it takes of each shared cap or budget.
    """

    customer: Ints
    worth: Floats
    rooms: Ints
    cost: Floats


def choose(candidates: Candidates, room: Ints, prices: Floats) -> Flags:
    """Which candidates are chosen at these prices: each customer's best first, as long as their rooms last.

    room: places in each room that `candidates.rooms` names. prices: (b,) per unit of cost.
    """
    gain = candidates.worth - candidates.cost @ prices
    order = np.lexsort((np.arange(len(gain)), -gain, candidates.customer))
    left, chosen = room.copy(), np.zeros(len(gain), dtype=bool)
    alive = order[gain[order] >= 0]
    while True:
        alive = alive[(left[candidates.rooms[alive]] > 0).all(axis=1)]
        if not len(alive):
            return chosen
        is_best = np.r_[True, np.diff(candidates.customer[alive]) != 0]
        best = alive[is_best]
        chosen[best] = True
        np.subtract.at(left, candidates.rooms[best], 1)
        alive = alive[~is_best]


def solve(candidates: Candidates, room: Ints, budgets: Floats, sweeps: int = 6, steps: int = 24) -> Floats:
    """(b,) the lowest prices at which no budget is exceeded. budgets: (b,) what there is of each, for this sample."""
    prices = np.zeros(len(budgets))
    highest = float(candidates.worth.max(initial=0.0))
    for _ in range(sweeps):
        before = prices.copy()
        for number, most in enumerate(budgets):
            taken = candidates.cost[:, number]
            if not taken.any():
                continue
            ceiling = highest / float(taken[taken > 0].min())
            prices[number] = lowest_price(candidates, room, prices, number, float(most), ceiling, steps)
        if np.allclose(before, prices, rtol=1e-4, atol=1e-9):
            break
    return prices


def lowest_price(
    candidates: Candidates, room: Ints, prices: Floats, number: int, most: float, ceiling: float, steps: int
) -> float:
    """The lowest price of one budget that keeps to it, the others' being what they are. Found by halving."""
    trial = prices.copy()

    def fits(price: float) -> bool:
        trial[number] = price
        return float(candidates.cost[choose(candidates, room, trial), number].sum()) <= most

    if fits(0.0):
        return 0.0
    low, high = 0.0, ceiling
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high
