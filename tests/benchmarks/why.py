"""`python -m tests.benchmarks why [--customers 1000000] [--days 35]`: how long `downbeat why` takes at scale.

The real code, from the question to the whole answer, without starting the command; customers are asked for by id and by
e-mail address, for one message on one day and for all messages of a week. Exits 1 where p95 passes the bar.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import click
import numpy as np

from orchestration.paths import Home
from orchestration.why import explain
from tests.benchmarks.why_release import LAST, MESSAGES, draw_release

BAR = 0.250


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--days", default=35, show_default=True)
@click.option("--candidates", default=40, show_default=True, help="A customer's, each day.")
@click.option("--questions", default=200, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; temporary if not given.")
def main(customers: int, days: int, candidates: int, questions: int, folder: Path | None) -> None:
    """Draw the release, ask, and print how long the answers took."""
    with tempfile.TemporaryDirectory() as fallback:
        home = Home((folder or Path(fallback)).resolve())
        began = time.process_time()
        ids = draw_release(home, customers, days, candidates)
        size = sum(file.stat().st_size for file in home.releases.rglob("fct_ledger/**/*.parquet"))
        print(f"{customers * days * candidates:,} ledger rows, {size / 1e9:.2f} GB; "
              f"drawn in {time.process_time() - began:.0f} CPU s", flush=True)  # fmt: skip
        failed = False
        for name, is_day in (("one message on one day", True), ("everything of seven days", False)):
            walls, work = ask(home, ids, questions, days, is_day)
            p50, p95 = np.percentile(walls, [50, 95])
            failed |= is_day and p95 > BAR
            print(f"{name}: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, most {1000 * max(walls):.0f} ms wall; "
                  f"p95 {1000 * np.percentile(work, 95):.0f} ms CPU; {questions} questions (bar {1000 * BAR:.0f} ms)",
                  flush=True)  # fmt: skip
    sys.exit(1 if failed else 0)


def ask(
    home: Home, ids: list[str], questions: int, days: int, is_day: bool
) -> tuple[list[float], list[float]]:
    """Seconds of wall and of CPU that each question took."""
    dice, walls, work = random.Random(7), [], []
    for number in range(questions):
        customer = dice.choice(ids)
        who = customer if number % 2 else f"email-{customer}"
        on = LAST - timedelta(days=dice.randrange(days)) if is_day else None
        message = f"m{dice.randrange(MESSAGES)}" if is_day else None
        began, spent = time.perf_counter(), time.process_time()
        answer = explain(home, who, message, on)
        walls.append(time.perf_counter() - began)
        work.append(time.process_time() - spent)
        assert answer.customer_id == customer
        assert is_day or answer.considered
    return walls, work


if __name__ == "__main__":
    main()
