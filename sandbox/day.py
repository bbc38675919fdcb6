"""One day in the world: messages arrive, people visit, buy, complain, return things and opt out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox import browsing, service, shopping
from sandbox.catalogue import CALL, DIRECT, EMAIL, ONSITE, PUSH, SMS
from sandbox.columns import Columns, join, pick
from sandbox.noise import Array
from sandbox.reactions import TIRING, Reactions, deliverable, react
from sandbox.sends import Sends
from sandbox.state import State
from sandbox.world import World

ON_THE_WAY = 4 * 3600  # a message is answered within four hours


@dataclass(frozen=True)
class Day:
    """What happened: facts about true people, before any system wrote them down."""

    day: int
    contacts: Columns  # messages that arrived, with what was done about them
    dropped: int
    orders: Columns
    lines: Columns
    returns: Columns
    visits: Columns
    pages: Columns
    tickets: Columns
    optouts: Columns
    coupons: Columns


def live_through(world: World, state: State, day: int, sends: Sends, decisions: Array) -> Day:
    """Lets everyone live through a day and remembers it in state. decisions: number per send, -1 for none."""
    service.remember_scores(state, day)
    anyway, own_visits = shopping.would_buy(world, state, day), browsing.would_visit(world, day)
    allowed = deliverable(world, state, sends, day, own_visits)
    arrived = sends.only(allowed)
    reactions = react(world, state, arrived, day, anyway)
    contacts = _contacts(world, state, arrived, decisions[allowed], reactions, day)
    orders = shopping.orders_of_day(world, state, day, anyway, _first_cause(contacts))
    clicks = _clicks(world, contacts)
    orders = _follow_clicks(world, orders, clicks)
    lines = shopping.lines_of(world, state, day, orders)
    orders = orders | {
        "cents": np.bincount(lines["row"], weights=lines["cents"], minlength=len(orders["person"]))
    }
    banners = pick(contacts, world.messages.channel[contacts["message"]] == ONSITE)
    visits = browsing.visits_of_day(world, state, day, own_visits, clicks, orders, banners)
    visits = _link(visits, clicks, banners)
    tickets = service.tickets_of_day(world, state, day)
    happened = Day(
        day=day,
        contacts=contacts,
        dropped=int((~allowed).sum()),
        orders=orders,
        lines=lines,
        returns=_returns(state, day, lines),
        visits=visits,
        pages=browsing.page_events(visits),
        tickets=tickets,
        optouts=_optouts(world, state, contacts, tickets, day),
        coupons=_coupons(world, orders, contacts),
    )
    _remember(world, state, happened)
    return happened


def _contacts(
    world: World, state: State, sends: Sends, decisions: Array, reactions: Reactions, day: int
) -> Columns:
    delay = (30 + world.noise.of(day, "delay", sends.person, sends.message_id) ** 2 * ON_THE_WAY).astype(
        np.int32
    )
    return {
        "person": sends.person,
        "message": sends.message_id,
        "category": sends.category,
        "product": sends.product,
        "slot": sends.slot,
        "decision": decisions,
        "day": np.full(len(sends), day, np.int32),
        "second": np.minimum(sends.sent_at, 82_000),
        "answered": np.minimum(sends.sent_at + delay, 85_000).astype(np.int32),
        "in_bad_service": state.in_bad_service(sends.person, day),
        **vars(reactions),
    }


def _first_cause(contacts: Columns) -> Columns:
    """Per person who buys because of a message: the first such message."""
    rows = np.flatnonzero(contacts["caused"])
    person, first = np.unique(contacts["person"][rows], return_index=True)
    rows = rows[first]
    return {
        "person": person.astype(np.int32),
        "cause": contacts["message"][rows],
        "category": contacts["category"][rows],
        "product": contacts["product"][rows],
    }


def _clicks(world: World, contacts: Columns) -> Columns:
    rows = np.flatnonzero(contacts["clicked"])
    rows = rows[np.argsort(contacts["answered"][rows], kind="stable")]
    chosen = pick(contacts, rows)
    return {
        "person": chosen["person"],
        "message": chosen["message"],
        "product": chosen["product"],
        "decision": chosen["decision"],
        "second": chosen["answered"],
        "is_banner": world.messages.channel[chosen["message"]] == ONSITE,
    }


def _follow_clicks(world: World, orders: Columns, clicks: Columns) -> Columns:
    """Web orders carry the campaign of the last click of the day, and come after it."""
    last = np.full(world.people.count, -1, np.int32)
    last[clicks["person"]] = np.arange(len(clicks["person"]))
    click = np.where(orders["is_web"], last[orders["person"]], -1)
    none = {
        "message": np.full(1, -1, np.int16),
        "decision": np.full(1, -1, np.int32),
        "second": np.zeros(1, np.int32),
    }
    padded = {name: np.concatenate([clicks[name], none[name]]) for name in none}
    after = np.minimum(padded["second"][click] + 600, 86_000)
    return orders | {
        "utm_message": padded["message"][click],
        "utm_decision": padded["decision"][click],
        "second": np.where(click >= 0, np.maximum(orders["second"], after), orders["second"]).astype(
            np.int32
        ),
    }


def _link(visits: Columns, clicks: Columns, banners: Columns) -> Columns:
    """Visits keep which message and decision brought them, and which banner they met."""
    none = {
        "message": np.full(1, -1, np.int16),
        "decision": np.full(1, -1, np.int32),
        "is_banner": np.zeros(1, bool),
    }
    click = {name: np.concatenate([clicks[name], none[name]])[visits["click"]] for name in none}
    shown = {
        name: np.concatenate([banners[name], none[name]])[visits["banner"]]
        for name in ("message", "decision")
    }
    clicked = np.concatenate([banners["clicked"], np.zeros(1, bool)])[visits["banner"]]
    outside = ~click["is_banner"]
    return visits | {
        "utm_message": np.where(outside, click["message"], -1).astype(np.int16),
        "utm_decision": np.where(outside, click["decision"], -1).astype(np.int32),
        "banner_message": shown["message"],
        "banner_decision": shown["decision"],
        "banner_clicked": clicked,
    }


def _returns(state: State, day: int, lines: Columns) -> Columns:
    """Lines bought earlier that come back today."""
    back = join([pick(lines, np.zeros(0, np.int64)), *state.due(day, "return")])
    count = len(back["person"])
    return back | {"returned": state.number("return", count), "returned_on": np.full(count, day, np.int32)}


def _optouts(world: World, state: State, contacts: Columns, tickets: Columns, day: int) -> Columns:
    """Who leaves which channel today. at: 0 in the tool itself, 1 in the preference centre, 2 at the desk."""
    left = pick(contacts, contacts["left"])
    by_tool = world.noise.of(day, "leaves by", left["person"]) < 0.65
    channel = world.messages.channel[left["message"]]
    here = np.where(by_tool & np.isin(channel, [EMAIL, SMS, PUSH]), 0, 1)
    asked = pick(tickets, tickets["kind"] == 3)
    heard = asked["person"][world.noise.of(day, "agent notes", asked["person"]) < 0.5]
    told = [(heard, np.full(len(heard), c)) for c in (EMAIL, SMS, DIRECT, CALL)]
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


def _coupons(world: World, orders: Columns, contacts: Columns) -> Columns:
    """Coupons of letters handed in at a till, with the letter's decision."""
    letters = pick(contacts, world.messages.channel[contacts["message"]] == DIRECT)
    letter = np.full(world.people.count, -1, np.int32)
    letter[letters["person"]] = np.arange(len(letters["person"]))
    used = (letter[orders["person"]] >= 0) & ~orders["is_web"] & (orders["card"] == 1)
    bought = pick(orders, used)
    origin = pick(letters, letter[bought["person"]])
    kept = {name: bought[name] for name in ("order", "person", "day", "second")}
    return kept | {"message": origin["message"], "decision": origin["decision"]}


def _remember(world: World, state: State, day: Day) -> None:
    browsing.remember_visits(state, day.day, day.visits)
    shopping.remember_purchases(world, state, day.day, day.orders, day.lines)
    shopping.plan_returns(world, state, day.day, day.lines)
    service.plan_trouble(world, state, day.day, day.orders)
    service.remember_tickets(state, day.tickets)
    state.goodwill[day.returns["person"]] *= np.float32(0.97)
    contacts = day.contacts
    annoyed = np.bincount(contacts["person"], weights=contacts["irritation"], minlength=world.people.count)
    state.goodwill *= np.exp(-0.012 * annoyed).astype(np.float32)
    state.goodwill += (1 - state.goodwill) * np.float32(0.012)
    weight = TIRING[world.messages.channel[contacts["message"]]]
    state.fatigue *= np.float32(0.85)
    state.fatigue += np.bincount(contacts["person"], weights=weight, minlength=world.people.count).astype(
        np.float32
    )
    state.bounced[contacts["person"][contacts["bounced"]]] = True
    state.subscribed[day.optouts["person"], day.optouts["channel"]] = False
    state.agenda.pop(day.day, None)
