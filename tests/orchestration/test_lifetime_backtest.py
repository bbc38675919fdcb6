"""What customers bring is published where it was right on days nobody had seen, and left out where it was not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd

from orchestration.scoring.lifetimes import COHORTS, TEST_DAYS, contest_lifetimes
from orchestration.scoring.records import Verdict

AS_OF = datetime(2026, 5, 1, 6)
DAYS, PEOPLE = 300, 3000


def bought(seed: int, is_free_at_last: bool = False) -> pd.DataFrame:
    """Days on which people buy who come often or seldom, spend much or little, and stay away one day."""
    dice = np.random.default_rng(seed)
    rows = []
    for person in range(PEOPLE):
        rate, leaving, taste = dice.gamma(0.8, 0.06), dice.beta(0.8, 2.5), dice.lognormal(3, 0.5)
        day = int(dice.integers(0, DAYS - 40))
        while day < DAYS:
            rows.append((f"c{person:04}", day, int(100 * taste * dice.gamma(6, 1 / 6))))
            if dice.random() < leaving:
                break
            day += 1 + int(dice.exponential(1 / rate))
    found = pd.DataFrame(rows, columns=["customer_id", "day", "amount_cents"])
    if is_free_at_last:
        found.loc[found.day >= DAYS - TEST_DAYS, "amount_cents"] = 0
    first = AS_OF.date() - timedelta(days=DAYS)
    return found.assign(bought_date=[first + timedelta(days=int(day)) for day in found.day])


def verdict(days: pd.DataFrame) -> Verdict:
    with duckdb.connect() as connection:
        connection.register("given", days)
        connection.execute(
            "create table days as select * replace (bought_date::date as bought_date) from given"
        )
        return contest_lifetimes(connection, "days", AS_OF)


def test_what_customers_bring_is_told_within_a_tenth_and_rises_with_what_was_foretold() -> None:
    days = bought(1)
    found = verdict(days)
    told = {(row["competitor"], row["measure"], row["step"]): row["value"] for row in found.measures}
    assert found.is_published, found.reason
    assert {row["feature"] for row in found.coefficients} > {"spend_p", "spend_q", "spend_gamma"}
    until: date = AS_OF.date() - timedelta(days=TEST_DAYS)
    known = set(days[days.bought_date < until].customer_id)
    later = days[(days.bought_date >= until) & days.customer_id.isin(known)]
    brought = later.amount_cents.sum() / 100 / len(known)
    assert abs(told["model", "amount_actual", 0] - brought) < 1e-9
    assert abs(told["model", "amount_predicted", 0] / brought - 1) < 0.1
    lowest, highest = (told["model", "amount_step_actual", step] for step in (1, COHORTS))
    assert highest > 10 * lowest


def test_amounts_that_lose_are_left_out_and_visits_stay() -> None:
    found = verdict(bought(1, is_free_at_last=True))
    assert found.is_published
    assert "of amounts it does not beat" in found.reason
    assert {row["feature"] for row in found.coefficients} == {"r", "alpha", "a", "b"}
