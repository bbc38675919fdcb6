"""People buy, on the web and in the stores, mostly because they would have anyway; some bring things back."""

from __future__ import annotations

import numpy as np

from sandbox.columns import Columns, pick
from sandbox.noise import Array
from sandbox.people import SECOND_ACCOUNT_AFTER
from sandbox.state import State
from sandbox.world import World

OPEN, SHUT = 8 * 3600, 22 * 3600
RETURN_RATE = 0.06
# What a line knows of its order.
CARRIED = ("order", "person", "is_web", "cause", "store", "day", "second", "card", "pays_by_card", "is_known")


def would_buy(world: World, state: State, day: int) -> Array:
    """Per person: whether today brings a purchase that no message of today causes.

    Goodwill and fatigue of the past weigh in; today's messages do not.
    """
    traits = world.people.traits
    worn = np.maximum(0.4, 1 - 0.006 * np.maximum(state.fatigue - 2, 0))
    rate = traits.rate * np.float32(world.season(day)) * state.goodwill * worn
    rate = rate * (traits.joined_on <= day)
    buys: Array = world.noise.everyone(day, "buys", world.people.count) < rate
    return buys


def orders_of_day(world: World, state: State, day: int, organic: Array, caused: Columns) -> Columns:
    """One row per order of the day. caused: person, cause (message), product and category promoted."""
    anyway = np.flatnonzero(organic).astype(np.int32)
    none = np.full(len(anyway), -1, np.int32)
    person = np.concatenate([anyway, caused["person"]])
    cause = np.concatenate([none, caused["cause"]]).astype(np.int16)
    wanted = np.concatenate([_in_mind(world, state, day, anyway), _promoted(world, day, caused)])
    noise, has_mail = world.noise, world.people.belongings.emails[0][person]
    share = np.where(
        cause >= 0, np.where(caused_in_store(world, cause), 0.3, 0.8), world.people.traits.web_share[person]
    )
    is_web = (noise.of(day, "place", person) < share) & has_mail
    wander = noise.of(day, "store", person) < 0.1
    other = (noise.of(day, "which store", person) * world.people.stores).astype(np.int32)
    return {
        "order": state.number("order", len(person)),
        "person": person,
        "is_web": is_web,
        "cause": cause,
        "first_product": wanted,
        "store": np.where(wander, other, world.people.traits.home_store[person]).astype(np.int32),
        "day": np.full(len(person), day, np.int32),
        "second": (OPEN + noise.of(day, "hour", person) * (SHUT - OPEN)).astype(np.int32),
        **_shown(world, day, person, is_web),
    }


def caused_in_store(world: World, cause: Array) -> Array:
    """Letters bring people to the stores."""
    letters: Array = world.messages.channel[np.maximum(cause, 0)] == 5
    return letters


def _in_mind(world: World, state: State, day: int, person: Array) -> Array:
    """The first product in the basket: what lay in the cart, what was looked at, or what is needed."""
    roll = world.noise.of(day, "in mind", person)
    cart = (day - state.cart_on[person] <= 3) & (state.cart_product[person] >= 0) & (roll < 0.55)
    seen = (day - state.viewed_on[person] <= 5) & (state.viewed_product[person] >= 0) & (roll < 0.4)
    free = needed_products(world, state, day, person, "first")
    return np.where(cart, state.cart_product[person], np.where(seen, state.viewed_product[person], free))


def _promoted(world: World, day: int, caused: Columns) -> Array:
    roll = world.noise.of(day, "promoted", caused["person"])
    drawn = (world.noise.of(day, "any category", caused["person"]) * 12).astype(np.int32)
    category = np.where(caused["category"] >= 0, caused["category"], drawn)
    return np.where(caused["product"] >= 0, caused["product"], world.choose_products(category, roll)).astype(
        np.int32
    )


def needed_products(world: World, state: State, day: int, person: Array, purpose: str) -> Array:
    """A product by taste; a category just bought is needed less for two weeks."""
    weight = world.people.traits.affinity[person]
    weight = np.where(day - state.category_on[person] <= 14, weight * np.float32(0.35), weight)
    steps = np.cumsum(weight, axis=1)
    roll = world.noise.of(day, "category " + purpose, person)[:, None] * steps[:, -1:]
    category = np.minimum((roll > steps).sum(axis=1), steps.shape[1] - 1)
    return world.choose_products(category, world.noise.of(day, "product " + purpose, person))


def _shown(world: World, day: int, person: Array, is_web: Array) -> Columns:
    """Which identifiers the shop or the till gets to see; -1 is none. card: 0 none, 1 own, 2 the cashier's."""
    belongings, noise = world.people.belongings, world.noise
    roll, other = noise.of(day, "identifies", person), noise.of(day, "other address", person)
    second = (belongings.emails[1][person] & (other < 0.3)).astype(np.int8)
    email = np.where(belongings.emails[2][person] & (other > 0.75), 2, second)
    account = belongings.accounts[0][person] & (belongings.account_on[person] <= day) & (roll < 0.78) & is_web
    has_other = belongings.accounts[1][person] & (belongings.account_on[person] + SECOND_ACCOUNT_AFTER <= day)
    other_account = account & has_other & (other < 0.15)
    own_card = belongings.has_card[person] & (belongings.card_on[person] <= day) & (roll < 0.68)
    card = np.where(own_card, 1, np.where(roll > 0.93, 2, 0)) * ~is_web
    return {
        "email_slot": np.where(account, np.where(other_account, 1, 0), email).astype(np.int8),
        "account_slot": np.where(account, np.where(other_account, 1, 0), -1).astype(np.int8),
        "cookie_slot": browser(world, day, person),
        "card": card.astype(np.int8),
        "pays_by_card": belongings.has_payment_card[person] & (noise.of(day, "pays", person) < 0.8),
        "is_known": is_web | (card == 1),
    }


def browser(world: World, day: int, person: Array) -> Array:
    """Which cookie is used: the second device now and then; after clearing, a new one on the first."""
    belongings = world.people.belongings
    second = belongings.cookies[1][person] & (world.noise.of(day, "device", person) < 0.4)
    cleared = belongings.cookies[2][person] & (belongings.cookie_cleared_on[person] <= day)
    slot: Array = np.where(second, 1, np.where(cleared, 2, 0)).astype(np.int8)
    return slot


def lines_of(world: World, state: State, day: int, orders: Columns) -> Columns:
    """One row per line; row points to the order's position."""
    noise, person = world.noise, orders["person"]
    roll = noise.of(day, "basket", person)
    extra = (roll < 0.45).astype(np.int32) + (roll < 0.2) + (roll < 0.07)
    parts = [(np.arange(len(person)), orders["first_product"])]
    for more in (1, 2, 3):
        rows = np.flatnonzero(extra >= more)
        parts.append((rows, needed_products(world, state, day, person[rows], f"line {more}")))
    row = np.concatenate([p[0] for p in parts])
    number = np.concatenate([np.full(len(p[0]), i + 1, np.int8) for i, p in enumerate(parts)])
    product = np.concatenate([p[1] for p in parts]).astype(np.int32)
    quantity = 1 + (noise.of(day, "pieces", person[row], number) < 0.15).astype(np.int32)
    rebate = np.where(noise.of(day, "rebate", person[row], number) < 0.2, 0.85, 1.0)
    cents = np.round(world.products.price_cents[product] * quantity * rebate).astype(np.int32)
    return {
        "row": row.astype(np.int32),
        "line": number,
        "product": product,
        "quantity": quantity,
        "cents": cents,
        **{name: orders[name][row] for name in CARRIED},
    }


def plan_returns(world: World, state: State, day: int, lines: Columns) -> None:
    """Some lines come back three days to three weeks later."""
    roll = world.noise.of(day, "returns", lines["person"], lines["line"])
    back = pick(lines, roll < RETURN_RATE)
    wait = 3 + (world.noise.of(day, "return wait", back["person"], back["line"]) * 18).astype(np.int32)
    for days in np.unique(wait):
        state.plan(day + int(days), "return", pick(back, wait == days))


def remember_purchases(world: World, state: State, day: int, orders: Columns, lines: Columns) -> None:
    """What was bought is no longer wanted, in carts or out of them."""
    person = orders["person"]
    state.bought_product[person] = orders["first_product"]
    state.bought_on[person] = day
    state.web_order_on[person[orders["is_web"]]] = day
    state.category_on[lines["person"], world.products.category[lines["product"]]] = day
    done = person[orders["is_web"] | (state.cart_product[person] == orders["first_product"])]
    state.cart_product[done] = -1
