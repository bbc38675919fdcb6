"""Scores know no future, are in SQL what they are in Python, and are gone when their model loses."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from estimators.contest import contest
from estimators.lifetime import Rhythm, Spend, alive, expected, expected_spend
from estimators.next_items import cosine
from orchestration.export import duckdb_reader
from orchestration.paths import Home
from orchestration.scoring.habits import HABITS, PRIOR_COUNTS, Habit, base_share, best_prior, own_share
from orchestration.scoring.learning import is_due, learn_all
from orchestration.scoring.models import MODELS, best_ridge, known_messages, learn
from orchestration.scoring.outcomes import Table, read_outcomes, split
from orchestration.scoring.records import Verdict, commit_verdict
from tests.orchestration.scored_world import AS_OF, build, hide_the_future, put_world, rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("scores") / "home")
    put_world(home)
    build(home)
    return home


@pytest.fixture(scope="module")
def verdicts(world: Home) -> dict[str, Verdict]:
    found = learn_all(world, build(world))
    build(world)
    return {verdict.model: verdict for verdict in found}


def test_features_with_the_future_hidden_are_the_same_bit_for_bit(world: Home) -> None:
    measured = ("int_features__measured", "int_habits__timed", "int_habits__answered")
    asked = "select * exclude (cutoff_number) from scores.{} where cutoff_number = {} order by all"
    blind = Home(world.root.parent / "blind")
    shutil.copytree(world.root, blind.root)
    hide_the_future(blind, AS_OF - timedelta(days=28))
    build(blind, AS_OF - timedelta(days=28))
    for table in measured:
        known, now = rows(world, asked.format(table, 2)), rows(blind, asked.format(table, 0))
        assert len(known) > 1000, table
        assert now == known, table


def test_a_score_in_sql_is_the_score_in_python(world: Home, verdicts: dict[str, Verdict]) -> None:
    assert verdicts["purchase"].is_published
    assert verdicts["response"].is_published
    verdict = verdicts["purchase"]
    names = [str(row["feature"]) for row in verdict.coefficients[1:]]
    weights, center, scale = (
        np.array([row[part] for row in verdict.coefficients[1:]])
        for part in ("coefficient", "center", "scale")
    )
    found = rows(
        world,
        f"select probability, {', '.join(names)} from scores.fct_scores join scores.int_features__now"
        " using (customer_id) where model = 'purchase'",
    )
    table = np.array(found, dtype=float)
    logit = verdict.coefficients[0]["coefficient"] + ((np.log1p(table[:, 1:]) - center) / scale) @ weights
    assert len(table) > 1000
    np.testing.assert_allclose(table[:, 0], 1 / (1 + np.exp(-logit)), rtol=0, atol=1e-9)


@pytest.mark.usefixtures("verdicts")
def test_a_response_in_sql_is_the_response_in_python(world: Home) -> None:
    connection, relations = duckdb_reader(world, ["int_outcomes__responded"])
    with connection:
        train, test = split(read_outcomes(connection, relations["int_outcomes__responded"]))
    learned = learn(MODELS[1], train, test, {"m0": 0.3, "m1": 0.3, "m2": 0.3})
    assert best_ridge(train, known_messages(train)) > 0
    found = rows(
        world,
        f"select 1 / (1 + exp(-(s.logit_pico + w.logit_pico) / 1e12)), w.message_id, {', '.join(train.names)}"
        " from scores.fct_scores s join scores.int_features__now using (customer_id)"
        " join scores.fct_message_weights w on w.model_version = s.model_version where s.model = 'response'",
    )
    amounts = np.log1p(np.array([row[2:] for row in found], dtype=float))
    about = np.array([row[1] for row in found])
    design = np.hstack([amounts, *((about == m).astype(float)[:, None] for m in known_messages(train))])
    shares = np.array([row[0] for row in found], dtype=float)
    np.testing.assert_allclose(shares, learned.fit.predict(design), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("habit", "table", "share"),
    [(HABITS[0], "fct_send_times", "share"), (HABITS[1], "fct_channel_affinities", "answer_rate")],
)
def test_a_habit_in_sql_is_the_habit_in_python(
    world: Home, verdicts: dict[str, Verdict], habit: Habit, table: str, share: str
) -> None:
    verdict = verdicts[habit.name]
    assert verdict.is_published, verdict.reason
    keys = "weekday_part, hour_band" if habit.name == "send_time" else "channel"
    counted = ["own_trial_count", "own_success_count", "base_trial_count", "base_success_count"]
    source = {"send_time": "int_habits__timed", "channel_affinity": "int_habits__answered"}[habit.name]
    found = np.array(
        rows(
            world,
            f"select {share}, {', '.join(counted)} from scores.{table}"
            f" join scores.{source} using (customer_id, {keys}) where cutoff_number = 0",
        ),
        dtype=float,
    )
    prior = verdict.coefficients[0]["coefficient"]
    assert len(found) > 1000
    expected = (found[:, 2] + prior * found[:, 4] / found[:, 3]) / (found[:, 1] + prior)
    np.testing.assert_allclose(found[:, 0], expected, rtol=0, atol=5.1e-7)


def test_people_are_met_in_the_hours_they_keep(world: Home, verdicts: dict[str, Verdict]) -> None:
    told = {(row["competitor"], row["measure"]): row["value"] for row in verdicts["send_time"].measures}
    assert told["model", "log_loss"] < told["everybody's hours", "log_loss"]
    assert told["model", "predicted"] == pytest.approx(told["model", "actual"], rel=0.02)
    favourite = rows(
        world,
        "select cast(substr(customer_id, 2) as int) % 3, mode(hour_band) from scores.fct_send_times"
        " where place = 1 group by 1 order by 1",
    )
    assert favourite == [(0, "00 to 06"), (1, "09 to 12"), (2, "15 to 18")]


def test_nobody_has_a_habit_where_there_is_none() -> None:
    dice = np.random.default_rng(8)
    shares = dice.dirichlet(np.ones(6) * 20)
    past, later = (dice.multinomial(n, shares, size=3000).ravel() for n in (12, 4))
    people = np.repeat(np.arange(3000), 6)
    amounts = {
        "own_trial_count": np.full(18000, 12), "own_success_count": past,
        "base_trial_count": np.full(18000, 36000),
        "base_success_count": np.tile(past.reshape(-1, 6).sum(axis=0), 3000),
    }  # fmt: skip
    columns = np.column_stack(list(amounts.values())).astype(float)
    table = Table(
        tuple(amounts), columns, np.full(18000, 4.0), later.astype(float),
        np.where(people % 2 == 0, 1, 2), people, np.full(18000, ""),
    )  # fmt: skip
    train, test = split(table)
    prior = best_prior(train, own_share)
    found = contest(
        test.outcomes(()), own_share(test, prior), {"everybody's hours": base_share(test)}, test.people
    )
    assert prior == max(PRIOR_COUNTS)
    assert not found.is_won


def test_the_model_tells_the_share_that_buys_within_a_tenth(verdicts: dict[str, Verdict]) -> None:
    told = {(row["competitor"], row["measure"]): row["value"] for row in verdicts["purchase"].measures}
    assert told["model", "predicted"] == pytest.approx(told["model", "actual"], rel=0.1)
    assert (
        told["model", "log_loss"]
        < told["recency and frequency", "log_loss"]
        < told["the base rate", "log_loss"]
    )


def test_a_new_product_is_proposed_once_its_model_beats_popularity(
    world: Home, verdicts: dict[str, Verdict]
) -> None:
    assert verdicts["new_product"].is_published, verdicts["new_product"].measures
    proposed = rows(
        world,
        "select count(*), count(*) filter (i.place = s.kind) from scores.fct_next_products"
        " join (select name as item, category as place from staging.stg_shop__products) i using (item)"
        " join (select name as because_item, category as kind from staging.stg_shop__products) s using (because_item)",
    )
    assert proposed[0][0] > 3000
    assert proposed[0][1] > 0.8 * proposed[0][0]


def test_similarity_in_sql_is_similarity_in_numpy(world: Home) -> None:
    held = rows(world, "select distinct customer_id, item from scores.int_item_purchases order by all")
    people = {name: n for n, name in enumerate(sorted({row[0] for row in held}))}
    items = {name: n for n, name in enumerate(sorted({row[1] for row in held}))}
    bought = np.zeros((len(people), len(items)))
    for person, item in held:
        bought[people[person], items[item]] = 1
    found = rows(world, "select item, neighbour, similarity_e10 / 1e10 from scores.int_item_similarities")
    expected = cosine(bought, len(items))
    assert len(found) > 2000
    for item, neighbour, similarity in found:
        assert similarity == pytest.approx(expected[items[item], items[neighbour]], abs=1e-9)


def test_learning_waits_for_a_week_and_a_loser_ends_the_scores(
    world: Home, verdicts: dict[str, Verdict]
) -> None:
    assert not is_due(world, AS_OF + timedelta(days=6))
    assert is_due(world, AS_OF + timedelta(days=7))
    loser = replace(
        verdicts["response"], version="response-later", is_published=False,
        reason="does not beat the rate of each message", fitted_at=AS_OF + timedelta(hours=1),
    )  # fmt: skip
    commit_verdict(world, loser)
    build(world)
    assert rows(world, "select distinct model from scores.fct_scores") == [("purchase",)]
    assert rows(world, "select count(*) from scores.fct_message_weights") == [(0,)]


@pytest.mark.usefixtures("verdicts")
def test_a_lifetime_in_sql_is_the_lifetime_in_python(world: Home) -> None:
    given = rows(
        world, "select r, alpha, a, b, spend_p, spend_q, spend_gamma from scores.int_lifetime_weights"
    )
    if not given:
        pytest.skip("these people never lapse: no lifetime model beats the rate so far")
    rhythm, spend = Rhythm(*given[0][:4]), Spend(*given[0][4:])
    found = np.array(
        rows(
            world,
            "select repeat_count, last_age_days, age_days, repeat_cents / 100, alive_probability,"
            " expected_purchases_90d, expected_purchases_365d, expected_amount_365d"
            " from scores.fct_lifetimes join scores.int_lifetime_histories using (customer_id)",
        ),
        dtype=float,
    )
    x, t_x, age, spent = found[:, :4].T
    np.testing.assert_allclose(found[:, 4], alive(rhythm, x, t_x, age), atol=1e-6)
    for column, days in ((5, 90.0), (6, 365.0)):
        np.testing.assert_allclose(
            found[:, column], expected(rhythm, x, t_x, age, days), rtol=1e-5, atol=2e-6
        )
    value = found[:, 6] * expected_spend(spend, x, spent / np.maximum(x, 1))
    np.testing.assert_allclose(found[:, 7], value, atol=0.02, rtol=1e-4)
