"""Promises counted again for decisions that somebody made: by plain Python, every gate asked, every window counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tests.models.decision_checker import Candidate, Decider, by_holder, holder, scope_value
from tests.models.decision_world import HOUSE, Row, World

Rows = list[Row]
Totals = Counter[tuple[int, str, str]]  # policy, scope value, by whom: before, decisions, or uncapped ones


def key_of(row: Row) -> tuple[str, str, str]:
    return row["customer_id"], row["message_id"], row["instance"]


def recount(world: World, decisions: Rows, whole: bool = True) -> tuple[Counter[str], list[str]]:
    """How many promises of each kind were looked at, and those that the decisions break, in words.

    whole: False where the world holds some households of many, so that what everybody shares is counted elsewhere.
    """
    decider = Decider(world)
    asked = {row["customer_id"] for row in decisions}
    customers = [row for row in world.customers if row["customer_id"] in asked]
    candidates = {c.key: c for customer in customers for c in decider.candidates(customer)}
    known = [row for row in decisions if key_of(row) in candidates]
    sent = [candidates[key_of(row)] for row in known]
    told = [f"nobody proposed it: {key_of(row)}" for row in decisions if key_of(row) not in candidates]
    told += [f"decided before: {candidate.key}" for candidate in sent if candidate.key in decider.used]
    told += [f"decided twice: {key}" for key, count in Counter(c.key for c in sent).items() if count > 1]
    promises = Counter({"proposed, and once": 3 * len(decisions)})
    for candidate, row in zip(sent, known, strict=True):
        decider.gate(candidate)
        promises.update(gates_of(decider, candidate))
        if candidate.verdict is not None or candidate.withheld:
            told.append(f"sent in spite of a gate: {candidate.key}")
        if row["contact_point"] != candidate.point:
            told.append(f"sent to another address: {candidate.key}")
    told += over_caps(decider, sent, promises, whole)
    return promises, told


def gates_of(decider: Decider, c: Candidate) -> dict[str, int]:
    """How many promises the gates of one decision keep."""
    purpose = c.message["purpose"]
    return {
        "consent": 1,
        "the address": 2,
        "holdouts": int(c.message["holdout"] == "true"),
        "suppressions": sum(rule["exempt_purpose"] != purpose for rule in decider.rules),
        "quiet hours": int(purpose == "marketing" and bool(decider.quiet.of(c.message["channel"]))),
    }


def over_caps(decider: Decider, sent: list[Candidate], promises: Counter[str], whole: bool) -> Iterator[str]:
    """The caps, and budgets, that hold more than they allow with a decision in them."""
    taken = [decider.taking(candidate, as_if=True) for candidate in sent]
    tiers = {id(row): int(c.message["tier"]) for c, row in zip(sent, taken, strict=True)}
    chosen = by_holder(taken)
    for candidate, own in zip(sent, taken, strict=True):
        if candidate.message["exempt_caps"] == "true" or candidate.message["count_to_caps"] == "false":
            continue
        for cap, most in caps_on(decider, candidate, whole):
            unit = cap.get("unit", "all")
            rivals = [r for r in chosen[unit, holder(unit, own)] if is_rival(cap, most, tiers[id(r)])]
            promises[f"caps of {unit}" if "unit" in cap else "budgets"] += 1
            if decider.counted(cap, candidate, rivals) > most:
                yield f"over {cap.get('policy_id') or cap.get('budget_id')}: {candidate.key}"


def caps_on(decider: Decider, c: Candidate, whole: bool) -> Iterator[tuple[Row, int]]:
    """Every cap and budget that counts a decision, and the most it allows."""
    for cap in decider.caps_of(c):
        if decider.applies(cap, c):
            yield cap, int(cap["max_n"])
    for _, cap, most, _ in decider.shared_caps(c):
        if whole or cap.get("unit", "all") != "all":
            yield cap, most


def is_rival(cap: Row, most: int, tier: int) -> bool:
    """Whether its contact may not leave this one less than it needs: a place kept for the first tiers is theirs."""
    return most == int(cap.get("max_n", most)) or tier > int(cap["reserve_tier"])


def taken_from_all(world: World, decisions: Rows) -> Totals:
    """What the contacts and decisions of a part of the customers take of each capacity and budget, by scope value."""
    now = {"counted_at": world.as_of, "state": "decided"}
    decider = Decider(replace(world, contacts=world.contacts + [row | now for row in decisions]))
    totals: Totals = Counter()
    for cap in [cap for cap in decider.caps if cap["unit"] == "all"] + decider.budgets:
        for taken in decider.past:
            value = scope_value(cap["scope_type"], taken.attributes)
            if (
                value is None
                or cap["scope_key"] not in ("*", value)
                or not decider.in_window(cap, taken.at, HOUSE)
            ):
                continue
            if cap.get("segment", "*") == "*" or cap["segment"] in decider.segments(taken.customer_id):
                policy, by = int(cap.get("policy_id") or cap["budget_id"]), "before"
                if "decision_id" in taken.attributes:
                    message = decider.every_message[taken.attributes["message_id"]]
                    by = "uncapped" if message["exempt_caps"] == "true" else "decisions"
                totals[policy, value, by] += taken.cost if "amount" in cap else taken.counts
    return totals
