"""One day in the world: messages arrive, people visit, buy, complain, return things and opt out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox import aftermath, browsing, service, shopping
from sandbox.catalogue import DIRECT, ONSITE
from sandbox.columns import Columns, found, join, latest, pick
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
    clicks = _clicks(world, contacts)
    orders, lines = _purchases(world, state, day, anyway, contacts, clicks)
    banners = pick(contacts, world.messages.channel[contacts["message"]] == ONSITE)
    visits = browsing.visits_of_day(world, state, day, own_visits, clicks, orders, banners)
    tickets = service.tickets_of_day(world, state, day)
    happened = Day(
        day=day,
        contacts=contacts,
        dropped=int((~allowed).sum()),
        orders=orders,
        lines=lines,
        returns=aftermath.returns_of_day(state, day, lines),
        visits=visits,
        pages=browsing.page_events(visits),
        tickets=tickets,
        optouts=aftermath.optouts_of_day(world, contacts, tickets, day),
        coupons=aftermath.coupons_of_day(world, state, day, orders),
    )
    _remember(world, state, happened)
    return happened


def _purchases(
    world: World, state: State, day: int, anyway: Array, contacts: Columns, clicks: Columns
) -> tuple[Columns, Columns]:
    """Orders and their lines."""
    orders = shopping.orders_of_day(world, state, day, anyway, _causes(world, state, day, contacts, anyway))
    orders = _follow_clicks(world, orders, clicks)
    lines = shopping.lines_of(world, state, day, orders)
    total = np.bincount(lines["row"], weights=lines["cents"], minlength=len(orders["person"]))
    return orders | {"cents": total}, lines


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


def _causes(world: World, state: State, day: int, contacts: Columns, anyway: Array) -> Columns:
    """Per person who buys because of a message: the first such message, letters of days ago included."""
    at_once = contacts["caused"] & (world.messages.channel[contacts["message"]] != DIRECT)
    names = ("person", "message", "category", "product")
    parts = [{name: contacts[name][at_once] for name in names}, *state.due(day, "letter")]
    wishes = join(parts)
    wishes = pick(wishes, ~anyway[wishes["person"]])
    _, first = np.unique(wishes["person"], return_index=True)
    chosen = pick(wishes, first)
    return chosen | {"person": chosen["person"].astype(np.int32), "cause": chosen["message"]}


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
    last = latest(world.people.count, clicks["person"])
    click = np.where(orders["is_web"], last[orders["person"]], -1)
    after = np.minimum(found(clicks["second"], click) + 600, 86_000)
    return orders | {
        "utm_message": found(clicks["message"], click),
        "utm_decision": found(clicks["decision"], click),
        "second": np.where(click >= 0, np.maximum(orders["second"], after), orders["second"]).astype(
            np.int32
        ),
    }


def _remember(world: World, state: State, day: Day) -> None:
    browsing.remember_visits(state, day.day, day.visits)
    shopping.remember_purchases(world, state, day.day, day.orders, day.lines)
    shopping.plan_returns(world, state, day.day, day.lines)
    service.plan_trouble(world, state, day.day, day.orders)
    service.remember_tickets(state, day.tickets)
    aftermath.spend_coupons(state, day.coupons)
    aftermath.post_letters(world, state, day.day, day.contacts)
    state.goodwill[day.returns["person"]] *= np.float32(0.97)
    contacts = day.contacts
    annoyed = np.bincount(contacts["person"], weights=contacts["irritation"], minlength=world.people.count)
    state.goodwill *= np.exp(-0.009 * annoyed).astype(np.float32)
    state.goodwill += (1 - state.goodwill) * np.float32(0.012)
    weight = TIRING[world.messages.channel[contacts["message"]]]
    state.fatigue *= np.float32(0.85)
    state.fatigue += np.bincount(contacts["person"], weights=weight, minlength=world.people.count).astype(
        np.float32
    )
    state.bounced[contacts["person"][contacts["bounced"]]] = True
    state.subscribed[day.optouts["person"], day.optouts["channel"]] = False
    state.agenda.pop(day.day, None)
