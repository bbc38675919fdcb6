"""Scores know no future, are in SQL what they are in Python, and are gone when their model loses."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from estimators.lifetime import Rhythm, Spend, alive, expected, expected_spend
from estimators.next_items import cosine
from orchestration.export import duckdb_reader
from orchestration.paths import Home
from orchestration.scoring.learning import is_due, learn_all
from orchestration.scoring.models import MODELS, best_ridge, known_messages, learn
from orchestration.scoring.outcomes import read_outcomes, split
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
    names = ", ".join(sorted(str(row[0]) for row in rows(world, "describe scores.int_features__now")))
    then = f"select {names} from scores.int_features__measured where cutoff_number = 2 order by all"
    known, cutoff = rows(world, then), AS_OF - timedelta(days=28)
    blind = Home(world.root.parent / "blind")
    shutil.copytree(world.root, blind.root)
    hide_the_future(blind, cutoff)
    build(blind, cutoff)
    now = rows(blind, f"select {names} from scores.int_features__now order by all")
    assert len(known) > 1000
    assert now == known


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
