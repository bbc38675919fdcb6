"""What the site's log, the service desk and the preference centre write down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox import ticket_texts as texts
from sandbox.browsing import CLICKED, EVENT_NAMES, LOGIN, ORDER, SHOWN, VIEW, VISIT
from sandbox.catalogue import CHANNELS, EMAIL
from sandbox.columns import Columns, digits, export, hexadecimal, moments, pick, take, text, where
from sandbox.noise import Array, scramble
from sandbox.shop_exports import order_ids, utm
from sandbox.world import World

POINTS = ["email", "phone", "device_token", "email", "cookie", "loyalty_card", "phone"]  # by channel
ORIGINS = ["in the tool", "preference centre", "service desk"]


def page_facts(visits: Columns, pages: Columns) -> Columns:
    """Page events with what their visit knows."""
    visit = pages["visit"]
    names = ("session", "person", "product", "day", "cookie_slot", "account_slot")
    found = {name: visits[name][visit] for name in names}
    banner = np.isin(pages["kind"], [SHOWN, CLICKED])
    first = pages["kind"] == VISIT
    for name in ("message", "decision"):
        brought, shown = visits["utm_" + name][visit], visits["banner_" + name][visit]
        found[name] = np.where(banner, shown, np.where(first, brought, -1)).astype(brought.dtype)
    return found | {"kind": pages["kind"], "second": pages["second"]}


def pages(world: World, facts: Columns, decisions: pa.Array) -> pa.Table:
    person, kind = facts["person"].astype(np.int64), facts["kind"]
    logged_in = (facts["account_slot"] >= 0) & np.isin(kind, [LOGIN, ORDER])
    product = np.where((kind >= VIEW) & (kind <= ORDER) & (kind != LOGIN), facts["product"], -1)
    return export(
        "site.events",
        len(person),
        {
            "event_id": text("pg", digits(facts["number"], 9)),
            "cookie_id": take(world.contacts.cookies, world.contacts.row(facts["cookie_slot"], person)),
            "session_id": text("s", digits(facts["session"], 8)),
            "account_id": take(
                world.contacts.accounts,
                world.contacts.row(np.where(logged_in, facts["account_slot"], -1), person),
            ),
            "event_type": take(pa.array(EVENT_NAMES), kind),
            "product_id": take(pa.array(world.products.ids), product),
            "utm_campaign": utm(world, facts["message"]),
            "utm_decision_id": take(decisions, facts["decision"]),
            "occurred_at": moments(facts["day"], facts["second"]),
        },
    )


def tickets(world: World, facts: Columns, day: int) -> pa.Table:
    """Tickets as they stand at the end of a day."""
    person, count = facts["person"].astype(np.int64), world.people.count
    mail = world.people.belongings.emails[0][person] & ~facts["by_phone"]
    slot = world.people.belongings.emails[1][person] & (scramble(facts["ticket"]) % np.uint64(12) == 0)
    phone = np.where(world.people.belongings.phones[0][person], person, count + person)
    solved, rated = facts["solved_on"] <= day, (facts["rated_on"] <= day) & (facts["score"] > 0)
    subject, body = _words(world, facts)
    updated = np.where(rated, facts["rated_on"], np.where(solved, facts["solved_on"], facts["day"]))
    comment = (facts["text"] // 7) % 6
    return export(
        "desk.tickets",
        len(person),
        {
            "ticket_id": text("D", digits(facts["ticket"] + 50_000)),
            "email": take(world.contacts.emails, np.where(mail, world.contacts.row(slot, person), -1)),
            "phone": take(world.contacts.phones, np.where(mail, -1, phone)),
            "order_id": where(facts["order"] >= 0, order_ids(facts["order"]), None),
            "subject": subject,
            "body": body,
            "status": take(
                pa.array(["open", "pending", "solved", "closed"]),
                np.where(rated, 3, np.where(solved, 2, facts["text"] % 2)),
            ),
            "csat_score": pa.array(facts["score"].astype(np.int64), mask=~rated),
            "csat_comment": where(
                rated,
                where(
                    facts["score"] <= 2,
                    take(pa.array(texts.BAD_COMMENTS), comment),
                    take(pa.array(texts.GOOD_COMMENTS), comment),
                ),
                None,
            ),
            "created_at": moments(facts["day"], facts["second"]),
            "updated_at": moments(updated, facts["second"] + np.where(updated > facts["day"], 1800, 0)),
            "solved_at": where(
                solved,
                moments(facts["solved_on"], facts["second"] + 1800),
                pa.scalar(None, pa.timestamp("us")),
            ),
        },
    )


def _words(world: World, facts: Columns) -> tuple[pa.Array, pa.Array]:
    """Subject and body: a template of the ticket's kind and language, with product and order filled in."""
    flat = [(kind, *t) for kind, group in texts.TEXTS.items() for t in group]
    german = world.people.homes.is_german[facts["person"]]
    choice = np.zeros(len(german), np.int64)
    for kind in texts.TEXTS:
        for is_german, language in ((False, "en"), (True, "de")):
            pool = np.array([i for i, t in enumerate(flat) if t[0] == kind and t[1] == language])
            rows = (facts["kind"] == kind) & (german == is_german)
            choice[rows] = pool[facts["text"][rows] % len(pool)]
    bare = [n.rsplit(" ", 1)[0] for n in world.products.names]
    product = pc.coalesce(take(pa.array(bare), facts["product"]), pa.scalar("thing I bought"))
    order = where(facts["order"] >= 0, order_ids(facts["order"]), "from last week")
    return tuple(
        _filled(take(pa.array([t[place] for t in flat]), choice), product, order) for place in (2, 3)
    )


def _filled(template: pa.Array, product: pa.Array, order: pa.Array) -> pa.Array:
    for mark, value in (("{product}", product), ("{order}", order)):
        pieces = pc.split_pattern(template, mark, max_splits=1)
        has = pc.equal(pc.list_value_length(pieces), 2)
        before = pc.list_element(pieces, 0)
        rest = pc.utf8_slice_codeunits(template, 0)
        after = pc.replace_substring(rest, mark, "\x00")
        after = pc.replace_substring_regex(after, "(?s)^[^\x00]*\x00", "")
        template = pc.if_else(has, text(before, value, after), template)
    return template


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


def change_days(facts: Columns, day: int) -> Columns:
    """Tickets that changed on a day."""
    return pick(
        facts,
        (facts["day"] == day)
        | (facts["solved_on"] == day)
        | ((facts["rated_on"] == day) & (facts["score"] > 0)),
    )
