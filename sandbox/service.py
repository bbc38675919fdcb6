"""The service desk: trouble with orders, questions, people who want to be left alone or to leave."""

from __future__ import annotations

import numpy as np

from sandbox import ticket_texts as texts
from sandbox.columns import Columns, join, pick
from sandbox.noise import Array
from sandbox.state import State
from sandbox.world import World

BAD_SCORE_DAYS = 30


def plan_trouble(world: World, state: State, day: int, orders: Columns) -> None:
    """Some orders lead to a ticket one to four days later."""
    roll = world.noise.of(day, "trouble", orders["person"])
    hurt = pick(orders, roll < np.where(orders["is_web"], 0.07, 0.018))
    wait = 1 + (world.noise.of(day, "trouble wait", hurt["person"]) * 4).astype(np.int32)
    kept = {name: hurt[name] for name in ("person", "order", "first_product", "is_web")}
    for days in np.unique(wait):
        state.plan(day + int(days), "trouble", pick(kept, wait == days))


def tickets_of_day(world: World, state: State, day: int) -> Columns:
    """One row per ticket opened today."""
    parts = [_about(world, day, due) for due in state.due(day, "trouble")]
    roll = world.noise.everyone(day, "writes", world.people.count)
    here = world.people.traits.joined_on <= day
    fed_up = 0.00002 * (1 + state.fatigue / 3) ** 2
    leaving = fed_up + 0.004 * np.maximum(0.9 - state.goodwill, 0)
    asking = leaving + 0.0004
    for kind, low, high in [(3, 0.0, fed_up), (1, fed_up, leaving), (2, leaving, asking)]:
        person = np.flatnonzero((roll >= low) & (roll < high) & here).astype(np.int32)
        parts.append(_unprompted(state, person, kind))
    return _filed(world, state, day, join(parts))


def _about(world: World, day: int, due: Columns) -> Columns:
    angry = world.noise.of(day, "angry", due["person"]) < 0.6
    kind = np.where(angry, texts.COMPLAINT, texts.DELIVERY).astype(np.int8)
    return {
        "person": due["person"],
        "order": np.where(due["is_web"], due["order"], -1),
        "product": due["first_product"],
        "kind": kind,
    }


def _unprompted(state: State, person: Array, kind: int) -> Columns:
    product = np.where(kind == texts.QUESTION, state.viewed_product[person], state.bought_product[person])
    return {
        "person": person,
        "order": np.full(len(person), -1, np.int64),
        "product": product.astype(np.int32),
        "kind": np.full(len(person), kind, np.int8),
    }


def _filed(world: World, state: State, day: int, wishes: Columns) -> Columns:
    noise, person, kind = world.noise, wishes["person"], wishes["kind"]
    upset = np.isin(kind, [texts.COMPLAINT, texts.LEAVING])
    rated = noise.of(day, "rates", person) < 0.55
    good = noise.of(day, "score", person)
    score = np.where(upset, 1 + (good * 3.2).astype(int), 3 + (good * 2.99).astype(int))
    solved = day + 1 + (noise.of(day, "solved", person) * np.where(upset, 6, 3)).astype(np.int32)
    return wishes | {
        "ticket": state.number("ticket", len(person)),
        "text": (noise.of(day, "words", person) * 1e6).astype(np.int32),
        "by_phone": noise.of(day, "calls", person) < 0.2,
        "score": np.where(rated, score, 0).astype(np.int8),
        "day": np.full(len(person), day, np.int32),
        "second": (8 * 3600 + noise.of(day, "desk hour", person) * 40_000).astype(np.int32),
        "solved_on": solved.astype(np.int32),
        "rated_on": (solved + 1).astype(np.int32),
    }


def remember_tickets(state: State, tickets: Columns) -> None:
    """Bad service costs goodwill now; a bad score is given a day after the case is closed."""
    person, kind = tickets["person"], tickets["kind"]
    hurt = np.isin(kind, [texts.COMPLAINT, texts.LEAVING])
    state.goodwill[person[hurt]] *= np.float32(0.88)
    state.case_until[person] = np.maximum(state.case_until[person], tickets["solved_on"])
    state.upset_until[person[hurt]] = np.maximum(state.upset_until[person[hurt]], tickets["solved_on"][hurt])
    state.wants_quiet[person[kind == texts.OPTOUT]] = True
    rated = pick(tickets, (tickets["score"] > 0) & (tickets["score"] <= 2))
    for when in np.unique(rated["rated_on"]):
        state.plan(int(when), "bad score", pick(rated, rated["rated_on"] == when))


def remember_scores(state: State, day: int) -> None:
    """Bad scores given today; they stay bad news for 30 days."""
    for due in state.due(day, "bad score"):
        state.unhappy_until[due["person"]] = day + BAD_SCORE_DAYS
