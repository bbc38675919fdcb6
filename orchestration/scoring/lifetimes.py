"""The contest of who knows how often customers come back: BG/NBD against the rate so far and the mean of everybody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np

from estimators.contest import SURE
from estimators.lifetime import Numbers, Rhythm, Spend, expected, fit_rhythm, fit_spend
from estimators.next_items import lead
from orchestration.scoring.records import Verdict, measure

TEST_DAYS = 28
READ = """
with held as (select customer_id, bought_date, amount_cents from {days}),
past as (
    select customer_id, min(bought_date) as first_date, max(bought_date) as last_date, count(*) - 1 as x,
        sum(amount_cents) - arg_min(amount_cents, bought_date) as repeat_cents
    from held where bought_date < $until group by customer_id)
select cast(x as double) as x, cast(last_date - first_date as double) as t_x,
    cast($until - first_date as double) as age, repeat_cents / 100.0 as spent,
    (select count(*) from held where held.customer_id = past.customer_id and bought_date >= $until
        and bought_date < $ends)::double as later
from past order by customer_id
"""


def contest_lifetimes(connection: duckdb.DuckDBPyConnection, days: str, as_of: datetime) -> Verdict:
    """Fit on what lies before the last TEST_DAYS, judge by the purchases in them."""
    until = as_of.date() - timedelta(days=TEST_DAYS)
    given = {"until": until, "ends": as_of.date()}
    found = connection.execute(READ.format(days=days), given).fetchnumpy()
    x, t_x, age, spent, later = (
        np.asarray(found[name], np.float64) for name in ("x", "t_x", "age", "spent", "later")
    )
    try:
        rhythm = fit_rhythm(x, t_x, age, np.ones(len(x)))
        again = (x > 0) & (spent > 0)
        spend = fit_spend(x[again], spent[again] / x[again], np.ones(int(again.sum())))
    except ValueError as problem:
        return Verdict(f"lifetime-{as_of:%Y%m%d}", "lifetime", False, str(problem), as_of)
    ours = expected(rhythm, x, t_x, age, TEST_DAYS)
    rivals = {
        "the rate so far": x / np.maximum(age, 1) * TEST_DAYS,
        "the mean of everybody": np.full(len(x), x.sum() / age.sum() * TEST_DAYS),
    }
    return _verdict(ours, rivals, later, (rhythm, spend), as_of, until)


def _verdict(
    ours: Numbers,
    rivals: dict[str, Numbers],
    later: Numbers,
    found: tuple[Rhythm, Spend],
    as_of: datetime,
    until: date,
) -> Verdict:
    rhythm, spend = found
    leads = {name: lead(-((ours - later) ** 2), -((theirs - later) ** 2)) for name, theirs in rivals.items()}
    lost_to = [name for name, (gain, error) in leads.items() if gain <= SURE * error]
    is_sound = rhythm.a + rhythm.b > 1 and spend.q > 1 and abs(rhythm.a - 1) > 1e-6
    reason = f"beats {' and '.join(rivals)}" if not lost_to else f"does not beat {' nor '.join(lost_to)}"
    return Verdict(
        f"lifetime-{as_of:%Y%m%d}", "lifetime", not lost_to and is_sound,
        reason if is_sound else "its parameters lie where no mean exists", as_of,
        datetime.combine(until, datetime.min.time()), len(ours), len(ours),
        tuple({"feature": name, "coefficient": value} for name, value in parameters(rhythm, spend).items()),
        tuple(_measures(ours, rivals, later, leads)),
    )  # fmt: skip


def parameters(rhythm: Rhythm, spend: Spend) -> dict[str, float]:
    """By the name SQL knows them by."""
    return {
        "r": rhythm.r,
        "alpha": rhythm.alpha,
        "a": rhythm.a,
        "b": rhythm.b,
        "spend_p": spend.p,
        "spend_q": spend.q,
        "spend_gamma": spend.gamma,
    }


def _measures(
    ours: Numbers, rivals: dict[str, Numbers], later: Numbers, leads: dict[str, tuple[float, float]]
) -> list[dict[str, Any]]:
    rows = [measure("model", "actual", float(later.mean()))]
    for name, predicted in {"model": ours, **rivals}.items():
        rows.append(measure(name, "squared_error", float(((predicted - later) ** 2).mean())))
        rows.append(measure(name, "predicted", float(predicted.mean())))
    for name, (gain, error) in leads.items():
        rows += [measure(name, "lead", gain), measure(name, "lead_error", error)]
    return rows
