"""What the service desk shows: tickets with free text and scores, as last changed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox import ticket_texts as texts
from sandbox.columns import Columns, digits, export, moments, pick, take, text, where
from sandbox.noise import scramble
from sandbox.shop_exports import order_ids
from sandbox.world import World

FOLLOW_UP = 1800  # seconds of the day by which answers come later than questions


def tickets(world: World, facts: Columns, day: int) -> pa.Table:
    """Tickets as they stand at the end of a day."""
    solved, rated = facts["solved_on"] <= day, (facts["rated_on"] <= day) & (facts["score"] > 0)
    subject, body = _words(world, facts)
    updated = np.where(rated, facts["rated_on"], np.where(solved, facts["solved_on"], facts["day"]))
    status = np.where(rated, 3, np.where(solved, 2, facts["text"] % 2))
    answered = moments(facts["solved_on"], facts["second"] + FOLLOW_UP)
    return export(
        "desk.tickets",
        len(status),
        {
            "ticket_id": text("D", digits(facts["ticket"] + 50_000)),
            **_requester(world, facts),
            "order_id": where(facts["order"] >= 0, order_ids(facts["order"]), None),
            "subject": subject,
            "body": body,
            "status": take(pa.array(["open", "pending", "solved", "closed"]), status),
            "csat_score": pa.array(facts["score"].astype(np.int64), mask=~rated),
            "csat_comment": where(rated, _comment(facts), None),
            "created_at": moments(facts["day"], facts["second"]),
            "updated_at": moments(updated, facts["second"] + np.where(updated > facts["day"], FOLLOW_UP, 0)),
            "solved_at": where(solved, answered, pa.scalar(None, pa.timestamp("us"))),
        },
    )


def _requester(world: World, facts: Columns) -> dict[str, pa.Array]:
    """Who asks: by mail, or by phone where that is how they came or all they have."""
    person, contacts = facts["person"].astype(np.int64), world.contacts
    belongings = world.people.belongings
    calls = facts["by_phone"] & (belongings.phones[0] | belongings.phones[1])[person]
    mail = belongings.emails[0][person] & ~calls
    slot = belongings.emails[1][person] & (scramble(facts["ticket"]) % np.uint64(12) == 0)
    own_or_landline = np.where(belongings.phones[0][person], 0, 1)
    return {
        "email": take(contacts.emails, contacts.row(np.where(mail, slot, -1), person)),
        "phone": take(contacts.phones, contacts.row(np.where(mail, -1, own_or_landline), person)),
    }


def _comment(facts: Columns) -> pa.Array:
    choice = (facts["text"] // 7) % len(texts.BAD_COMMENTS)
    bad, good = take(pa.array(texts.BAD_COMMENTS), choice), take(pa.array(texts.GOOD_COMMENTS), choice)
    return where(facts["score"] <= 2, bad, good)


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
    """The template with the first {product} and the first {order} filled in."""
    for mark, value in (("{product}", product), ("{order}", order)):
        pieces = pc.split_pattern(template, mark, max_splits=1)
        two = pc.equal(pc.list_value_length(pieces), 2).to_numpy(zero_copy_only=False)
        before = pc.list_element(pieces, 0)
        pattern = "(?s)^.*?" + mark.replace("{", r"\{").replace("}", r"\}")
        after = pc.replace_substring_regex(template, pattern, "")
        template = where(two, text(before, value, after), template)
    return template


def changed_tickets(facts: Columns, day: int) -> Columns:
    """Tickets that changed on a day."""
    return pick(
        facts,
        (facts["day"] == day)
        | (facts["solved_on"] == day)
        | ((facts["rated_on"] == day) & (facts["score"] > 0)),
    )
