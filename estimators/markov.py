"""What a chain of channels gives each of them, exactly: one matrix inverse, and intervals by leaving out groups.

A removal effect is the share of conversions whose way leads through a channel. It is a statement about paths as they
were walked, not about what would happen without the channel: only an experiment tells that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

START, CONVERSION, NOTHING = -1, -2, -3
NORMAL = 1.959963984540054


@dataclass(frozen=True)
class Moves:
    """n kinds of move, one row each. group: 0..g. origin: state or START. target: state, CONVERSION or NOTHING.

    count: how often. revenue: what the conversions moved to paid, in any unit of money.
    """

    group: Codes
    origin: Codes
    target: Codes
    count: Numbers
    revenue: Numbers


@dataclass(frozen=True)
class Shares:
    """k states in ascending order; all arrays have k rows. Shares sum to 1 where anything converted."""

    states: Codes
    share: Numbers
    low: Numbers
    high: Numbers
    revenue_share: Numbers
    removal: Numbers


def fit(moves: Moves) -> Shares:
    """Shares of conversions and revenue per state, with 95 percent intervals from leaving out one group at a time."""
    states = np.unique(np.r_[moves.origin[moves.origin >= 0], moves.target[moves.target >= 0]])
    counts, revenue = tables(moves, states)
    order = quietly_ordered(counts.sum(axis=0))
    back = np.argsort(order)
    counts, revenue = rearranged(counts, order), revenue[:, np.r_[order, len(states)]]
    whole, paid = counts.sum(axis=0), revenue.sum(axis=0)
    removal = removal_effects(whole[None])[0]
    share = shares_of(removal)
    without = shares_of(removal_effects(whole[None] - counts))
    groups = len(counts)
    error = np.sqrt((groups - 1) / groups * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    low, high = np.clip(share - NORMAL * error, 0, 1), np.clip(share + NORMAL * error, 0, 1)
    by_money = shares_of(removal_effects(whole[None], paid[None])[0])
    return Shares(states, share[back], low[back], high[back], by_money[back], removal[back])


def tables(moves: Moves, states: Codes) -> tuple[Numbers, Numbers]:
    """Counts (g, k+1, k+2): from states and the start, to states, conversion and nothing; revenue (g, k+1)."""
    size = len(states)
    groups, group = np.unique(moves.group, return_inverse=True)
    origin = np.where(moves.origin == START, size, np.searchsorted(states, moves.origin))
    target = np.searchsorted(states, moves.target)
    target = np.where(moves.target == CONVERSION, size, np.where(moves.target == NOTHING, size + 1, target))
    counts = np.zeros((len(groups), size + 1, size + 2))
    np.add.at(counts, (group, origin, target), moves.count)
    revenue = np.zeros((len(groups), size + 1))
    paid = moves.target == CONVERSION
    np.add.at(revenue, (group[paid], origin[paid]), moves.revenue[paid])
    return counts, revenue


def quietly_ordered(counts: Numbers) -> Codes:
    """States by what is counted of them, so that neither their names nor their order move the last bit of a share."""
    size = counts.shape[1] - 2
    into, out = counts[:, :size].sum(axis=0), counts[:size].sum(axis=1)
    keys = (counts[size, :size], counts[:size, size + 1], counts[:size, size], out, into)
    return np.lexsort(keys).astype(np.int64)


def rearranged(counts: Numbers, order: Codes) -> Numbers:
    """The same counts with the states in another order; start, conversion and nothing stay last."""
    size = len(order)
    return counts[:, np.r_[order, size]][:, :, np.r_[order, size, size + 1]]


def removal_effects(counts: Numbers, revenue: Numbers | None = None) -> Numbers:
    """(g, k) for counts (g, k+1, k+2): the share of conversions (or of revenue (g, k+1)) that leads through each state.

    Zero where nothing converts or a state is never reached.
    """
    size = counts.shape[1] - 1
    left = counts.sum(axis=2)
    visited = np.maximum(left, 1e-300)[:, :, None]
    walk = np.zeros((len(counts), size + 1, size + 1))
    walk[:, :, :size] = np.where(left[:, :, None] > 0, counts[:, :, :size] / visited, 0)
    gain = counts[:, :, size] if revenue is None else revenue
    reward = np.where(left > 0, gain / visited[:, :, 0], 0)
    visits = np.linalg.inv(np.eye(size + 1) - walk)
    worth = np.einsum("gij,gj->gi", visits, reward)
    reached = visits[:, size, :size] / np.einsum("gii->gi", visits)[:, :size]
    total = worth[:, size:]
    effects: Numbers = np.where(total > 0, reached * worth[:, :size] / np.where(total > 0, total, 1), 0)
    return effects


def shares_of(effects: Numbers) -> Numbers:
    """Effects divided so that they sum to one along the last axis; zero where there is nothing to divide."""
    total = effects.sum(axis=-1, keepdims=True)
    result: Numbers = np.divide(effects, total, out=np.zeros_like(effects), where=total > 0)
    return result
