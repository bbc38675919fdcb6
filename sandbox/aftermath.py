"""What follows: things brought back, channels left, coupons handed in."""

from __future__ import annotations

import numpy as np

from sandbox.catalogue import CALL, DIRECT, EMAIL, PUSH, SMS
from sandbox.columns import Columns, join, pick
from sandbox.noise import Array
from sandbox.state import LONG_AGO, State
from sandbox.ticket_texts import OPTOUT
from sandbox.world import World

COUPON_DAYS = 21
BY_WORD = (EMAIL, SMS, DIRECT, CALL)  # what an agent notes for someone who wants quiet


def returns_of_day(state: State, day: int, lines: Columns) -> Columns:
    """Lines bought earlier that come back today."""
    back = join([pick(lines, np.zeros(0, np.int64)), *state.due(day, "return")])
    count = len(back["person"])
    return back | {"returned": state.number("return", count), "returned_on": np.full(count, day, np.int32)}


def optouts_of_day(world: World, contacts: Columns, tickets: Columns, day: int) -> Columns:
    """Who leaves which channel today. at: 0 in the tool itself, 1 in the preference centre, 2 at the desk."""
    left = pick(contacts, contacts["left"])
    by_tool = world.noise.of(day, "leaves by", left["person"]) < 0.65
    channel = world.messages.channel[left["message"]]
    here = np.where(by_tool & np.isin(channel, [EMAIL, SMS, PUSH]), 0, 1)
    asked = pick(tickets, tickets["kind"] == OPTOUT)
    heard = asked["person"][world.noise.of(day, "agent notes", asked["person"]) < 0.5]
    told = [(at, np.full(len(at), c)) for c in BY_WORD if len(at := heard[has_point(world, c)[heard]])]
    person = np.concatenate([left["person"], *[p for p, _ in told]])
    return {
        "person": person.astype(np.int32),
        "channel": np.concatenate([channel, *[c for _, c in told]]).astype(np.int8),
        "origin": np.concatenate([here, np.full(len(person) - len(here), 2)]).astype(np.int8),
        "slot": np.concatenate([left["slot"], np.zeros(len(person) - len(here))]).astype(np.int8),
        "day": np.full(len(person), day, np.int32),
        "second": np.concatenate([left["answered"], np.full(len(person) - len(here), 70_000)]).astype(
            np.int32
        ),
    }


def has_point(world: World, channel: int) -> Array:
    """Per person: whether they have an address, number or card for a channel."""
    belongings = world.people.belongings
    phone: Array = belongings.phones[0] | belongings.phones[1]
    points: dict[int, Array] = {EMAIL: belongings.emails[0], DIRECT: belongings.has_card}
    return points.get(channel, phone)


def coupons_of_day(world: World, state: State, day: int, orders: Columns) -> Columns:
    """Coupons of letters handed in at a till within three weeks, with the letter's decision."""
    person = orders["person"]
    has = (day - state.letter_on[person] <= COUPON_DAYS) & ~orders["is_web"] & (orders["card"] == 1)
    because = orders["cause"] == state.letter_message[person]
    used = has & (because | (world.noise.of(day, "coupon", person) < 0.4))
    bought = pick(orders, used)
    kept = {name: bought[name] for name in ("order", "person", "day", "second")}
    return kept | {
        "message": state.letter_message[bought["person"]],
        "decision": state.letter_decision[bought["person"]],
    }


def post_letters(world: World, state: State, day: int, contacts: Columns) -> None:
    """Letters take days to arrive and to work; the coupon in them is kept."""
    letters = pick(contacts, world.messages.channel[contacts["message"]] == DIRECT)
    person = letters["person"]
    state.letter_message[person] = letters["message"]
    state.letter_decision[person] = letters["decision"]
    state.letter_on[person] = day
    works = pick(letters, letters["caused"])
    wait = 2 + (world.noise.of(day, "letter wait", works["person"]) * 8).astype(np.int32)
    kept = {name: works[name] for name in ("person", "message", "category", "product")}
    for days in np.unique(wait):
        state.plan(day + int(days), "letter", pick(kept, wait == days))


def spend_coupons(state: State, coupons: Columns) -> None:
    """A coupon is good once."""
    state.letter_on[coupons["person"]] = LONG_AGO
