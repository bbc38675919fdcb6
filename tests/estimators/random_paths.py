"""Sets of paths drawn by lot: channels with habits of their own, nulls among them, groups of customers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from estimators.markov import CONVERSION, NOTHING, START, Moves

GROUPS = 100


@dataclass(frozen=True)
class Paths:
    """steps: one list of channel numbers per kind of path; converted and times: how many went that way."""

    channels: int
    steps: list[list[int]]
    converted: list[int]
    times: list[int]


def random_paths(seed: int, customers: int = 0, count: int = 400) -> Paths:
    """Paths of 3 to 12 channels. The same seed is the same world; `customers` draws other people from it."""
    world = np.random.default_rng(seed)
    channels = int(world.integers(3, 13))
    habit = world.dirichlet(np.ones(channels), channels + 1)
    ends = world.uniform(0.2, 0.6, channels)
    pays = world.uniform(0.05, 0.6, channels)
    people = np.random.default_rng([seed, customers])
    steps, converted = [], []
    for _ in range(count):
        path = [int(people.choice(channels, p=habit[channels]))]
        while people.random() > ends[path[-1]] and len(path) < 12:
            path.append(int(people.choice(channels, p=habit[path[-1]])))
        steps.append(path)
        converted.append(int(people.random() < pays[path[-1]]))
    return Paths(channels, steps, converted, [1] * count)


def moves_of(paths: Paths) -> Moves:
    """Their moves, a step repeated being one step, groups dealt out in turn."""
    rows = []
    for number, (steps, converted, times) in enumerate(
        zip(paths.steps, paths.converted, paths.times, strict=True)
    ):
        way = [START, *steps, CONVERSION if converted else NOTHING]
        rows += [(number % GROUPS, a, b, times, 10.0 * (b == CONVERSION)) for a, b in pairwise(way) if a != b]
    group, origin, target, count, revenue = (np.array(column) for column in zip(*rows, strict=True))
    return Moves(group, origin, target, count.astype(float), revenue.astype(float))
