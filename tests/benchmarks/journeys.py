"""Journeys at scale: CPU seconds and memory of a full build, of one customer in a hundred, and beside a peer.

python -m tests.benchmarks.journeys --customers 1000000 --touches 50 --peer <python with ChannelAttribution>
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from estimators.markov import Moves, fit
from tests.benchmarks.journeys_world import make_touches, merge_customers, put_events, put_news
from tests.models.rendered import build, rendered

AS_OF = "2026-07-01 00:00:00"
BUILT = ("int_journey_customers", "int_journeys")
PEER = """
import sys, time, json, resource
import pandas as pd
from ChannelAttribution import heuristic_models, markov_model
before = time.process_time()
data = pd.read_parquet(sys.argv[1])
read = time.process_time() - before
before = time.process_time()
heuristic_models(data, "path", "converted", flg_pro=False)
markov_model(data, "path", "converted", var_null="failed", verbose=False, flg_pro=False)
print(json.dumps({"cpu": time.process_time() - before, "read": read}))
"""


def timed(words: str, work: Callable[[], object]) -> float:
    """CPU seconds of the process while it works, printed."""
    before = time.process_time()
    work()
    spent = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{words:<58}{spent:8.1f} CPU s   peak {memory:4.1f} GB", flush=True)
    return spent


def news(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """What dbt's incremental run does with a model when one customer in a hundred has a late touch."""
    query = rendered(model, is_incremental=True, as_of=AS_OF)
    connection.execute(f"create or replace temp table news as {query}")
    connection.execute(f"delete from {model} where customer_id in (select customer_id from news)")
    connection.execute(f"insert into {model} select * from news")


def again(connection: duckdb.DuckDBPyConnection, words: str) -> None:
    """What a run does for journeys, and what that cost."""
    found = timed(f"{words}: who that is", lambda: news(connection, BUILT[0]))
    built = timed("their journeys again", lambda: news(connection, BUILT[1]))
    print(f"{f'{words}, all together':<58}{found + built:8.1f} CPU s")


def attribution(connection: duckdb.DuckDBPyConnection) -> None:
    """Every rule's total per channel, touch by touch, and the chain with its intervals."""
    build(connection, ("fct_journey_credits",), as_of=AS_OF)
    rules = ("first", "last", "linear", "position", "time_decay", "shapley_channel")
    sums = ", ".join(f"sum({rule}_micro)" for rule in rules)
    connection.execute(f"select step_number >> 44, {sums} from fct_journey_credits group by 1").fetchall()
    chain(connection)


def chain(connection: duckdb.DuckDBPyConnection) -> None:
    """The exact chain of channels, of orders and of revenue, and 100 times more without a group of customers."""
    build(connection, ("fct_path_transitions",), as_of=AS_OF)
    found = connection.execute(
        "select bucket, from_step, to_step, sum(move_count)::double as n, sum(revenue_amount)::double as paid"
        " from fct_path_transitions group by all"
    ).fetchnumpy()
    group, origin, target = (np.asarray(found[name]) for name in ("bucket", "from_step", "to_step"))
    fit(Moves(group, origin, target, np.asarray(found["n"]), np.asarray(found["paid"])))


def chain_alone(connection: duckdb.DuckDBPyConnection) -> None:
    """The exact chain of channels without months, groups of customers and intervals."""
    found = connection.execute(
        """select from_step, to_step, count(*)::double as n,
            sum(case when to_step = -2 then revenue_amount else 0 end)::double as paid
        from (select revenue_amount, unnest([-1::bigint] || path) as from_step,
                unnest(path || [case when outcome = 'converted' then -2::bigint else -3::bigint end]) as to_step
            from fct_journeys where outcome <> 'open')
        where from_step <> to_step group by all"""
    ).fetchnumpy()
    origin, target = (np.asarray(found[name]) for name in ("from_step", "to_step"))
    fit(Moves(np.zeros_like(origin), origin, target, np.asarray(found["n"]), np.asarray(found["paid"])))


def work_of_the_peer(
    connection: duckdb.DuckDBPyConnection, chain: Callable[[duckdb.DuckDBPyConnection], None]
) -> None:
    """What ChannelAttribution computes, from the same journeys: first, last and linear per channel, and the chain."""
    led = "from fct_journeys where outcome = 'converted'"
    connection.execute(f"select path[1] >> 44, path[-1] >> 44, count(*) {led} group by all").fetchall()
    connection.execute(
        f"select step >> 44, sum(part) from (select unnest(path) as step, 1e0 / touch_count as part {led}) group by 1"
    ).fetchall()
    chain(connection)


def beside_the_peer(connection: duckdb.DuckDBPyConnection, python: Path) -> None:
    """The same journeys as the strings of names it reads, counted by path; told without and with making them."""
    whole = timed(
        "first, last, linear, exact Markov, 100 groups left out", lambda: work_of_the_peer(connection, chain)
    )
    ours = timed("the same without intervals", lambda: work_of_the_peer(connection, chain_alone))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.parquet"
        paths = f"""copy (select array_to_string([chr(65 + (x >> 44)::int) for x in path], ' > ') as path,
                count(*) filter (outcome = 'converted') as converted,
                count(*) filter (outcome = 'null') as failed from fct_journeys where outcome <> 'open' group by 1)
            to '{file}' (format parquet)"""
        made = timed("its input: paths as text, counted", lambda: connection.execute(paths))
        done = subprocess.run([python, "-c", PEER, file], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    for words, theirs in (
        ("ChannelAttribution, first, last, linear and Markov", told["cpu"]),
        ("the same with its input made and read", told["cpu"] + told["read"] + made),
    ):
        beside = f"{theirs / whole:4.1f} times ours, {theirs / ours:4.1f} without intervals"
        print(f"{words:<58}{theirs:8.1f} CPU s   {beside}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--touches", type=int, default=50)
    asked.add_argument("--memory", default="5GB")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--peer", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/journeys.duckdb") as connection:
        connection.execute(f"set memory_limit = '{given.memory}'; set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = '{folder}/spill'; set threads = {given.threads}")
        print(
            f"{given.customers:,} customers, {given.customers * given.touches:,} touches, {given.threads} threads"
        )
        put_events(connection, given.customers, given.touches)
        timed("touches of events, as each run makes them: not counted", lambda: make_touches(connection))
        whole = timed("all journeys", lambda: build(connection, BUILT, as_of=AS_OF))
        connection.execute(f"create view fct_journeys as {rendered('fct_journeys', as_of=AS_OF)}")
        told = timed(
            "credits by six rules, exact Markov, 100 groups left out", lambda: attribution(connection)
        )
        print(f"{'full build':<58}{whole + told:8.1f} CPU s")
        put_news(connection)
        again(connection, "one customer in a hundred with news")
        merge_customers(connection)
        again(connection, "three customers who are one")
        [(carried,)] = connection.execute("select bit_xor(hash(j)) from fct_journeys as j").fetchall()
        build(connection, BUILT, as_of=AS_OF)
        [(anew,)] = connection.execute("select bit_xor(hash(j)) from fct_journeys as j").fetchall()
        print("rows identical to a full build" if carried == anew else "ROWS DIFFER FROM A FULL BUILD")
        if given.peer:
            beside_the_peer(connection, given.peer)
        sys.exit(0 if carried == anew else 1)


if __name__ == "__main__":
    main()
