"""Lift as the models compute it, in worlds where the effect is known: none, some, and some that leaks."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from tests.models.trials import Numbers, drawn, judge, shoppers, sums_of

SALTS, PEOPLE, LOOKS = 1000, 10_000, 39
WORLDS, FEW = 1000, 2000
HASH = "('0x' || substr(md5('salt ' || salt || '|' || person), 1, 8))::bigint % 1000"


def column(found: pa.Table, name: str) -> NDArray[np.float64]:
    return np.array(found[name].to_pylist(), dtype=float)


@pytest.fixture(scope="module")
def looks() -> dict[int, pa.Table]:
    return looked()


def looked() -> dict[int, pa.Table]:
    """1,000 draws over the same people, none of whom is treated otherwise, looked at every week."""
    world = shoppers(1, PEOPLE, LOOKS)
    nobody = np.zeros(PEOPLE)
    with duckdb.connect() as connection:
        treated = drawn(connection, SALTS, PEOPLE, HASH).astype(float)
        names = [f"{salt:04}" for salt in range(SALTS)]
        found = {}
        for week in range(LOOKS):
            y = np.minimum(world.spent[:, week], np.quantile(world.spent[:, week], 0.999))
            parts = [
                sums_of(names, arm, masks, y, world.before, nobody)
                for arm, masks in (("treated", treated), ("held_out", 1 - treated))
            ]
            found[week] = judge(connection, parts, PEOPLE)
    return found


def wrong(found: pa.Table, low: str, high: str) -> NDArray[np.bool_]:
    return (column(found, low) > 0) | (column(found, high) < 0)


def test_one_look_at_nothing_finds_something_one_time_in_twenty(looks: dict[int, pa.Table]) -> None:
    last = looks[LOOKS - 1]
    plain = np.abs(column(last, "difference")) > 1.959963984540054 * column(last, "standard_error")
    adjusted = wrong(last, "fixed_low", "fixed_high")
    assert 0.037 <= np.nanmean(plain) <= 0.064
    assert 0.037 <= np.nanmean(adjusted) <= 0.064


def test_looking_every_week_finds_nothing_where_nothing_is(looks: dict[int, pa.Table]) -> None:
    ever = np.any([wrong(found, "low", "high") for found in looks.values()], axis=0)
    often = np.any([wrong(found, "fixed_low", "fixed_high") for found in looks.values()], axis=0)
    assert ever.mean() <= 0.05
    assert often.mean() > 0.15, "a fixed interval looked at every week should have been wrong far more often"


def test_a_good_draw_is_hardly_ever_called_a_bad_one(looks: dict[int, pa.Table]) -> None:
    failed = np.array(looks[0]["is_srm_failed"].to_pylist())
    assert failed.mean() <= 0.005


def test_the_variance_ratio_is_what_the_days_before_leave_open(looks: dict[int, pa.Table]) -> None:
    world = shoppers(1, PEOPLE, LOOKS)
    y = np.minimum(world.spent[:, -1], np.quantile(world.spent[:, -1], 0.999))
    left = 1 - np.corrcoef(y, world.before)[0, 1] ** 2
    assert np.nanmean(column(looks[LOOKS - 1], "variance_ratio")) == pytest.approx(left, abs=0.01)


def worlds(effect: float, leak: float, seed: int) -> tuple[list[pa.Table], Numbers]:
    """Sums of worlds in which being reached adds `effect` on average; `leak` of each arm is on the other side."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(1.5, 0.5, (WORLDS, FEW))
    before, y = draw.poisson(rate * 2).astype(float), draw.poisson(rate).astype(float)
    treated = draw.random((WORLDS, FEW)) < 0.5
    reached = np.where(draw.random((WORLDS, FEW)) < leak, ~treated, treated).astype(float)
    y += reached * draw.poisson(effect, (WORLDS, FEW))
    names = [f"{number:04}" for number in range(WORLDS)]
    arms = (("treated", treated.astype(float)), ("held_out", (~treated).astype(float)))
    return [sums_of(names, arm, masks, y, before, reached) for arm, masks in arms], y


@pytest.mark.parametrize("effect", [0.0, 0.15])
def test_intervals_hold_the_effect_nineteen_times_in_twenty(effect: float) -> None:
    tables, _ = worlds(effect, 0.0, 5)
    with duckdb.connect() as connection:
        found = judge(connection, tables, FEW)
    inside = (column(found, "fixed_low") <= effect) & (effect <= column(found, "fixed_high"))
    assert 0.93 <= inside[~np.isnan(column(found, "fixed_low"))].mean() <= 0.97


def test_where_a_third_leaks_the_effect_on_those_reached_is_still_found() -> None:
    tables, _ = worlds(0.3, 0.3, 9)
    with duckdb.connect() as connection:
        found = judge(connection, tables, FEW)
    effect, error = column(found, "complier_effect"), column(found, "complier_error")
    bias = np.nanmean(effect) - 0.3
    assert abs(bias) <= np.nanmean(error) / np.sqrt(WORLDS) * 3
    assert np.nanstd(effect) == pytest.approx(np.nanmean(error), rel=0.1)
    assert np.nanmean(column(found, "cuped_difference")) < 0.2, "intention to treat is diluted"


def test_arms_in_which_everybody_did_the_same_say_nothing() -> None:
    y = np.full((1, 400), 0.1)
    with duckdb.connect() as connection:
        tables = [
            sums_of(["alike"], arm, np.ones((1, 400)), y, y, y * 0 + (arm == "treated"))
            for arm in ("treated", "held_out")
        ]
        found = judge(connection, tables, 400)
    assert found["verdict"].to_pylist() == ["too small to tell"]


def test_each_way_to_go_without_answers_its_own_question() -> None:
    """A message that brings 0.3 of an order, or 0.1 more than the one that goes out in its place."""
    draw = np.random.default_rng(4)
    arm_of = np.arange(60_000) % 3
    arms = {"treated": 1.3, "held_out": 1.0, "replaced": 1.2}
    y = draw.poisson(np.array(list(arms.values()))[arm_of]).astype(float)
    before = np.zeros(len(y))
    parts = [
        sums_of(["three arms"], arm, (arm_of == number)[None, :].astype(float), y, before, before)
        for number, arm in enumerate(arms)
    ]
    with duckdb.connect() as connection:
        found = judge(connection, parts, len(y)).to_pylist()
    told = {row["estimand"]: row for row in found}
    assert set(told) == {"against silence", "against what would have been sent instead"}
    assert {row["arm"] for row in found} == {"treated"}
    for question, effect in (("against silence", 0.3), ("against what would have been sent instead", 0.1)):
        row = told[question]
        assert abs(row["cuped_difference"] - effect) < 3 * row["cuped_error"] < 0.05
        assert row["verdict"] == "more"


def test_a_draw_that_lost_people_is_withheld() -> None:
    draw = np.random.default_rng(3)
    people = 200_000
    y, treated = draw.poisson(0.3, people).astype(float), draw.random(people) < 0.5
    dropped = treated & (draw.random(people) < 0.02)
    arms = (("treated", treated & ~dropped), ("held_out", ~treated))
    with duckdb.connect() as connection:
        tables = [sums_of(["lost"], arm, mask[None].astype(float), y, y, y * 0) for arm, mask in arms]
        found = judge(connection, tables, people)
    assert found["is_srm_failed"].to_pylist() == [True]
    assert found["cuped_difference"].to_pylist() == [None]
    assert found["verdict"].to_pylist()[0].startswith("withheld")
