"""The models' decisions against plain Python's, for a random world in which every rule binds for somebody."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.models.decision_checker import Decider, Verdict, utc
from tests.models.decision_warehouse import dbt, put_world, table, turn_dials
from tests.models.decision_world import AS_OF, Row, World, make_world, seed_rows

Key = tuple[str, str, str]
Case = tuple[World, dict[Key, Verdict], dict[Key, Row], Path]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A world of 600 customers, what Python decides for it and what the models decide."""
    home, world = tmp_path_factory.mktemp("home"), make_world(600, seed=12)
    decide_some_before(world)
    put_world(home, world)
    dbt(home, "seed")
    turn_dials(home)
    dbt(home, "run", "--select", "decisions", "syncs")
    ledger = table(home, "select * from decisions.fct_ledger where run_id = 'under test'")
    found = {(row["customer_id"], row["message_id"], row["instance"]): row for row in ledger}
    assert len(found) == len(ledger)
    return world, Decider(world).decide(), found, home


def decide_some_before(world: World) -> None:
    """One candidate in twenty was sent, or withheld, on an earlier run."""
    dice, decider = random.Random(5), Decider(world)
    for customer in world.customers:
        for candidate in decider.candidates(customer):
            if dice.random() < 0.05:
                customer_id, message_id, instance = candidate.key
                world.decided.append(
                    {
                        "decision_id": f"before-{len(world.decided)}", "run_id": "before", "customer_id": customer_id,
                        "message_id": message_id, "instance": instance, "outcome": dice.choice(["send", "withhold"]),
                        "decided_at": AS_OF.replace(day=3), "expires_at": AS_OF.replace(day=4), "round": 1,
                        "channel": candidate.message["channel"], "contact_type": "email", "contact_point": "gone",
                    }
                )  # fmt: skip


def test_every_candidate_is_considered_once_and_nothing_else_is(case: Case) -> None:
    _, expected, found, _ = case
    assert set(found) == set(expected)


def test_each_outcome_is_the_one_plain_python_reaches(case: Case) -> None:
    _, expected, found, _ = case
    differing = {
        key: (verdict, found[key]["outcome"], found[key]["first_reason"], found[key]["lost_to"])
        for key, verdict in expected.items()
        if (verdict.outcome, verdict.first_reason, verdict.lost_to, verdict.mask)
        != tuple(found[key][name] for name in ("outcome", "first_reason", "lost_to", "reason_mask"))
    }
    assert not differing, list(differing.items())[:5]


def test_held_messages_wait_for_the_opening_plain_python_finds(case: Case) -> None:
    _, expected, found, _ = case
    waiting = {key: verdict for key, verdict in expected.items() if verdict.hold_until}
    assert waiting
    assert {key: utc(found[key]["hold_until"]) for key in waiting} == {
        key: verdict.hold_until for key, verdict in waiting.items()
    }


def test_every_rule_binds_for_somebody_or_the_comparison_proves_nothing(case: Case) -> None:
    _, expected, _, _ = case
    reasons = {verdict.first_reason for verdict in expected.values()}
    caps = {int(row["policy_id"]) for row in seed_rows("caps")}
    caps |= {int(row["budget_id"]) for row in seed_rows("budgets")}
    rules = {1100 + int(row["rule_number"]) for row in seed_rows("suppressions")}
    assert (caps | rules | {0, 1001, 1051, 1900, 1910, 1911, 1920, 1930, 2000}) - reasons == set()
    assert {verdict.outcome for verdict in expected.values()} == {
        "send",
        "suppress",
        "lose",
        "withhold",
        "hold",
    }


def test_no_message_is_on_its_way_that_was_not_decided(case: Case) -> None:
    _, expected, _, home = case
    sent = {key for key, verdict in expected.items() if verdict.outcome == "send"}
    decided = table(
        home,
        "select customer_id, message_id, instance from decisions.fct_decisions where run_id = 'under test'",
    )
    assert {(row["customer_id"], row["message_id"], row["instance"]) for row in decided} == sent
