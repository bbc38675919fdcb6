"""What the preference centre records: consents given and withdrawn."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sandbox.catalogue import CHANNELS, EMAIL
from sandbox.columns import Columns, digits, export, hexadecimal, moments, pick, take, text, where
from sandbox.noise import Array, scramble
from sandbox.world import World

POINTS = ["email", "phone", "device_token", "email", "cookie", "loyalty_card", "phone"]  # by channel
ORIGINS = ["in the tool", "preference centre", "service desk"]


def grant_facts(world: World, first: int, last: int) -> Columns:
    """Consents given at the start by people who joined from the first day to the last."""
    traits, belongings = world.people.traits, world.people.belongings
    joined = (traits.joined_on >= first) & (traits.joined_on <= last)
    person, channel = np.nonzero(belongings.consents & joined[:, None])
    mail = np.flatnonzero(joined & belongings.emails[0])
    day = np.concatenate([traits.joined_on[person], traits.joined_on[mail]])
    person = np.concatenate([person, mail])
    return {
        "person": person,
        "channel": np.concatenate([channel, np.full(len(mail), EMAIL)]).astype(np.int8),
        "is_marketing": np.arange(len(person)) < len(channel),
        "is_grant": np.ones(len(person), bool),
        "origin": np.ones(len(person), np.int8),
        "slot": np.zeros(len(person), np.int8),
        "day": day.astype(np.int32),
        "second": (8 * 3600 + person % 40_000).astype(np.int32),
    }


def withdrawal_facts(optouts: Columns) -> Columns:
    """Opt-outs that reach the preference centre; those made in a tool stay in the tool."""
    told = pick(optouts, optouts["origin"] > 0)
    count = len(told["person"])
    flags = {"is_marketing": np.ones(count, bool), "is_grant": np.zeros(count, bool)}
    return {"person": told["person"].astype(np.int64), "channel": told["channel"], **flags} | {
        name: told[name] for name in ("origin", "slot", "day", "second")
    }


def consents(world: World, facts: Columns) -> pa.Table:
    """One row per change; a few carry a status nobody defined."""
    person, channel, slot = facts["person"].astype(np.int64), facts["channel"], facts["slot"].astype(np.int64)
    odd = facts["is_grant"] & facts["is_marketing"] & (scramble(person * 7 + channel) % np.uint64(400) == 0)
    status = where(odd, "pending", where(facts["is_grant"], "granted", "withdrawn"))
    purpose = where(facts["is_marketing"], "marketing", "transactional")
    key = scramble(
        person * 64
        + channel * 4
        + facts["is_marketing"] * 2
        + facts["is_grant"]
        + facts["day"].astype(np.int64) * (1 << 34)
    )
    german = world.people.homes.is_german[person]
    return export(
        "preferences.consents",
        len(person),
        {
            "event_id": text("c-", hexadecimal(key)),
            "contact_type": take(pa.array(POINTS), channel),
            "contact_point": contact_points(world, person, channel, slot),
            "channel": take(pa.array(CHANNELS), channel),
            "purpose": purpose,
            "status": status,
            "jurisdiction": where(german, "GDPR", "US"),
            "origin": take(pa.array(ORIGINS), facts["origin"]),
            "proof": text("form/", digits(scramble(person + channel) % np.uint64(10**9))),
            "occurred_at": moments(facts["day"], facts["second"]),
        },
    )


def contact_points(world: World, person: Array, channel: Array, slot: Array) -> pa.Array:
    """The address, number, token, cookie or card a channel reaches a person at."""
    count, contacts = world.people.count, world.contacts
    phone = np.where(world.people.belongings.phones[0][person], person, count + person)
    kinds = [
        ("email", contacts.emails, slot * count + person),
        ("phone", contacts.phones, phone),
        ("device_token", contacts.device_tokens, person),
        ("cookie", contacts.cookies, person),
        ("loyalty_card", contacts.cards, person),
    ]
    point = pa.nulls(len(person), pa.string())
    for kind, values, row in kinds:
        mine = np.isin(channel, [i for i, p in enumerate(POINTS) if p == kind])
        point = where(mine, take(values, np.where(mine, row, -1)), point)
    return point
