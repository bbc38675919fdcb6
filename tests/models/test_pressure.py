"""Pressure and efficacy as the models compute them, in worlds where the busy are also the willing."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from tests.models.rendered import build

CAPS = (0, 1, 2, 3, 4)
TRUTH = {1: 0.04, 2: 0.025, 3: 0.012, 4: 0.0}
SEEDS, PEOPLE, WEEKS = 20, 12_000, 4


def weeks_of(seed: int) -> pa.Table:
    """People under caps drawn by lot. Who wishes for more also buys more, whatever they are sent."""
    draw = np.random.default_rng(seed)
    eager = draw.gamma(2.0, 1.0, PEOPLE)
    arm = draw.integers(0, len(CAPS), PEOPLE)
    wish = draw.poisson(eager[:, None] * 1.2, (PEOPLE, WEEKS))
    got = np.minimum(wish, np.array(CAPS)[arm][:, None])
    gained = np.r_[0.0, np.cumsum([TRUTH[n] for n in sorted(TRUTH)])][np.minimum(got, 4)]
    orders = draw.random((PEOPLE, WEEKS)) < 0.02 + 0.02 * eager[:, None] + gained
    flat: dict[str, NDArray[Any]] = {
        "customer_id": np.repeat(np.arange(PEOPLE), WEEKS),
        "week_number": np.tile(np.arange(WEEKS), PEOPLE),
        "arm": np.repeat(np.array([f"cap {cap}" for cap in CAPS])[arm], WEEKS),
        "wish_count": wish.ravel(),
        "contact_count": got.ravel(),
        "order_count": orders.ravel().astype(np.int64),
        "revenue_amount": orders.ravel() * 30.0,
        "opt_out_count": np.zeros(PEOPLE * WEEKS, np.int64),
    }
    return pa.table(flat)


def test_each_message_of_the_week_is_told_from_the_eagerness_of_who_gets_it() -> None:
    inside, observed = [], []
    with duckdb.connect() as connection:
        arms = " union all ".join(
            f"select 'caps' as experiment, 'cap {cap}' as arm, 'global' as scope_type, '*' as scope_key,"
            f" {cap}::bigint as max_count"
            for cap in CAPS
        )
        connection.execute(f"create table int_cap_arms as {arms}")
        for seed in range(SEEDS):
            connection.register("given", weeks_of(seed))
            connection.execute(
                "create or replace table int_pressure_weeks as"
                " select 'caps' as experiment, 'global' as scope_type, '*' as scope_key, * from given"
            )
            build(connection, ("int_pressure_sums", "int_pressure_effects"))
            found = connection.execute(
                "select max_count, effect, error from int_pressure_effects where metric = 'orders' order by 1"
            ).fetchall()
            inside += [abs(effect - TRUTH[count]) <= 1.96 * error for count, effect, error in found]
            [(fourth,)] = connection.execute(
                "select avg(order_count) filter (contact_count = 4) - avg(order_count) filter (contact_count = 3)"
                " from int_pressure_weeks"
            ).fetchall()
            observed.append(fourth)
    assert len(inside) == SEEDS * len(TRUTH)
    assert np.mean(inside) >= 0.90
    assert np.mean(observed) > 0.004, "the world should mislead who only counts"


STRATA = (0, 1, 2, 3)
MESSAGES = {"quiet": (0.55, 0.25, 0.15, 0.05), "busy": (0.05, 0.15, 0.25, 0.55)}
WORLDS, WINS, WITHHELD = 40, 12_000, 0.3


def wins_of(seed: int) -> pa.Table:
    """Two messages equally good at equal pressure; one is sent when people are written to a lot already."""
    draw = np.random.default_rng(seed)
    parts = []
    for name, mix in MESSAGES.items():
        stratum = draw.choice(len(STRATA), WINS, p=mix)
        is_sent = draw.random(WINS) > WITHHELD
        lift = 0.06 - 0.015 * stratum
        bought = draw.random(WINS) < 0.05 + 0.03 * stratum + lift * is_sent
        clicked = is_sent & (draw.random(WINS) < 0.03 + 0.03 * stratum)
        parts.append(
            pa.table(
                {
                    "message_id": [name] * WINS,
                    "customer_id": np.arange(WINS),
                    "experiment": [name] * WINS,
                    "is_sent": is_sent,
                    "stratum": stratum,
                    "has_ordered": bought.astype(float),
                    "is_credited": (bought & clicked).astype(float),
                }
            )
        )
    return pa.concat_tables(parts)


@pytest.fixture(scope="module")
def judged() -> list[dict[str, dict[str, Any]]]:
    """fct_message_efficacy of every world, by message; a stratum needs 300 withheld people of each."""
    worlds = []
    with duckdb.connect() as connection:
        for seed in range(WORLDS):
            connection.register("int_message_wins", wins_of(seed))
            build(connection, ("int_message_strata", "fct_message_efficacy"), least_withheld=300)
            rows = connection.execute("select * from fct_message_efficacy").to_arrow_table().to_pylist()
            worlds.append({row["message_id"]: row for row in rows})
    return worlds


def truth_of(row: dict[str, Any], seed: int) -> float:
    """The lift at the mix of pressures compared."""
    wins = wins_of(seed)
    kept = [int(part) for part in row["compared_pressure"].split(", ")]
    counts = np.bincount(wins["stratum"].to_numpy(), minlength=len(STRATA))[kept]
    return float(np.average([0.06 - 0.015 * stratum for stratum in kept], weights=counts))


def test_at_one_pressure_equal_messages_are_equal(judged: list[dict[str, dict[str, Any]]]) -> None:
    inside, differ, misled = [], [], []
    for seed, world in enumerate(judged):
        quiet, busy = world["quiet"], world["busy"]
        assert quiet["compared_pressure"] == busy["compared_pressure"]
        for row in (quiet, busy):
            inside.append(abs(row["common_lift"] - truth_of(row, seed)) <= 1.96 * row["common_error"])
        gap = quiet["common_lift"] - busy["common_lift"]
        differ.append(abs(gap) > 1.96 * np.hypot(quiet["common_error"], busy["common_error"]))
        misled.append(busy["click_credited_rate"] > quiet["click_credited_rate"])
    assert np.mean(inside) >= 0.90
    assert np.mean(differ) <= 0.15
    assert np.mean(misled) == 1, "clicks should rank the busy message first"
    as_sent = np.mean([w["quiet"]["as_sent_lift"] - w["busy"]["as_sent_lift"] for w in judged])
    assert as_sent > 0.01, "as sent, the two should look different"


def test_strata_without_common_support_are_named(judged: list[dict[str, dict[str, Any]]]) -> None:
    for world in judged:
        row = world["busy"]
        left_out = set(filter(None, (row["left_out_pressure"] or "").split(", ")))
        assert left_out | set(row["compared_pressure"].split(", ")) == {str(s) for s in STRATA}
    assert any(world["busy"]["left_out_pressure"] for world in judged)
