"""People visit the web site: by themselves, after a click, or on the way to an order."""

from __future__ import annotations

import numpy as np

from sandbox.columns import Columns
from sandbox.noise import Array
from sandbox.shopping import browser, needed_products
from sandbox.state import State
from sandbox.world import World

VISIT, VIEW, VIEW_AGAIN, CART, LOGIN, ORDER, SHOWN, CLICKED = range(8)
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
    """One row per visit. clicks: person, message, product, second, decision; the last click of a person counts."""
    count = world.people.count
    clicked_by, ordered_by, banner_for = (np.full(count, -1, np.int32) for _ in range(3))
    clicked_by[clicks["person"]] = np.arange(len(clicks["person"]))
    web = np.flatnonzero(orders["is_web"])
    ordered_by[orders["person"][web]] = web
    banner_for[banners["person"]] = np.arange(len(banners["person"]))
    person = np.flatnonzero(own | (clicked_by >= 0) | (ordered_by >= 0)).astype(np.int32)
    click, order, banner = clicked_by[person], ordered_by[person], banner_for[person]
    looked = needed_products(world, state, day, person, "view")
    if len(clicks["product"]):
        advertised = clicks["product"][click]
        looked = np.where((click >= 0) & (advertised >= 0), advertised, looked)
    second = (8 * 3600 + world.noise.of(day, "visit hour", person) * 50_000).astype(np.int32)
    if len(clicks["second"]):
        second = np.where(click >= 0, clicks["second"][click], second)
    bought = orders["first_product"][order] if len(order) and len(orders["person"]) else order
    before = orders["second"][order] - 420 if len(orders["second"]) else second
    return {
        "session": state.number("session", len(person)),
        "person": person,
        "click": click,
        "order": order,
        "banner": banner,
        "product": np.where(order >= 0, bought, looked).astype(np.int32),
        "day": np.full(len(person), day, np.int32),
        "second": np.where((order >= 0) & (click < 0), before, second).astype(np.int32),
        "cookie_slot": browser(world, day, person),
        **_course(world, day, person, order >= 0, orders, order),
    }


def _course(world: World, day: int, person: Array, buys: Array, orders: Columns, order: Array) -> Columns:
    """How the visit goes: what is logged besides the visit itself."""
    belongings, noise = world.people.belongings, world.noise
    account = belongings.accounts[0][person] & (belongings.account_on[person] <= day)
    login = account & (noise.of(day, "login", person) < 0.35)
    slot = np.where(login, 0, -1)
    if len(orders["person"]):
        slot = np.where(buys, orders["account_slot"][order], slot)
    return {
        "account_slot": slot.astype(np.int8),
        "fills_cart": buys | (noise.of(day, "cart", person) < 0.2),
        "views_again": noise.of(day, "again", person) < 0.4,
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
        (ORDER, 420, buys),
    ]
    visit = np.concatenate([rows[mask] for _, _, mask in happens])
    kind = np.concatenate([np.full(mask.sum(), k, np.int8) for k, _, mask in happens])
    delay = np.concatenate([np.full(mask.sum(), d, np.int32) for _, d, mask in happens])
    second = np.minimum(visits["second"][visit] + delay, 86_399)
    order = np.lexsort((kind, visit, second))
    return {"visit": visit[order], "kind": kind[order], "second": second[order]}
