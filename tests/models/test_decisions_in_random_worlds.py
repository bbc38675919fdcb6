"""The models' decisions against plain Python's, under policies nobody would write; one, two and three runs a day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimators.budget_prices import solve
from orchestration.replay.ahead import REMEMBER, RUN
from tests.models.decision_comparison import breaches, differences, faults
from tests.models.decision_engine import Engine, compiled
from tests.models.decision_optimum import (
    FIRST_CAPACITY,
    Policies,
    best_of_all,
    best_value,
    large_policies,
    own_policies,
    plain_world,
    problem_of,
)
from tests.models.decision_world import make_world, seed_rows
from tests.models.random_policies import random_world

CALM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(compiled(str(tmp_path_factory.mktemp("compiled"))))


@settings(CALM, max_examples=40)
@given(seed=st.integers(0, 10**9), tightness=st.floats(0, 1))
def test_one_run_decides_as_plain_python_does(engine: Engine, seed: int, tightness: float) -> None:
    assert faults(engine, random_world(seed, tightness)) == []


def test_steps_written_down_one_by_one_decide_the_same(engine: Engine) -> None:
    stepwise = Engine(engine.models, in_steps=True)
    for seed in range(6):
        once, twice = (each.decide(random_world(seed)) for each in (engine, stepwise))
        assert [sorted(rows, key=str) for rows in once] == [sorted(rows, key=str) for rows in twice]
        assert once[1]


@settings(CALM, max_examples=12)
@given(seed=st.integers(0, 10**9), hours=st.lists(st.sampled_from([0.25, 3.0, 9.0]), min_size=1, max_size=2))
def test_further_runs_on_the_same_day_count_what_the_earlier_ones_decided(
    engine: Engine, seed: int, hours: list[float]
) -> None:
    assert faults(engine, random_world(seed), tuple(hours)) == []


@settings(CALM, max_examples=14)
@given(
    seed=st.integers(0, 10**9),
    news=st.lists(st.sampled_from([0.1, 0.3, 0.6, None]), min_size=2, max_size=4),
    hours=st.sampled_from([0.25, 2.0]),
)
def test_full_and_micro_runs_of_a_day_together_break_no_promise(
    engine: Engine, seed: int, news: list[float | None], hours: float
) -> None:
    assert faults(engine, random_world(seed), (hours,) * (len(news) - 1), tuple(news)) == []


@pytest.mark.parametrize(("tightness", "contacts"), [("loose", 4), ("middle", 14), ("tight", 32)])
def test_the_projects_own_policies_hold_in_loose_and_tight_worlds(
    engine: Engine, tightness: str, contacts: int
) -> None:
    world = make_world(400, seed=len(tightness), most_contacts=contacts)
    ledger, decisions = engine.decide(world)
    assert differences(world, ledger) == []
    assert breaches(world, decisions) == []
    reasons = Counter(row["first_reason"] for row in ledger)
    caps = {int(row["policy_id"]) for row in seed_rows("caps")}
    assert reasons[0] > 50
    assert reasons[2000] > 10
    assert len(caps & set(reasons)) >= {"loose": 10, "middle": 18, "tight": 18}[tightness], sorted(reasons)


@pytest.mark.parametrize("policies", [large_policies(3, {}), own_policies()], ids=["large", "own"])
def test_choices_come_close_to_the_best_possible_ones(engine: Engine, policies: Policies) -> None:
    engine.decide(plain_world(400, 3, 8, policies))
    problem = problem_of(engine, [], [])
    assert problem.chosen.sum() > 200
    assert 0.998 <= problem.value / best_of_all(problem) <= 1 + 1e-6


def test_prices_of_places_bring_more_than_scores_alone_and_nothing_is_exceeded(engine: Engine) -> None:
    capacities = {"email": 60, "sms": 15, "push": 40}
    world = plain_world(250, 4, 2, large_policies(1, capacities))
    found = []
    for _ in range(2):
        engine.decide(world)
        used = dict(engine.connection.sql("select policy_id, used from decisions.int_cap_counts").fetchall())
        left = [most - used.get(FIRST_CAPACITY + n, 0) for n, most in enumerate(capacities.values())]
        problem = problem_of(engine, list(capacities), left)
        assert (problem.spent <= problem.budgets).all()
        found.append(problem.value)
        prices = solve(problem.candidates, problem.room, problem.budgets)
        world.prices = [
            {"policy_id": FIRST_CAPACITY + n, "price": float(price), "is_future": False}
            for n, price in enumerate(prices)
        ]
    assert found[0] < found[1] <= best_value(problem, whole=False) + 1e-6
    assert found[1] >= 0.99 * best_value(problem, whole=False)


def test_each_day_ahead_is_remembered_once(engine: Engine) -> None:
    """All days of a look-ahead go by the name of one run: a day's own decisions are told from earlier ones."""
    world = random_world(7)
    engine.decide(world)
    engine.connection.execute("alter table context.fct_contacts add column decision_id varchar")
    days = [world.as_of + timedelta(days=day) for day in range(3)]
    for moment in days:
        engine.models.run(engine.connection, moment, RUN)
        for statement in REMEMBER:
            engine.connection.execute(statement)
    rows = engine.connection.sql(
        f"select decided_at, decision_id from staging.stg_downbeat__decisions where run_id = '{RUN}'"
    ).fetchall()
    [(contacts,)] = engine.connection.sql(
        "select count(*) from context.fct_contacts where decision_id is not null"
    ).fetchall()
    assert {moment for moment, _ in rows} == {day.replace(tzinfo=None) for day in days}
    assert len(rows) == contacts == len({decision_id for _, decision_id in rows})
