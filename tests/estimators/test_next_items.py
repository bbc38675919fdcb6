"""Next products: what the definitions give, in worlds where it is known who must win, and on real tills."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from estimators.next_items import Purchases, cosine, ease, hits, lead, own_history, popularity
from orchestration.real import DATA


def test_cosine_and_ease_are_their_definitions() -> None:
    dice = np.random.default_rng(1)
    bought = (dice.random((80, 9)) < 0.3).astype(float)
    near, linear = cosine(bought), ease(bought, 5.0)
    for one in range(9):
        for other in range(9):
            together = float((bought[:, one] * bought[:, other]).sum())
            expected = (
                together / np.sqrt(bought[:, one].sum() * bought[:, other].sum()) if together >= 2 else 0
            )
            assert near[one, other] == pytest.approx(0 if one == other else expected, abs=1e-12)
    # each column of EASE solves a ridge regression of that item on all others
    for item in range(9):
        rest = [other for other in range(9) if other != item]
        others = bought[:, rest]
        solved = np.linalg.solve(others.T @ others + 5 * np.eye(8), others.T @ bought[:, item])
        np.testing.assert_allclose(linear[rest, item], solved, atol=1e-9)


def test_only_the_nearest_neighbours_are_kept() -> None:
    bought = (np.random.default_rng(2).random((200, 12)) < 0.4).astype(float)
    kept = cosine(bought, 3)
    assert ((kept > 0).sum(axis=1) == 3).all()
    assert (kept.max(axis=1) == cosine(bought).max(axis=1)).all()


def test_hits_divide_by_what_could_be_found() -> None:
    scores = np.array([[5.0, 4, 3, 2], [5, 4, 3, 2], [1, 1, 1, 1]])
    wanted = np.array([[1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]], bool)
    found = hits(scores, wanted, np.ones((3, 4), bool), k=2)
    np.testing.assert_allclose(found.recall, [0.5, 0.0])
    np.testing.assert_allclose(found.ndcg, [1 / (1 + 1 / np.log2(3)), 0.0])
    allowed = np.array([[0, 1, 1, 1]] * 3, bool)
    np.testing.assert_allclose(hits(scores, wanted, allowed, k=2).recall, [1.0, 0.0])


def clustered(seed: int, habit: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts before and whether bought after, of people who like one of six kinds of items; habit: to buy again."""
    dice = np.random.default_rng(seed)
    likes = np.where(np.arange(60) % 6 == dice.integers(0, 6, 800)[:, None], 1.0, 0.03)
    rate = likes * (1 / (1 + np.arange(60) // 6)) * 0.5
    before = dice.poisson(rate)
    return before.astype(float), dice.random(before.shape) < np.minimum(rate + habit * before, 0.95)


def test_where_items_come_in_kinds_both_beat_popularity_for_what_is_new() -> None:
    before, after = clustered(3, 0.0)
    bought, new = (before > 0).astype(float), before == 0
    popular = hits(np.tile(popularity(before), (800, 1)), after, new).recall
    for weights in (cosine(bought), ease(bought, 30.0)):
        gain, error = lead(hits(bought @ weights, after, new).recall, popular)
        assert gain > 3 * error


def test_where_people_buy_by_habit_own_history_wins_repeats() -> None:
    before, after = clustered(4, 0.4)
    bought, anything = (before > 0).astype(float), np.ones(before.shape, bool)
    habit = hits(own_history(before, popularity(before)), after, anything).recall
    for weights in (cosine(bought), ease(bought, 30.0)):
        gain, error = lead(habit, hits(bought @ weights, after, anything).recall)
        assert gain > 3 * error


@pytest.mark.skipif(not DATA.exists(), reason="the Complete Journey files are not beside the checkout")
def test_on_real_tills_nothing_beats_popularity_by_much_and_own_history_wins_repeats() -> None:
    tills = f"""
        select household_id as person, product_type as item, cast(transaction_timestamp as date) as day
        from '{DATA}/transactions.parquet' join '{DATA}/products.parquet' using (product_id)
        where product_type is not null"""
    rows = duckdb.sql(f"""
        with held as ({tills}), past as (from held where day < date '2017-10-01'),
        items as (select item from past group by item having count(distinct person) >= 5),
        people as (select person from past group by person having count(distinct item) >= 3)
        select dense_rank() over (order by person) - 1 as person, dense_rank() over (order by item) - 1 as item,
            count(distinct day) filter (day < date '2017-10-01') as times,
            count(*) filter (day >= date '2017-10-01') as later
        from held join items using (item) join people using (person) group by held.person, held.item""").fetchnumpy()
    person, item = rows["person"].astype(int), rows["item"].astype(int)
    shape = (person.max() + 1, item.max() + 1)
    counts = Purchases(person, item, rows["times"].astype(float), *shape).counts()
    after = Purchases(person, item, rows["later"].astype(float), *shape).counts() > 0
    bought, popular = (counts > 0).astype(float), popularity(counts)
    found = {
        "popularity": np.tile(popular, (shape[0], 1)),
        "own history": own_history(counts, popular),
        "cosine": bought @ cosine(bought),
        "ease": bought @ ease(bought, 1000.0),
    }
    new = {name: hits(scores, after, counts == 0).recall.mean() for name, scores in found.items()}
    all_of_it = {
        name: hits(scores, after, np.ones(shape, bool)).recall.mean() for name, scores in found.items()
    }
    assert [round(float(new[name]), 2) for name in ("popularity", "cosine", "ease")] == [0.11, 0.12, 0.12]
    assert new["ease"] / new["popularity"] < 1.06
    assert max(all_of_it, key=lambda name: float(all_of_it[name])) == "own history"
    assert all_of_it["own history"] == pytest.approx(0.1631, abs=0.005)
    assert new["cosine"] == pytest.approx(0.1159, abs=0.005)
    assert new["ease"] == pytest.approx(0.1179, abs=0.005)
