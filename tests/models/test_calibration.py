"""A channel that only follows those who would buy anyway is credited a lot and shown to bring nothing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from tests.models.rendered import build
from tests.models.trials import STATISTICS

PEOPLE, DAYS, HELD_OUT = 60_000, 60, 0.15
CHANNELS = {"email": 1, "retargeting": 2}
START = "timestamp '2026-01-01 00:00:00'"
DAY = 86400


@dataclass(frozen=True)
class World:
    """moments: touches and orders. arms: who is treated, per channel. caused: orders there would not have been."""

    moments: pa.Table
    arms: dict[str, np.ndarray]
    caused: int


def world_of(seed: int) -> World:
    """E-mail makes one reader in twelve buy; retargeting is shown to who is about to, and adds nothing."""
    draw = np.random.default_rng(seed)
    arms = {channel: draw.random(PEOPLE) >= HELD_OUT for channel in CHANNELS}
    second = draw.integers(4 * DAY, DAYS * DAY, PEOPLE)
    intends = draw.random(PEOPLE) < 0.08
    reads = arms["email"] & (draw.random(PEOPLE) < 0.3)
    caused = reads & ~intends & (draw.random(PEOPLE) < 1 / 12)
    orders = intends | caused
    follows = arms["retargeting"] & intends & (draw.random(PEOPLE) < 0.7)
    read_at = np.where(caused, second - 2 * DAY, draw.integers(0, DAYS * DAY, PEOPLE))
    kinds = (
        ("email", reads, read_at, CHANNELS["email"]),
        ("retargeting", follows, second - DAY // 4, CHANNELS["retargeting"]),
        ("order", orders, second, 0),
    )
    parts = []
    for name, who, when, channel in kinds:
        people = np.flatnonzero(who)
        parts.append(
            pa.table(
                {
                    "person": people,
                    "seconds": when[people],
                    "is_order": np.full(len(people), int(channel == 0)),
                    "moment_id": [f"{name} {person}" for person in people],
                    "channel": np.full(len(people), channel),
                }
            )
        )
    return World(pa.concat_tables(parts), arms, int(caused.sum()))


def calibrated(
    connection: duckdb.DuckDBPyConnection, world: World
) -> dict[tuple[str, str], dict[str, float]]:
    """int_channel_calibrations by channel and rule."""
    connection.register("moments", world.moments)
    connection.execute(
        f"create or replace table int_journey_moments as select person::bigint as customer_number,"
        f" {START} + to_seconds(seconds::bigint) as occurred_at, is_order, moment_id,"
        " case when is_order = 0 then (channel::bigint << 44) + 1 end as step_number,"
        f" 10::decimal(18, 2) as revenue_amount, {START} as loaded_at from moments"
    )
    for channel, treated in world.arms.items():
        connection.register(f"arm_{channel}", pa.table({"person": np.arange(PEOPLE), "is_treated": treated}))
    units = " union all ".join(
        f"select '{channel} holdout' as experiment, 'ghosts' as analysis, 'c' || person as customer_id,"
        f" case when is_treated then 'treated' else 'held_out' end as arm, {START} as started_at from arm_{channel}"
        for channel in CHANNELS
    )
    rows = ", ".join(
        f"('{c} holdout', 'channel', '{c}', 'held_out', {1000 * HELD_OUT}::bigint)" for c in CHANNELS
    )
    steps = ", ".join(f"(({n}::bigint << 44) + 1, '{c}')" for c, n in CHANNELS.items())
    for table, query in {
        "int_experiment_units": units,
        "experiments": f"from (values {rows}) as v(experiment, scope_type, scope_key, arm, per_mille)",
        "dim_path_steps": f"from (values {steps}) as v(step_number, channel)",
        "int_lift_sums": """
            select experiment, analysis, 'orders' as metric, arm, 'mean' as kind, count(*)::double as n,
                sum(y) as sum_y, sum(y * y) as sum_yy, 0.0::double as sum_x, 0.0::double as sum_xx,
                0.0::double as sum_xy, count(*) filter (arm = 'treated')::double as sum_e,
                sum(y) filter (arm = 'treated') as sum_ey, null::double as cap, 0::bigint as crossed_count,
                min(started_at) as started_at
            from int_experiment_units left join (
                select 'c' || customer_number as customer_id, count(*)::double as orders
                from int_journey_moments where is_order = 1 group by 1
            ) using (customer_id), lateral (select coalesce(orders, 0.0::double) as y) group by all""",
    }.items():
        connection.execute(f"create or replace table {table} as {query}")
    build(connection, ("int_experiment_arms", *STATISTICS), as_of="2026-03-05 00:00:00")
    chain = ("int_journey_customers", "int_journeys", "fct_journeys", "fct_journey_credits")
    build(connection, (*chain, "int_channel_calibrations"), as_of="2026-03-05 00:00:00")
    found = connection.execute("select * from int_channel_calibrations").to_arrow_table().to_pylist()
    return {(row["channel"], row["rule"]): row for row in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_calibrated_orders_hold_the_truth_whatever_the_rule_credits(seed: int) -> None:
    world = world_of(seed)
    with duckdb.connect() as connection:
        found = calibrated(connection, world)
    for rule in ("first", "last", "linear", "position", "time_decay", "shapley", "markov"):
        follower, email = found["retargeting", rule], found["email", rule]
        assert follower["factor_low"] <= 0 <= follower["factor_high"]
        worth = [email["credited_count"] * email[name] for name in ("factor_low", "factor_high")]
        assert worth[0] <= world.caused <= worth[1]
        assert worth[0] > 0, "what e-mail brings should be told from nothing"
    assert found["retargeting", "last"]["credited_count"] > 1.5 * world.caused, "credit should mislead here"
