"""Experiments drawn by lot in worlds whose effect is known, as the sums that the models of lift start from."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tests.models.rendered import build

Numbers = NDArray[np.float64]
STATISTICS = ("int_lift_arms", "int_lift_pairs", "int_lift_compared", "fct_lift")


@dataclass(frozen=True)
class Shoppers:
    """n people over w weeks: what each spent by the end of each week (n, w), and in the weeks before (n,)."""

    spent: Numbers
    before: Numbers


def shoppers(seed: int, people: int, weeks: int, habit: float = 1.5) -> Shoppers:
    """People who buy at rates of their own (gamma), spending lognormal amounts."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(habit, 0.25 / habit, people)
    orders = draw.poisson(rate[:, None], (people, weeks))
    spent = (orders * draw.lognormal(3.2, 0.4, (people, weeks))).cumsum(axis=1)
    earlier = draw.poisson(rate * 8) * draw.lognormal(3.2, 0.3, people)
    return Shoppers(spent, earlier)


def drawn(
    connection: duckdb.DuckDBPyConnection, salts: int, people: int, bucket_of: str
) -> NDArray[np.bool_]:
    """(salts, people): who is treated, half of them, by the hash that assigns arms."""
    found = connection.execute(
        f"select {bucket_of} < 500 as is_treated from range({salts}) as s(salt), range({people}) as p(person)"
        " order by salt, person"
    ).fetchnumpy()["is_treated"]
    return np.asarray(found).reshape(salts, people)


def sums_of(names: list[str], arm: str, masks: Numbers, y: Numbers, x: Numbers, e: Numbers) -> pa.Table:
    """One row per trial. masks: (t, n) who counts; y, x, e: (n,) or one row per trial."""
    total = {"n": masks.sum(axis=-1)}
    for name, values in {"y": y, "yy": y * y, "x": x, "xx": x * x, "xy": x * y, "e": e, "ey": e * y}.items():
        total[f"sum_{name}"] = masks @ values if values.ndim == 1 else np.einsum("tn,tn->t", masks, values)
    constant = {"analysis": "intention to treat", "metric": "revenue", "arm": arm, "kind": "mean"}
    columns = {name: pa.array([value] * len(names)) for name, value in constant.items()}
    return pa.table({"experiment": names, **columns, **total})


def judge(connection: duckdb.DuckDBPyConnection, tables: list[pa.Table], planned: int) -> pa.Table:
    """fct_lift over these sums, by name of the experiment."""
    sums = pa.concat_tables(tables)
    connection.register("given", sums)
    connection.execute(
        "create or replace table int_lift_sums as select *, null::double as cap, 0::bigint as crossed_count,"
        " timestamp '2026-01-01' as started_at from given"
    )
    connection.execute(
        "create or replace table int_experiment_arms as select experiment, analysis, arm, n as unit_count,"
        " sum(n) over t / count(*) over t as expected_count,"
        " power(n - sum(n) over t / count(*) over t, 2) / (sum(n) over t / count(*) over t) as surprise"
        " from int_lift_sums window t as (partition by experiment, analysis)"
    )
    build(connection, STATISTICS, planned_people=planned)
    return connection.execute("select * from fct_lift order by experiment").to_arrow_table()
