"""`python -m tests.benchmarks replay_days [CUSTOMERS [DAYS [CANDIDATES]]]`: what replaying some days costs.

A drawn world is decided day after day and published, and then replayed under the same policies, as `downbeat replay`
does it: read each release, decide anew on what the replay has decided so far, compare with what was published. What
is left out is compiling the models, once per replay. Exits 1 where a row differs, or above 20 CPU seconds for
20,000 customers, 30 days and 24 candidates a customer and day.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from orchestration.paths import PROJECT, Home
from orchestration.replay.compiled import compile_models
from orchestration.replay.replay import releases_of, replay_runs
from orchestration.replay.scratch import open_scratch
from tests.benchmarks.decide_world import AS_OF, put_seed, seeds
from tests.benchmarks.replay_world import record_days
from tests.models.decision_engine import SEEDS
from tests.models.decision_world import seed_rows

MOST = 20.0


def main() -> None:
    given = (*sys.argv[1:], *("20000", "30", "24")[len(sys.argv) - 1 :])
    customers, days, per_customer = (int(told) for told in given)
    with tempfile.TemporaryDirectory() as folder:
        home, began = Home(Path(folder)), sum(os.times()[:4])
        models = compile_models(PROJECT, Path(folder) / "compiled")
        compiled = sum(os.times()[:4]) - began
        with open_scratch() as connection:
            connection.execute("set memory_limit = '2GB'")
            record_days(connection, home, models, customers, days, per_customer)
        with open_scratch() as connection:
            connection.execute("set memory_limit = '2GB'")
            for name in SEEDS:
                put_seed(connection, name, seeds(customers).get(name, seed_rows(name)))
            releases = releases_of(home, AS_OF.date(), AS_OF.date() + timedelta(days=days))
            began, spent = time.monotonic(), time.process_time()
            rows, differing = replay_runs(connection, home, releases, models)
        cpu = time.process_time() - spent
    print(
        f"{customers:,} customers, {days} days, {rows:,} candidates, {differing:,} rows differ: {cpu:.1f} CPU s,"
        f" {time.monotonic() - began:.1f} s wall; compiling the models before: {compiled:.1f} CPU s"
    )
    sys.exit(1 if differing or cpu > MOST * customers * days / 600_000 else 0)


if __name__ == "__main__":
    main()
