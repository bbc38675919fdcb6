"""What the marketing tools report: sends and engagement, ad spend, letters."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sandbox.catalogue import CHANNELS, DIRECT, EMAIL, PAID, PUSH, SMS
from sandbox.columns import Columns, digits, export, hexadecimal, join, moments, money, pick, take, text
from sandbox.noise import Array, scramble
from sandbox.shop_exports import utm
from sandbox.world import World

TYPES = ["sent", "delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"]
FIRST_LASTING = TYPES.index("bounced")  # from here on an event ends the use of a contact point
IMPRESSIONS_PER_PERSON = 3


def engagement_facts(world: World, contacts: Columns, optouts: Columns) -> Columns:
    """One row per event of the e-mail, SMS and push tool; event says which of TYPES."""
    channel = world.messages.channel[contacts["message"]]
    ours = pick(contacts, np.isin(channel, [EMAIL, SMS, PUSH]))
    answered, sent = ours["answered"], ours["second"]
    opened = ours["opened"] | ours["opened_by_machine"]
    happens = [
        (0, sent, np.ones(len(sent), bool)),
        (1, sent + 4, ~ours["bounced"]),
        (2, np.where(ours["opened_by_machine"], sent + 9, answered - 20), opened),
        (3, answered, ours["clicked"]),
        (4, sent + 6, ours["bounced"]),
        (5, answered + 40, ours["complained"]),
    ]
    kept = {name: ours[name] for name in ("person", "message", "slot", "decision", "day")}
    parts = []
    for kind, second, mask in happens:
        machine = ours["opened_by_machine"][mask] & (kind == 2)
        parts.append(pick(kept, mask) | _event(kind, second[mask], machine))
    return join([*parts, _unsubscribes(optouts, kept)])


def _event(kind: int, second: Array, machine: Array) -> Columns:
    return {
        "kind": np.full(len(second), kind, np.int8),
        "second": np.minimum(second, 86_399).astype(np.int32),
        "is_machine": machine,
        "channel": np.full(len(second), -1, np.int8),
    }


def _unsubscribes(optouts: Columns, kept: Columns) -> Columns:
    """Opt-outs made in the tool itself; the channel is the tool's own."""
    rows = pick(optouts, optouts["origin"] == 0)
    count = len(rows["person"])
    blank = {name: np.full(count, -1, kept[name].dtype) for name in ("message", "decision")}
    event = _event(6, rows["second"] + 30, np.zeros(count, bool))
    found = {name: rows[name].astype(kept[name].dtype) for name in ("person", "slot", "day")}
    event["channel"] = rows["channel"]
    return {name: (found | blank)[name] for name in kept} | event


def events(world: World, facts: Columns, decisions: pa.Array) -> pa.Table:
    """Klaviyo's events."""
    person, count, contacts = facts["person"].astype(np.int64), world.people.count, world.contacts
    own = world.messages.channel[facts["message"]]
    channel = np.where(facts["channel"] >= 0, facts["channel"], own)
    email = facts["slot"].astype(np.int64) * count + person
    phone = np.where(world.people.belongings.phones[0][person], person, count + person)
    return export(
        "klaviyo.events",
        len(person),
        {
            "event_id": text("ev", digits(facts["number"], 9)),
            "channel": take(pa.array(CHANNELS), channel),
            "contact_type": take(pa.array(TYPES), facts["kind"]),
            "profile_id": hexadecimal(scramble(person * 8 + facts["slot"] + world.seed * 31)),
            "email": take(contacts.emails, np.where(channel == EMAIL, email, -1)),
            "phone": take(contacts.phones, np.where(channel == SMS, phone, -1)),
            "device_token": take(contacts.device_tokens, np.where(channel == PUSH, person, -1)),
            "message_id": take(pa.array(world.messages.ids), facts["message"]),
            "campaign": utm(world, facts["message"]),
            "decision_id": take(decisions, facts["decision"]),
            "is_machine": facts["is_machine"],
            "occurred_at": moments(facts["day"], facts["second"]),
        },
    )


def insight_facts(world: World, contacts: Columns, day: int) -> Columns:
    """One row per ad campaign shown on a day."""
    ads = pick(contacts, world.messages.channel[contacts["message"]] == PAID)
    message = ads["message"]
    size = len(world.messages.ids)
    reach = np.bincount(message, minlength=size)
    shown = np.flatnonzero(reach)
    return {
        "message": shown,
        "day": np.full(len(shown), day, np.int32),
        "reach": reach[shown],
        "clicks": np.bincount(message, weights=ads["clicked"], minlength=size)[shown].astype(np.int64),
    }


def insights(world: World, facts: Columns) -> pa.Table:
    day, rows = facts["day"], len(facts["day"])
    campaign = utm(world, facts["message"])
    return export(
        "meta.campaign_insights",
        rows,
        {
            "insight_id": text(
                campaign, ":", pa.array(day.astype(np.int32)).cast(pa.date32()).cast(pa.string())
            ),
            "campaign": campaign,
            "message_id": take(pa.array(world.messages.ids), facts["message"]),
            "date_start": pa.array(day.astype(np.int32)).cast(pa.date32()),
            "impressions": facts["reach"] * IMPRESSIONS_PER_PERSON,
            "reach": facts["reach"],
            "clicks": facts["clicks"],
            "spend_amount": money(np.round(facts["reach"] * world.messages.cost_cents[facts["message"]])),
            "reported_at": moments(day, np.full(rows, 86_000)),
        },
    )


def letter_facts(world: World, contacts: Columns) -> Columns:
    letters = pick(contacts, world.messages.channel[contacts["message"]] == DIRECT)
    return {name: letters[name] for name in ("person", "message", "decision", "day", "second")}


def mailings(world: World, facts: Columns, decisions: pa.Array) -> pa.Table:
    card = take(world.contacts.cards, facts["person"])
    campaign = utm(world, facts["message"])
    return export(
        "mailhouse.mailings",
        len(card),
        {
            "mailing_id": text(campaign, "-", digits(facts["day"]), "-", card),
            "loyalty_card": card,
            "campaign": campaign,
            "message_id": take(pa.array(world.messages.ids), facts["message"]),
            "decision_id": take(decisions, facts["decision"]),
            "cost_amount": money(np.round(world.messages.cost_cents[facts["message"]])),
            "mailed_at": moments(facts["day"], facts["second"]),
        },
    )


def campaign_products(world: World) -> pa.Table:
    """Letters offer the best sellers of every category."""
    letters = [
        c
        for c, channel in zip(world.messages.campaigns, world.messages.channel, strict=True)
        if channel == DIRECT
    ]
    offered = [p for n, p in enumerate(world.products.ids) if n % 40 < 3]
    pairs = [(campaign, product) for campaign in sorted(set(letters)) for product in offered]
    columns = {"campaign": [c for c, _ in pairs], "product_id": [p for _, p in pairs]}
    return export("mailhouse.campaign_products", len(pairs), columns)
