"""The contest of who knows how often customers come back and what they bring: BG/NBD and spend against simple rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np

from estimators.contest import SURE
from estimators.lifetime import Numbers, Rhythm, Spend, expected, expected_spend, fit_rhythm, fit_spend
from estimators.next_items import lead
from orchestration.scoring.records import Verdict, measure

TEST_DAYS = 28
COHORTS = 10
READ = """
with held as (select customer_id, bought_date, amount_cents from {days}),
past as (
    select customer_id, min(bought_date) as first_date, max(bought_date) as last_date, count(*) - 1 as x,
        sum(amount_cents) - arg_min(amount_cents, bought_date) as repeat_cents
    from held where bought_date < $until group by customer_id),
later as (
    select customer_id, count(*) as later, sum(amount_cents) as later_cents
    from held where bought_date >= $until and bought_date < $ends group by customer_id)
select cast(x as double) as x, cast(last_date - first_date as double) as t_x,
    cast($until - first_date as double) as age, repeat_cents / 100.0 as spent,
    coalesce(later, 0)::double as later, coalesce(later_cents, 0) / 100.0 as later_spent
from past left join later using (customer_id) order by customer_id
"""


@dataclass(frozen=True)
class Past:
    """n customers by a day: repeat purchase days, age at the last, age, what they brought; and the TEST_DAYS after."""

    x: Numbers
    t_x: Numbers
    age: Numbers
    spent: Numbers
    later: Numbers
    later_spent: Numbers


@dataclass(frozen=True)
class Backtest:
    """What was predicted of each of n customers, by the model and by name of a rival, and what came (n,)."""

    prefix: str
    ours: Numbers
    rivals: dict[str, Numbers]
    later: Numbers

    def leads(self) -> dict[str, tuple[float, float]]:
        """By rival, how much smaller the model's squared error is, and the standard error of that."""
        own = -((self.ours - self.later) ** 2)
        return {name: lead(own, -((theirs - self.later) ** 2)) for name, theirs in self.rivals.items()}

    def lost_to(self) -> list[str]:
        """Rivals that the model does not surely beat."""
        return [name for name, (gain, error) in self.leads().items() if gain <= SURE * error]

    def reason(self) -> str:
        """The outcome in words."""
        lost = self.lost_to()
        return f"does not beat {' nor '.join(lost)}" if lost else f"beats {' and '.join(self.rivals)}"

    def measures(self) -> list[dict[str, Any]]:
        """Every figure as a row; steps are the customers in tenths by what was predicted of them."""
        rows = [measure("model", f"{self.prefix}actual", float(self.later.mean()))]
        for name, predicted in {"model": self.ours, **self.rivals}.items():
            error = float(((predicted - self.later) ** 2).mean())
            rows.append(measure(name, f"{self.prefix}squared_error", error))
            rows.append(measure(name, f"{self.prefix}predicted", float(predicted.mean())))
        for name, (gain, error) in self.leads().items():
            rows.append(measure(name, f"{self.prefix}lead", gain))
            rows.append(measure(name, f"{self.prefix}lead_error", error))
        tenths = np.array_split(np.argsort(self.ours, kind="stable"), COHORTS)
        for step, tenth in enumerate((part for part in tenths if len(part)), 1):
            for name, values in (("predicted", self.ours), ("actual", self.later)):
                rows.append(measure("model", f"{self.prefix}step_{name}", float(values[tenth].mean()), step))
        return rows


def contest_lifetimes(connection: duckdb.DuckDBPyConnection, days: str, as_of: datetime) -> Verdict:
    """Fit on what lies before the last TEST_DAYS, judge by the purchases in them and by what they brought.

    What customers bring is published only if that too beats its rivals: otherwise its parameters are left out.
    """
    until = as_of.date() - timedelta(days=TEST_DAYS)
    found = connection.execute(READ.format(days=days), {"until": until, "ends": as_of.date()}).fetchnumpy()
    past = Past(*(np.asarray(found[name], np.float64) for name in Past.__dataclass_fields__))
    try:
        rhythm, spend = fitted(past)
    except ValueError as problem:
        return Verdict(f"lifetime-{as_of:%Y%m%d}", "lifetime", False, str(problem), as_of)
    counts, amounts = backtests(past, rhythm, spend)
    is_sound = rhythm.a + rhythm.b > 1 and abs(rhythm.a - 1) > 1e-6
    is_worth = spend.q > 1 and not amounts.lost_to()
    reason = f"{counts.reason()}; of amounts it {amounts.reason()}"
    known = parameters(rhythm, spend if is_worth else None)
    return Verdict(
        f"lifetime-{as_of:%Y%m%d}", "lifetime", is_sound and not counts.lost_to(),
        reason if is_sound else "its parameters lie where no mean exists", as_of,
        datetime.combine(until, datetime.min.time()), len(past.x), len(past.x),
        tuple({"feature": name, "coefficient": value} for name, value in known.items()),
        (*counts.measures(), *amounts.measures()),
    )  # fmt: skip


def fitted(past: Past) -> tuple[Rhythm, Spend]:
    """Both models. ValueError where nobody has come back."""
    rhythm = fit_rhythm(past.x, past.t_x, past.age, np.ones(len(past.x)))
    again = (past.x > 0) & (past.spent > 0)
    means = past.spent[again] / past.x[again]
    return rhythm, fit_spend(past.x[again], means, np.ones(int(again.sum())))


def backtests(past: Past, rhythm: Rhythm, spend: Spend) -> tuple[Backtest, Backtest]:
    """Of purchases, and of what they brought."""
    purchases = expected(rhythm, past.x, past.t_x, past.age, TEST_DAYS)
    worth = expected_spend(spend, past.x, past.spent / np.maximum(past.x, 1))
    pairs = []
    for so_far in (past.x, past.spent):
        everybody = np.full(len(so_far), so_far.sum() / past.age.sum() * TEST_DAYS)
        own = so_far / np.maximum(past.age, 1) * TEST_DAYS
        pairs.append({"the rate so far": own, "the mean of everybody": everybody})
    return (
        Backtest("", purchases, pairs[0], past.later),
        Backtest("amount_", purchases * worth, pairs[1], past.later_spent),
    )


def parameters(rhythm: Rhythm, spend: Spend | None) -> dict[str, float]:
    """By the name SQL knows them by."""
    known = {"r": rhythm.r, "alpha": rhythm.alpha, "a": rhythm.a, "b": rhythm.b}
    if spend is not None:
        known |= {"spend_p": spend.p, "spend_q": spend.q, "spend_gamma": spend.gamma}
    return known
