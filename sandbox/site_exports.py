"""What the web site's own log holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sandbox.browsing import CLICKED, EVENT_NAMES, LOGIN, ORDER, SHOWN, VIEW, VISIT
from sandbox.columns import Columns, digits, export, moments, take, text
from sandbox.shop_exports import utm
from sandbox.world import World


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
