"""`python -m tests.benchmarks.random_worlds [WORLDS]`: decisions against plain Python's in a thousand random worlds,
and the table of planted bugs. Exits 1 where one row differs, one promise is broken or one bug goes unnoticed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter

from orchestration.replay.compiled import Models
from tests.models.decision_comparison import breaches, differences, later
from tests.models.decision_engine import Engine, compiled
from tests.models.planted_bugs import BUGS, caught_after
from tests.models.random_policies import random_world


def play(models: Models, worlds: int) -> int:
    """Decide each world once, and every third one again some hours later. Returns how much was wrong."""
    engine, wrong, seen, begun = Engine(models), 0, Counter[str](), time.process_time()
    for number in range(1_000_000, 1_000_000 + worlds):
        world = random_world(number)
        for run in range(2 if number % 3 == 0 else 1):
            ledger, decisions = engine.decide(world)
            found, broken = differences(world, ledger), breaches(world, decisions)
            seen.update(row["outcome"] for row in ledger)
            seen.update(runs=1, differing=len(found), breaches=len(broken))
            for line in (found + broken)[:5]:
                print(f"world {number}, run {run + 1}: {line}")
            wrong += len(found) + len(broken)
            world = later(world, ledger, decisions, 5.0)
    print(f"{worlds} worlds, {time.process_time() - begun:.0f} CPU s: {dict(seen)}")
    return wrong


def plant(models: Models) -> int:
    """Plant every bug and print after how many worlds it was caught. Returns how many were not."""
    found = {bug.name: caught_after(models, bug) for bug in BUGS}
    for name, tried in found.items():
        print(f"| {name} | {f'caught in world {tried}' if tried else 'NOT CAUGHT'} |")
    missed = sum(tried is None for tried in found.values())
    print(f"{len(found) - missed} of {len(found)} planted bugs caught")
    return missed


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        models = compiled(folder)
        wrong = play(models, worlds) + plant(models)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
