"""`python -m tests.benchmarks replay_days [CUSTOMERS [DAYS]]`: what deciding some days in sequence costs.

The compiled models over a drawn world in memory, each day on the contacts that the days before have left, as replay
does it. Exits 1 above 20 CPU seconds for 20,000 customers and 30 days.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from orchestration.paths import PROJECT
from orchestration.replay.ahead import REMEMBER, RUN
from orchestration.replay.compiled import compile_models
from orchestration.replay.scratch import open_scratch
from tests.benchmarks.decide_world import AS_OF, put_large_world

MOST = 20.0


def main() -> None:
    customers, days = (int(told) for told in (*sys.argv[1:], *("20000", "30")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        models = compile_models(PROJECT, Path(folder))
    connection = open_scratch()
    connection.execute("set memory_limit = '2GB'")
    connection.execute("set threads = 2")
    put_large_world(connection, customers)
    connection.execute("alter table context.fct_contacts add column decision_id varchar")
    candidates, began, spent = 0, time.monotonic(), time.process_time()
    for day in range(days):
        models.run(connection, AS_OF + timedelta(days=day), RUN)
        [(rows,)] = connection.execute("select count(*) from decisions.int_ledger__this_run").fetchall()
        candidates += rows
        for statement in REMEMBER:
            connection.execute(statement)
    cpu = time.process_time() - spent
    print(
        f"{customers:,} customers, {days} days, {candidates:,} candidates:"
        f" {time.monotonic() - began:.1f} s wall, {cpu:.1f} CPU s"
    )
    sys.exit(1 if cpu > MOST * customers * days / 600_000 else 0)


if __name__ == "__main__":
    main()
