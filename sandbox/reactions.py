"""What messages do to people: this is the truth that measurement has to find.

A response depends on the message, on how much it concerns the person and on how tired the person is. Being sold what
one just bought, being asked for a favour after bad service, and being written to after asking for quiet irritate:
people leave the channel and come back to the shops less willingly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.catalogue import DIRECT, EMAIL, ONSITE, PAID, PUSH, SMS
from sandbox.noise import Array
from sandbox.sends import Sends
from sandbox.state import State
from sandbox.world import World

LEAVE_RATE = np.array([0.00008, 0.0002, 0.00012, 0.0, 0.0, 0.00006, 0.0003], dtype=np.float32)
OPEN_RATE = np.array([0.2, 0.0, 0.06, 0.0, 0.0, 0.0, 0.0], dtype=np.float32)
TIRING = np.array([1.0, 1.3, 0.8, 0.25, 0.15, 0.8, 1.5], dtype=np.float32)
FATIGUE_SCALE = 9.0


@dataclass(frozen=True)
class Reactions:
    """One entry per send that the tool let through."""

    opened: Array
    opened_by_machine: Array
    clicked: Array
    caused: Array  # buys today, and would not have
    left: Array
    complained: Array
    bounced: Array
    irritation: Array


def deliverable(world: World, state: State, sends: Sends, day: int, visiting: Array) -> Array:
    """Mask of sends the tool lets through: it knows its own opt-outs, dead addresses and, on site, who is there."""
    channel = world.messages.channel[sends.message_id]
    marketing = world.messages.is_marketing[sends.message_id]
    belongings = world.people.belongings
    subscribed = state.subscribed[sends.person, channel]
    reachable = np.select(
        [channel == EMAIL, channel == SMS, channel == PUSH, channel == DIRECT, channel == ONSITE],
        [
            belongings.emails[0][sends.person] & ~state.bounced[sends.person],
            (belongings.phones[0] | belongings.phones[1])[sends.person],
            belongings.has_app[sends.person],
            belongings.has_card[sends.person],
            visiting[sends.person],
        ],
        default=True,
    )
    known = world.people.traits.joined_on[sends.person] <= day
    allowed: Array = known & reachable & (subscribed | ~marketing)
    return allowed


def irritation(world: World, state: State, sends: Sends, day: int) -> Array:
    """How much each message annoys by being wrong for its reader right now; 0 is not at all."""
    person = sends.person
    same_product = (sends.product >= 0) & (sends.product == state.bought_product[person])
    same_product &= day - state.bought_on[person] <= 14
    bought_on = state.category_on[person, np.maximum(sends.category, 0)]
    same_category = (sends.category >= 0) & (day - bought_on <= 7)
    bad_service = state.in_bad_service(person, day)
    marketing = world.messages.is_marketing[sends.message_id]
    annoyed = (
        1.0 * same_product
        + 0.4 * (same_category & ~same_product)
        + 2.5 * (bad_service & world.messages.is_referral[sends.message_id])
        + 0.5 * bad_service
        + 1.5 * state.wants_quiet[person]
    )
    felt: Array = (annoyed * marketing).astype(np.float32)
    return felt


def relevance(world: World, state: State, sends: Sends, day: int) -> Array:
    """How much a message concerns its reader; 1 is an average match."""
    person, category = sends.person, np.maximum(sends.category, 0)
    affinity = world.people.traits.affinity
    match = np.minimum(affinity[person, category] * affinity.shape[1], 3.0)
    match = np.where(day - state.category_on[person, category] <= 14, match * 0.25, match)
    wanted = (sends.product >= 0) & (
        ((sends.product == state.viewed_product[person]) & (day - state.viewed_on[person] <= 7))
        | ((sends.product == state.cart_product[person]) & (day - state.cart_on[person] <= 4))
    )
    done = (sends.product == state.bought_product[person]) & (day - state.bought_on[person] <= 14)
    match = np.where(wanted, 2.0, np.where(sends.category < 0, 0.8, match))
    return np.where(done & (sends.product >= 0), 0.0, match).astype(np.float32)


def tiredness(world: World, state: State, sends: Sends) -> Array:
    """Fatigue of each reader counting everything else that arrives today."""
    weight = TIRING[world.messages.channel[sends.message_id]]
    today = np.bincount(sends.person, weights=weight, minlength=world.people.count).astype(np.float32)
    return state.fatigue[sends.person] + today[sends.person] - weight


def react(world: World, state: State, sends: Sends, day: int, buys_anyway: Array) -> Reactions:
    """What people do with what reaches them on a day. buys_anyway: per person, whether today brings a purchase."""
    channel, person, message = world.messages.channel[sends.message_id], sends.person, sends.message_id
    tired, annoyed = tiredness(world, state, sends), irritation(world, state, sends, day)
    mood = np.exp(-tired / np.float32(FATIGUE_SCALE)) * state.goodwill[person] * (annoyed < 1)
    interest = relevance(world, state, sends, day) * world.people.traits.engagement[person]
    click = world.messages.base_rate[message] * interest * mood
    roll = world.noise.of(day, "response", person, message)
    caused = (roll < click * world.messages.caused_share[message]) & ~buys_anyway[person]
    clicked = roll < click * (1 + 1.5 * buys_anyway[person])
    glance = world.noise.of(day, "glance", person, message)
    opened = clicked & (OPEN_RATE[channel] > 0) | (
        glance < OPEN_RATE[channel] * (0.4 + 0.6 * interest) * mood
    )
    leave = LEAVE_RATE[channel] * (1 + tired / 4) ** 2 * (1 + 12 * annoyed)
    leaving = world.noise.of(day, "leaving", person, message)
    mail = channel == EMAIL
    bounced = mail & world.people.belongings.is_dead_mailbox[person] & (sends.slot == 0)
    alive = ~bounced & world.messages.is_marketing[message]
    return Reactions(
        opened=opened & ~bounced,
        opened_by_machine=mail & world.people.traits.reads_by_machine[person] & ~bounced & ~opened,
        clicked=clicked & alive & (channel != DIRECT),
        caused=caused & alive,
        left=(leaving < leave) & alive & (channel != PAID),
        complained=mail & (leaving < leave * 0.1) & alive,
        bounced=bounced,
        irritation=annoyed,
    )
