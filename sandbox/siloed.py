"""How marketing works without Downbeat: every channel's team on its own, each knowing only its own tool.

The e-mail team knows web orders but not the stores; nobody knows what the others send, or who is upset.
"""

from __future__ import annotations

import numpy as np

from sandbox.noise import Array
from sandbox.sends import Sends
from sandbox.state import State
from sandbox.world import World


def siloed_sends(world: World, state: State, day: int) -> Sends:
    """Everything the teams send on a day, as they see it in the morning."""
    here = world.people.traits.joined_on < day
    parts = [
        *_service(world, state, day),
        *_onboarding(world, state, day),
        *_carts(world, state, day, here),
        *_promotions(world, state, day, here),
        *_buyers(world, state, day, here),
        *_winback(world, state, day, here),
        *_retargeting(world, state, day, here),
    ]
    return Sends.together(parts)


def _reach(state: State, channel: int, mask: Array) -> Array:
    return np.flatnonzero(mask & state.subscribed[:, channel])


def _times(world: World, day: int, person: Array, start_hour: int, name: str) -> Array:
    return (start_hour * 3600 + world.noise.of(day, name, person) * 3000).astype(np.int32)


def _send(
    world: World,
    state: State,
    day: int,
    message: str,
    mask: Array,
    category: Array | int = -1,
    product: Array | int = -1,
    hour: int = 9,
) -> Sends:
    """One message to those of a mask whom the message's tool may write to; nothing on its days off."""
    index = world.messages.index(message)
    if not world.messages.goes_out(message, world.weekday(day)):
        return Sends.none()
    person = _reach(state, int(world.messages.channel[index]), mask)
    chosen = [values[person] if isinstance(values, np.ndarray) else values for values in (category, product)]
    return Sends.of(person, index, chosen[0], chosen[1], _times(world, day, person, hour, message))


def _service(world: World, state: State, day: int) -> list[Sends]:
    index = world.messages.index("ticket_update_email")
    person = np.flatnonzero(
        (state.case_until >= day) & (world.noise.everyone(day, "update", len(state.fatigue)) < 0.4)
    )
    return [Sends.of(person, index, sent_at=8 * 3600)]


def _onboarding(world: World, state: State, day: int) -> list[Sends]:
    return [_send(world, state, day, "welcome_email", world.people.traits.joined_on == day - 1)]


def _carts(world: World, state: State, day: int, here: Array) -> list[Sends]:
    """Every channel reminds of the same cart on the same day."""
    left = here & (day - state.cart_on <= 2) & (state.cart_product >= 0)
    category = _category(world, state.cart_product)
    messages = [("cart_email", 9), ("cart_push", 10), ("cart_sms", 11), ("cart_onsite", 7), ("cart_ad", 8)]
    return [_send(world, state, day, m, left, category, state.cart_product, hour) for m, hour in messages]


def _promotions(world: World, state: State, day: int, here: Array) -> list[Sends]:
    """Blasts of what sells well, to everyone on the list."""
    category, product = world.hero(day)
    blasts = [
        ("promo_email", 9),
        ("arrivals_email", 9),
        ("promo_sms", 12),
        ("promo_push", 17),
        ("loyalty_push", 16),
    ]
    return [
        _send(world, state, day, m, here, *((-1, -1) if m == "loyalty_push" else (category, product)), hour)
        for m, hour in blasts
    ]


def _buyers(world: World, state: State, day: int, here: Array) -> list[Sends]:
    """More of what was just bought on the web, and would you recommend us?"""
    recent = here & (day - state.web_order_on <= 14)
    category = _category(world, state.bought_product)
    return [
        _send(world, state, day, "crosssell_email", recent, category, state.bought_product, 13),
        _send(world, state, day, "crosssell_push", recent, category, state.bought_product, 18),
        _send(world, state, day, "referral_email", here & (day - state.web_order_on <= 7), hour=15),
    ]


def _winback(world: World, state: State, day: int, here: Array) -> list[Sends]:
    """No web order for 60 days, whatever was bought in the stores; letters go out once in four weeks."""
    quiet = here & (day - state.web_order_on >= 60)
    turn = np.arange(len(quiet)) % 4 == (day // 7) % 4
    category, product = world.hero(day)
    online = is_online(world, day)
    return [
        _send(world, state, day, "winback_email", quiet & turn, category, product, 10),
        _send(world, state, day, "winback_sms", quiet & turn, category, product, 11),
        _send(
            world,
            state,
            day,
            "winback_letter",
            quiet & turn & (day - state.web_order_on < 200),
            category,
            product,
        ),
        _send(world, state, day, "winback_ad", quiet & turn & online, category, product),
    ]


def _retargeting(world: World, state: State, day: int, here: Array) -> list[Sends]:
    """Ads for what was looked at or bought on the web in the last week."""
    viewed, bought = day - state.viewed_on <= 7, day - state.web_order_on <= 7
    online = is_online(world, day)
    product = np.where(bought, state.bought_product, state.viewed_product)
    return [
        _send(
            world,
            state,
            day,
            "retarget_ad",
            here & online & (viewed | bought),
            _category(world, product),
            product,
            8,
        )
    ]


def is_online(world: World, day: int) -> Array:
    """Per person: whether they scroll past ads on a day."""
    return world.noise.everyone(day, "scrolls", world.people.count) < 0.4


def _category(world: World, product: Array) -> Array:
    return np.where(product >= 0, world.products.category[np.maximum(product, 0)], -1).astype(np.int16)
