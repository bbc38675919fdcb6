"""The contest of who knows the next product: cosine and EASE against popularity and own history, on a time split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from estimators.contest import SURE
from estimators.next_items import Hits, Numbers, cosine, ease, hits, lead, own_history, popularity
from orchestration.scoring.records import Verdict, measure

TEST_DAYS = 28
RIDGES = (30.0, 100.0, 300.0, 1000.0)
MOST_ITEMS, MOST_PEOPLE, LEAST_BUYERS, LEAST_ITEMS = 3000, 8000, 5, 3
NEIGHBOURS = 50
READ = """
with held as (select customer_id, item, bought_date from {purchases}),
items as (
    select item from held where bought_date < $until group by item having count(distinct customer_id) >= {buyers}
    order by count(distinct customer_id) desc, item limit {items}),
people as (
    select customer_id from held join items using (item) where bought_date < $until group by customer_id
    having count(distinct item) >= {least} order by md5(customer_id) limit {people})
select dense_rank() over (order by customer_id) - 1 as person, dense_rank() over (order by item) - 1 as place, item,
    count(*) filter (bought_date < $until) as times,
    count(*) filter (bought_date >= $until and bought_date < $ends) as later
from held join items using (item) join people using (customer_id)
group by customer_id, item order by person, place
"""


@dataclass(frozen=True)
class Split:
    """Counts of the past and what was bought after it, (people, items) each, with the items' names."""

    counts: Numbers
    wanted: NDArray[np.bool_]
    items: tuple[str, ...]


def read_split(connection: duckdb.DuckDBPyConnection, purchases: str, until: date) -> Split:
    """People and items known by a day, and what they bought in the TEST_DAYS from it on."""
    query = READ.format(
        purchases=purchases, buyers=LEAST_BUYERS, items=MOST_ITEMS, people=MOST_PEOPLE, least=LEAST_ITEMS
    )
    given = {"until": until, "ends": until + timedelta(days=TEST_DAYS)}
    found = connection.execute(query, given).fetchnumpy()
    person, place = np.asarray(found["person"], np.int64), np.asarray(found["place"], np.int64)
    shape = (int(person.max(initial=-1)) + 1, int(place.max(initial=-1)) + 1)
    counts, later = np.zeros(shape), np.zeros(shape, bool)
    counts[person, place] = np.asarray(found["times"], np.float64)
    later[person, place] = np.asarray(found["later"], np.int64) > 0
    names = dict(zip(place.tolist(), found["item"].tolist(), strict=True))
    return Split(counts, later, tuple(str(names[n]) for n in range(shape[1])))


def scores(split: Split, ridge: float) -> dict[str, Numbers]:
    """By model, (people, items) scores from the past alone."""
    bought, popular = (split.counts > 0).astype(np.float64), popularity(split.counts)
    return {
        "popularity": np.tile(popular, (len(bought), 1)),
        "own history": own_history(split.counts, popular),
        "cosine": bought @ cosine(bought, NEIGHBOURS),
        "ease": bought @ ease(bought, ridge),
    }


def outcomes(split: Split, found: Mapping[str, Numbers]) -> dict[str, dict[str, Hits]]:
    """By task and model, how well each did; the task of new items leaves out what was bought before."""
    tasks = {"new_product": split.counts == 0, "next_product": np.ones(split.counts.shape, bool)}
    return {
        task: {name: hits(given, split.wanted, allowed) for name, given in found.items()}
        for task, allowed in tasks.items()
    }


def contest_products(connection: duckdb.DuckDBPyConnection, purchases: str, as_of: datetime) -> list[Verdict]:
    """Choose between the contenders on the last split but one, judge the chosen on the last."""
    last = as_of.date() - timedelta(days=TEST_DAYS)
    before = read_split(connection, purchases, last - timedelta(days=TEST_DAYS))
    final = read_split(connection, purchases, last)
    if min(before.wanted.sum(), final.wanted.sum()) < 1:
        words = "too little history to learn from and test on"
        return [
            Verdict(f"{task}-{as_of:%Y%m%d}", task, False, words, as_of)
            for task in ("new_product", "next_product")
        ]
    ridge = max(RIDGES, key=lambda one: _mean(before, one, "ease"))
    earlier, later = (outcomes(split, scores(split, ridge)) for split in (before, final))
    return [_verdict(task, earlier[task], later[task], final, ridge, as_of) for task in later]


def _mean(split: Split, ridge: float, model: str) -> float:
    found = outcomes(split, {model: scores(split, ridge)[model]})
    return float(found["new_product"][model].recall.mean())


def _verdict(
    task: str, earlier: dict[str, Hits], later: dict[str, Hits], split: Split, ridge: float, as_of: datetime
) -> Verdict:
    chosen = max(("cosine", "ease"), key=lambda name: float(earlier[name].recall.mean()))
    rivals = ("popularity",) if task == "new_product" else ("popularity", "own history")
    leads = {rival: lead(later[chosen].recall, later[rival].recall) for rival in rivals}
    lost_to = [rival for rival, (gain, error) in leads.items() if gain <= SURE * error]
    reason = (
        f"{chosen} does not beat {' nor '.join(lost_to)}"
        if lost_to
        else f"{chosen} beats {' and '.join(rivals)}"
    )
    measures = [row for name, found in later.items() for row in _hit_rows(name, found)]
    measures += [measure(rival, "lead", gain) for rival, (gain, _) in leads.items()]
    measures += [measure(rival, "lead_error", error) for rival, (_, error) in leads.items()]
    verdict = Verdict(
        f"{task}-{as_of:%Y%m%d}", task, not lost_to, reason, as_of,
        datetime.combine(as_of.date() - timedelta(days=TEST_DAYS), datetime.min.time()),
        int((split.counts > 0).sum()), len(later[chosen].recall), measures=tuple(measures),
    )  # fmt: skip
    return replace(verdict, **_weights(task, chosen, split, ridge)) if verdict.is_published else verdict


def _hit_rows(name: str, found: Hits) -> list[dict[str, Any]]:
    figures = {"recall_at_10": found.recall, "ndcg_at_10": found.ndcg}
    return [measure(name, kind, float(values.mean())) for kind, values in figures.items()]


def _weights(task: str, chosen: str, split: Split, ridge: float) -> dict[str, Any]:
    """What SQL needs to propose new products: which model, and for EASE its weights over the whole past."""
    variant = {"feature": chosen, "coefficient": ridge if chosen == "ease" else 0.0}
    if chosen != "ease" or task != "new_product":
        return {"coefficients": (variant,)}
    table = ease(((split.counts > 0) | split.wanted).astype(np.float64), ridge)
    order = np.argsort(-table, axis=1, kind="stable")[:, :NEIGHBOURS]
    rows = [
        {"item": split.items[one], "neighbour": split.items[other], "weight": float(table[one, other])}
        for one in range(len(table))
        for other in order[one].tolist()
        if table[one, other] > 0
    ]
    return {"coefficients": (variant,), "item_weights": tuple(rows)}
