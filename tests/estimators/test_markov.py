"""The chain of channels against one linear system per channel left out, on random sets of paths."""

from __future__ import annotations

import numpy as np
import pytest

from estimators.markov import CONVERSION, NOTHING, START, Codes, Moves, Numbers, fit
from tests.estimators.random_paths import Paths, moves_of, random_paths

SETS = 60


def removed_one_by_one(moves: Moves, states: Codes) -> Numbers:
    """The removal effect of each state: delete it, send what flowed there to nothing, solve for conversions."""
    everything = [*states.tolist(), START]
    place = {state: n for n, state in enumerate(everything)}
    counts = np.zeros((len(everything), len(everything)))
    gains, left = np.zeros(len(everything)), np.zeros(len(everything))
    for origin, target, count in zip(moves.origin, moves.target, moves.count, strict=True):
        left[place[origin]] += count
        if target == CONVERSION:
            gains[place[origin]] += count
        elif target != NOTHING:
            counts[place[origin], place[target]] += count
    walk, reward = counts / left[:, None], gains / left

    def converted(keep: list[int]) -> float:
        solved = np.linalg.solve(np.eye(len(keep)) - walk[np.ix_(keep, keep)], reward[keep])
        return float(solved[keep.index(place[START])])

    everyone = list(range(len(everything)))
    whole = converted(everyone)
    return np.array([1 - converted([n for n in everyone if n != place[s]]) / whole for s in states.tolist()])


@pytest.mark.parametrize("seed", range(SETS))
def test_one_inverse_says_what_removing_each_channel_says(seed: int) -> None:
    moves = moves_of(random_paths(seed))
    found = fit(moves)
    assert np.allclose(found.removal, removed_one_by_one(moves, found.states), atol=1e-9, rtol=0)
    assert found.share.sum() == pytest.approx(1, abs=1e-12)
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


@pytest.mark.parametrize("seed", range(20))
def test_other_names_in_another_order_change_no_bit(seed: int) -> None:
    paths = random_paths(seed)
    names = np.random.default_rng(seed).permutation(1000)[: paths.channels]
    renamed = Paths(
        paths.channels, [names[path].tolist() for path in paths.steps], paths.converted, paths.times
    )
    first, second = fit(moves_of(paths)), fit(moves_of(renamed))
    assert dict(zip(names[first.states].tolist(), first.share.tolist(), strict=True)) == dict(
        zip(second.states.tolist(), second.share.tolist(), strict=True)
    )


def test_intervals_cover_what_many_worlds_agree_on() -> None:
    worlds = [fit(moves_of(random_paths(3, customers=seed))) for seed in range(1, 121)]
    truth = np.mean([found.share for found in worlds], axis=0)
    covered = np.mean([(found.low <= truth) & (truth <= found.high) for found in worlds])
    assert 0.90 <= covered <= 0.99


def test_where_nothing_converts_nothing_is_credited() -> None:
    moves = Moves(
        np.array([0, 0]), np.array([START, 1]), np.array([1, NOTHING]), np.array([2.0, 2.0]), np.zeros(2)
    )
    assert fit(moves).share.tolist() == [0.0]


@pytest.mark.parametrize("block", range(8))
def test_removal_effects_equal_the_peer_on_two_hundred_sets(block: int) -> None:
    for seed in range(25 * block, 25 * block + 25):
        paths = random_paths(seed, count=150)
        found = fit(moves_of(paths))
        assert np.allclose(found.removal, removal_of_the_peer(paths, found.states), atol=1e-9, rtol=0)


def removal_of_the_peer(paths: Paths, states: Codes) -> Numbers:
    """Marketing-Attribution-Models' removal effects; its totals weigh channels anew, so they are not compared."""
    core, markov = pytest.importorskip("mam.core"), pytest.importorskip("mam.models.markov")
    import pandas as pd

    grouped: dict[str, list[int]] = {}
    for steps, converted in zip(paths.steps, paths.converted, strict=True):
        kind = grouped.setdefault(" > ".join(f"c{step}" for step in steps), [0, 0])
        kind[converted] += 1
    rows = [
        (path, converted, kind[converted])
        for path, kind in grouped.items()
        for converted in (0, 1)
        if kind[converted]
    ]
    frame = pd.DataFrame(rows, columns=["path", "conv", "n"])
    peer = core.MAM(frame, "grouped_journey", "path", "conv", occurrences_colname="n")
    model = markov.MarkovModel()
    model._compute_markov(peer.unified_df)
    effects = model.removal_effect_df["removal_effect"]
    return np.array([effects[f"c{state}"] for state in states.tolist()])
