"""`python -m tests.benchmarks.optimum`: decisions against the exact optimum, and capacities against their dual bound.

Exits 1 below 0.998 of the optimum, below 0.999 of the bound, or over any capacity. Prices from few customers are noisy:
what that costs is printed, and no line is drawn.
"""

from __future__ import annotations

import sys
import tempfile

import numpy as np

from estimators.budget_prices import Candidates, solve
from orchestration.replay.compiled import Models
from tests.models.decision_engine import Engine, compiled
from tests.models.decision_optimum import (
    FIRST_CAPACITY,
    Policies,
    Problem,
    best_of_all,
    best_value,
    large_policies,
    own_policies,
    plain_world,
    problem_of,
)
from tests.models.decision_world import own_rows

SHARES = {"email": 0.25, "sms": 0.06, "push": 0.15, "direct_mail": 0.01, "call": 0.005}


def against_the_optimum(models: Models, customers: int, contacts: int, policies: Policies) -> float:
    """Chosen value as a share of the best possible, within each customer's own caps."""
    engine = Engine(models)
    engine.decide(plain_world(customers, 3, contacts, policies))
    problem = problem_of(engine, [], [])
    return problem.value / best_of_all(problem)


def sample_of(problem: Problem, share: float) -> tuple[Candidates, np.ndarray]:
    """The candidates of every so many-th customer."""
    kept = problem.candidates.customer % round(1 / share) == 0
    c = problem.candidates
    return Candidates(c.customer[kept], c.worth[kept], c.rooms[kept], c.cost[kept]), problem.budgets * share


def against_the_bound(models: Models, customers: int, daily: int, share: float) -> tuple[float, float, bool]:
    """Value as a share of the bound without and with prices from a sample, and whether a capacity was exceeded."""
    engine = Engine(models)
    capacities = {channel: round(customers * part) for channel, part in SHARES.items()}
    world = plain_world(customers, 4, 3, large_policies(daily, capacities))
    found = []
    for _ in range(2):
        engine.decide(world)
        used = engine.connection.sql(
            "select policy_id, used from decisions.int_cap_counts where unit = 'all'"
        )
        counted = dict(used.fetchall())
        left = [most - counted.get(FIRST_CAPACITY + n, 0) for n, most in enumerate(capacities.values())]
        problem = problem_of(engine, list(capacities), left)
        found.append(problem)
        sample, budgets = sample_of(problem, share)
        world.prices = [
            {"policy_id": FIRST_CAPACITY + number, "price": float(price), "is_future": False}
            for number, price in enumerate(solve(sample, problem.room, budgets))
        ]
    bound = best_value(found[0], whole=False)
    over = any(bool((p.spent > p.budgets + 1e-9).any()) for p in found)
    return found[0].value / bound, found[1].value / bound, over


def main() -> None:
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        models = compiled(folder)
        for told, policies in (
            ("300 messages", large_policies(3, {})),
            ("the project's own messages and caps", own_policies(own_rows)),
            ("the same, three a day", own_policies()),
            (
                "the same in their tiers, each the best that those before it allow",
                own_policies(tiers=True),
            ),
        ):
            for name, contacts in (("loose", 2), ("middle", 8), ("tight", 16)):
                share = against_the_optimum(models, 1500, contacts, policies)
                failed |= share < 0.998
                print(f"{name}: {share:.5f} of the optimum; 1500 customers, {told}", flush=True)
        for daily, share in ((1, 1.0), (3, 1.0), (1, 0.25)):
            without, priced, over = against_the_bound(models, 4000, daily, share)
            failed |= over or (share == 1.0 and priced < 0.999)
            print(
                f"capacities, {daily} a day: {without:.5f} of the dual bound by score alone, {priced:.5f} with prices "
                f"from {4000 * share:.0f} customers; {'OVER a capacity' if over else 'no capacity exceeded'}",
                flush=True,
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
