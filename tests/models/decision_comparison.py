"""What the models decided against what plain Python decides, and the promises recounted on the models' own rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.models.decision_checker import Decider, utc
from tests.models.decision_engine import Engine
from tests.models.decision_recount import key_of, recount
from tests.models.decision_world import Row, World

Rows = list[Row]


def differences(world: World, ledger: Rows) -> list[str]:
    """Candidates that only one of the two knows, and ledger rows of which any word is another than plain Python's."""
    decider = Decider(world)
    expected = decider.decide()
    found = {key_of(row): row for row in ledger}
    told = [f"considered by one only: {key}" for key in set(found) ^ set(expected)]
    told += ["a candidate has two rows"] * (len(ledger) - len(found))
    for key, verdict in expected.items():
        row = found.get(key, {})
        wanted: dict[str, Any] = {
            "outcome": verdict.outcome,
            "first_reason": verdict.first_reason,
            "lost_to": verdict.lost_to,
            "reason_mask": verdict.mask,
            "short_by": verdict.short_by,
            "wish_count": decider.wishes[key[0]],
        }
        told += [
            f"{key} {name}: {value}, not {row.get(name)}"
            for name, value in wanted.items()
            if row.get(name) != value
        ]
        if abs(verdict.chance - row.get("choice_prob", -1)) > 1e-9:
            told.append(f"{key} choice_prob: {verdict.chance}, not {row.get('choice_prob')}")
        if verdict.hold_until != utc(row.get("hold_until")):
            told.append(f"{key} hold_until: {verdict.hold_until}, not {row.get('hold_until')}")
    return told


def breaches(world: World, decisions: Rows) -> list[str]:
    """Promises that the decisions break: every gate asked again, every cap and budget counted again over all."""
    return recount(world, decisions)[1]


def later(world: World, ledger: Rows, decisions: Rows, hours: float, news: list[str] | None = None) -> World:
    """The same world some hours on, with what was decided on record and counted as a contact.

    news: customers of a micro-run; None for a full one.
    """
    outcomes = {key_of(row): row["outcome"] for row in ledger}
    decided = [
        {**row, "outcome": "send", "run_id": "before", "decision_id": f"{row['decision_id']}-{hours}"}
        for row in decisions
    ]
    withheld = [row for row in ledger if outcomes[key_of(row)] == "withhold"]
    contacts = [
        {
            **{name: row[name] for name in CONTACT_COLUMNS},
            "contact_id": f"decision:{row['decision_id']}",
            "state": "decided",
            "counted_at": max(utc(row["send_after"]), utc(row["decided_at"])),  # type: ignore[type-var]
        }
        for row in decisions
    ]
    return replace(
        world,
        as_of=world.as_of + timedelta(hours=hours),
        news=news,
        decided=world.decided + decided + [{**row, "run_id": "before"} for row in withheld],
        contacts=world.contacts + contacts,
    )


CONTACT_COLUMNS = (
    "customer_id", "contact_type", "contact_point", "channel", "category", "campaign", "message_id", "product_id",
    "product_category", "count_to_caps",
)  # fmt: skip


def faults(
    engine: Engine, world: World, hours: tuple[float, ...] = (), news: tuple[float | None, ...] = ()
) -> list[str]:
    """Everything wrong with a run in this world, and with further runs some hours later each.

    news: for each run the share of customers it is for, as a micro-run; None, or nothing said, is a full run,
    unless the world itself says at first of whom there is news.
    """
    told = []
    shares = (*news, *[None] * (len(hours) + 1 - len(news)))
    if shares[0] is not None:
        world = replace(world, news=with_news(world, shares[0], 0))
    for number, step in enumerate((*hours, None)):
        ledger, decisions = engine.decide(world)
        told += differences(world, ledger) + breaches(world, decisions)
        if step is not None:
            world = later(world, ledger, decisions, step, with_news(world, shares[number + 1], number + 1))
    return told


def with_news(world: World, share: float | None, number: int) -> list[str] | None:
    """Some of the customers, others each time."""
    if share is None:
        return None
    customers = [row["customer_id"] for row in world.customers]
    return random.Random(f"{number}|{len(world.contacts)}").sample(customers, round(share * len(customers)))
