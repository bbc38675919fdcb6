"""People visit the web site: by themselves, after a click, or on the way to an order."""

from __future__ import annotations

import numpy as np

from sandbox.columns import Columns, found, latest
from sandbox.noise import Array
from sandbox.shopping import browser, needed_products
from sandbox.state import State
from sandbox.world import World

VISIT, VIEW, VIEW_AGAIN, CART, LOGIN, ORDER, SHOWN, CLICKED = range(8)
ORDER_AFTER = 420  # seconds from the first page to the order
EVENT_NAMES = [
    "visit",
    "product_view",
    "product_view",
    "add_to_cart",
    "login",
    "order",
    "banner_shown",
    "banner_clicked",
]


def would_visit(world: World, day: int) -> Array:
    """Per person: whether today brings a visit of their own accord."""
    traits = world.people.traits
    roll = world.noise.everyone(day, "visits", world.people.count)
    return (roll < traits.visit_rate) & (traits.joined_on <= day)


def visits_of_day(
    world: World, state: State, day: int, own: Array, clicks: Columns, orders: Columns, banners: Columns
) -> Columns:
    """One row per visit, with the rows of the click, order and banner that belong to it (-1 none).

    clicks: person, message, product, second, decision, is_banner; the last click of a person counts.
    """
    count = world.people.count
    web = np.flatnonzero(orders["is_web"]).astype(np.int32)
    clicked, shown = latest(count, clicks["person"]), latest(count, banners["person"])
    ordered = found(web, latest(count, orders["person"][web]))
    person = np.flatnonzero(own | (clicked >= 0) | (ordered >= 0)).astype(np.int32)
    click, order, banner = clicked[person], ordered[person], shown[person]
    return {
        "session": state.number("session", len(person)),
        "person": person,
        "order": order,
        "product": _looked_at(world, state, day, person, clicks, click, orders, order),
        "day": np.full(len(person), day, np.int32),
        "second": _begins(world, day, person, clicks, click, orders, order),
        "cookie_slot": browser(world, day, person),
        **_course(world, day, person, orders, order),
        **_brought_by(clicks, click, banners, banner),
    }


def _looked_at(
    world: World,
    state: State,
    day: int,
    person: Array,
    clicks: Columns,
    click: Array,
    orders: Columns,
    order: Array,
) -> Array:
    """What was bought, else what was advertised, else something to one's taste."""
    bought, advertised = found(orders["first_product"], order), found(clicks["product"], click)
    taste = needed_products(world, state, day, person, "view")
    looked: Array = np.where(bought >= 0, bought, np.where(advertised >= 0, advertised, taste))
    return looked.astype(np.int32)


def _begins(
    world: World, day: int, person: Array, clicks: Columns, click: Array, orders: Columns, order: Array
) -> Array:
    """With the click, else some minutes before the order, else at any time."""
    free = (8 * 3600 + world.noise.of(day, "visit hour", person) * 50_000).astype(np.int32)
    before = found(orders["second"], order) - ORDER_AFTER
    starts: Array = np.where(click >= 0, found(clicks["second"], click), np.where(order >= 0, before, free))
    return starts.astype(np.int32)


def _course(world: World, day: int, person: Array, orders: Columns, order: Array) -> Columns:
    """How the visit goes: what is logged besides the visit itself."""
    belongings, noise = world.people.belongings, world.noise
    account = belongings.accounts[0][person] & (belongings.account_on[person] <= day)
    login = account & (noise.of(day, "login", person) < 0.35)
    slot = np.where(order >= 0, found(orders["account_slot"], order), np.where(login, 0, -1))
    return {
        "account_slot": slot.astype(np.int8),
        "fills_cart": (order >= 0) | (noise.of(day, "cart", person) < 0.2),
        "views_again": noise.of(day, "again", person) < 0.4,
    }


def _brought_by(clicks: Columns, click: Array, banners: Columns, banner: Array) -> Columns:
    """Which message and decision brought the visit, and which banner it met."""
    outside = ~found(clicks["is_banner"], click, False)
    return {
        "utm_message": np.where(outside, found(clicks["message"], click), -1).astype(np.int16),
        "utm_decision": np.where(outside, found(clicks["decision"], click), -1).astype(np.int32),
        "banner": banner,
        "banner_message": found(banners["message"], banner),
        "banner_decision": found(banners["decision"], banner),
        "banner_clicked": found(banners["clicked"], banner, False),
    }


def remember_visits(state: State, day: int, visits: Columns) -> None:
    """What was looked at and what was left in a cart."""
    person, buys = visits["person"], visits["order"] >= 0
    state.viewed_product[person] = visits["product"]
    state.viewed_on[person] = day
    left = visits["fills_cart"] & ~buys
    state.cart_product[person[left]] = visits["product"][left]
    state.cart_on[person[left]] = day


def page_events(visits: Columns) -> Columns:
    """One row per event of the day's visits: visit (position), kind, second; in order of time."""
    buys, rows = visits["order"] >= 0, np.arange(len(visits["person"]))
    happens = [
        (VISIT, 0, rows >= 0),
        (SHOWN, 4, visits["banner"] >= 0),
        (CLICKED, 25, visits["banner_clicked"]),
        (LOGIN, 60, visits["account_slot"] >= 0),
        (VIEW, 90, rows >= 0),
        (VIEW_AGAIN, 170, visits["views_again"]),
        (CART, 240, visits["fills_cart"]),
        (ORDER, ORDER_AFTER, buys),
    ]
    visit = np.concatenate([rows[mask] for _, _, mask in happens])
    kind = np.concatenate([np.full(mask.sum(), k, np.int8) for k, _, mask in happens])
    delay = np.concatenate([np.full(mask.sum(), d, np.int32) for _, d, mask in happens])
    second = np.minimum(visits["second"][visit] + delay, 86_399)
    order = np.lexsort((kind, visit, second))
    return {"visit": visit[order], "kind": kind[order], "second": second[order]}
