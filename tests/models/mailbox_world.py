"""Two people of different homes read one mailbox: what one was sent leaves the other no room, in a micro-run too."""

from __future__ import annotations

from datetime import timedelta

from tests.models.decision_world import World, seed_rows

MAILBOX = "read by both"


def capacity_world() -> World:
    """Ben, of whom there is no news, was sent the one message that everybody together may get in a day."""
    world = mailbox_world(unit="all")
    for row in (world.customers[1], world.consents[1], world.contacts[0]):
        row |= {"email" if "email" in row else "contact_point": "his own"}
    return world


def mailbox_world(unit: str = "contact_point") -> World:
    """Ben was written to an hour ago; there is news of Anna alone, and an address (or unit) takes one e-mail a day."""
    message = next(row for row in seed_rows("messages") if row["message_id"] == "referral_email")
    messages = [message | {"weekdays": "1|2|3|4|5|6|7", "holdout": "false", "value_amount": "90"}]
    cap = {"scope_type": "global", "scope_key": "*", "max_n": "3", "window_n": "1", "window_unit": "day",
           "window_kind": "rolling", "segment": "*", "reserve_n": "", "reserve_tier": "", "valid_from": "2015-01-01",
           "valid_to": "", "owner": "nobody", "note": ""}  # fmt: skip
    caps = [
        cap | {"policy_id": "101", "unit": "customer"},
        cap | {"policy_id": "171", "unit": unit, "max_n": "1"},
    ]
    none = {"budgets": [], "prices": [], "experiments": [], "suppressions": [], "quiet_hours": []}
    world = World(seeds={"messages": messages, "caps": caps, "programme_steps": []} | none)
    for name in ("anna", "ben"):
        world.customers.append(
            {"customer_id": name, "household_id": f"home of {name}", "country": "US", "time_zone": "America/New_York",
             "is_time_zone_known": True, "email": MAILBOX, "phone": None, "device_token": None, "loyalty_card": None,
             "cookie_id": None, "lifecycle_stage": "active"}
        )  # fmt: skip
        world.consents.append(
            {"customer_id": name, "channel": "email", "purpose": "marketing", "contact_type": "email",
             "contact_point": MAILBOX, "is_granted": True, "is_bounced": False, "occurred_at": world.as_of}
        )  # fmt: skip
        world.context.append({"customer_id": name, "last_purchased_category": None, "pressure_7d": 0})
    world.members.append(
        {"audience": message["audience"], "customer_id": "anna", "scope_key": "all", "reason": "drawn",
         "kind": "segment", "product_id": "p1", "product_category": "c1",
         "entered_at": world.as_of - timedelta(hours=3), "expires_at": None}
    )  # fmt: skip
    world.contacts.append(
        {"contact_id": "this morning", "customer_id": "ben", "contact_type": "email", "contact_point": MAILBOX,
         "channel": "email", "category": message["category"], "campaign": message["campaign"],
         "message_id": message["message_id"], "product_id": None, "product_category": None, "state": "sent",
         "count_to_caps": True, "counted_at": world.as_of - timedelta(hours=1)}
    )  # fmt: skip
    world.news = ["anna"]
    return world
