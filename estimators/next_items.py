"""What somebody buys next, from who bought what: baselines, item-item cosine, EASE, and how well each does.

All models give (m, items) scores for m people's histories; the highest are proposed. People and items are counted from
0, histories are 0/1 matrices of floats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

NEIGHBOURS, LEAST_TOGETHER = 100, 2


@dataclass(frozen=True)
class Purchases:
    """Who bought what how often. person, item, times: (n,), one row per pair; people, items: how many there are."""

    person: NDArray[np.int64]
    item: NDArray[np.int64]
    times: Numbers
    people: int
    items: int

    def counts(self) -> Numbers:
        """(people, items) how often each was bought."""
        table = np.zeros((self.people, self.items))
        np.add.at(table, (self.person, self.item), self.times)
        return table


def popularity(counts: Numbers) -> Numbers:
    """(items,) how many people bought each, as a share of all, below 1."""
    buyers: Numbers = (counts > 0).sum(axis=0) / (len(counts) + 1)
    return buyers


def own_history(counts: Numbers, popular: Numbers) -> Numbers:
    """(people, items) what was bought most often first; among equals, and after it, what is popular."""
    scores: Numbers = counts + popular
    return scores


def cosine(bought: Numbers, neighbours: int = NEIGHBOURS) -> Numbers:
    """(items, items) weights: how alike the buyers of two items are; each item keeps its nearest neighbours."""
    together = bought.T @ bought
    buyers = np.diag(together).copy()
    np.fill_diagonal(together, 0)
    together[together < LEAST_TOGETHER] = 0
    size = np.sqrt(np.outer(buyers, buyers))
    return nearest(np.divide(together, size, out=np.zeros_like(together), where=size > 0), neighbours)


def ease(bought: Numbers, ridge: float) -> Numbers:
    """(items, items) weights of the linear model that tells each item from all others (Steck 2019)."""
    gram = bought.T @ bought
    precision = np.linalg.inv(gram + ridge * np.eye(len(gram)))
    weights: Numbers = -precision / np.diag(precision)
    np.fill_diagonal(weights, 0)
    return weights


def nearest(weights: Numbers, neighbours: int) -> Numbers:
    """Only the largest weights of each row; the lower number first among equals."""
    if weights.shape[1] <= neighbours:
        return weights
    order = np.argsort(-weights, axis=1, kind="stable")
    kept = np.zeros_like(weights)
    rows = np.arange(len(weights))[:, None]
    kept[rows, order[:, :neighbours]] = weights[rows, order[:, :neighbours]]
    return kept


@dataclass(frozen=True)
class Hits:
    """Per person tested: recall and NDCG among the first k, dividing by what could have been found there."""

    recall: Numbers
    ndcg: Numbers


def hits(scores: Numbers, wanted: NDArray[np.bool_], allowed: NDArray[np.bool_], k: int = 10) -> Hits:
    """How much of what people then bought is among their k highest allowed scores.

    scores, wanted (bought afterwards), allowed (may be proposed): (m, items). Who wanted nothing allowed is left out.
    """
    goal = wanted & allowed
    tested = goal.any(axis=1)
    ranked = np.argsort(-np.where(allowed, scores, -np.inf)[tested], axis=1, kind="stable")[:, :k]
    found = np.take_along_axis(goal[tested], ranked, axis=1)
    most = np.minimum(goal[tested].sum(axis=1), k)
    worth = 1 / np.log2(np.arange(2, k + 2))
    best = np.concatenate([[0.0], np.cumsum(worth)])[most]
    return Hits(found.sum(axis=1) / most, (found * worth[: found.shape[1]]).sum(axis=1) / best)


def lead(ours: Numbers, theirs: Numbers) -> tuple[float, float]:
    """Mean difference per person and its standard error."""
    difference = ours - theirs
    return float(difference.mean()), float(difference.std() / np.sqrt(max(len(difference), 1)))
