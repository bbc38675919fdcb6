"""A small random world just before a decision: the tables the decision models read, made without any model."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
AS_OF = datetime(
    2026, 11, 5, 3, 30, tzinfo=UTC
)  # after the clocks went back in the US and in Europe; night for many
PRODUCTS = {f"p{number}": f"c{number % 4}" for number in range(12)}
ZONES = [
    ("US", "America/New_York"),
    ("US", "America/Los_Angeles"),
    ("DE", "Europe/Berlin"),
    ("AU", "Australia/Sydney"),
    ("US", None),
    ("AU", None),
    ("JP", None),
]
POINTS = {
    "email": "email",
    "phone": "phone",
    "device_token": "device_token",
    "loyalty_card": "loyalty_card",
    "cookie": "cookie_id",
}

Row = dict[str, Any]

# The dials of this world, where the project's own would leave a rule without anybody to bind: seed, key, cells.
DIALS: list[tuple[str, str, dict[str, str]]] = [
    ("caps", "101", {"max_n": "3"}),
    ("caps", "102", {"max_n": "9"}),
    ("caps", "111", {"max_n": "2"}),
    ("caps", "116", {"max_n": "2"}),
    ("caps", "131", {"window_n": "1"}),
    ("caps", "141", {"window_n": "4"}),
    ("messages", "welcome_email", {"exclusion_group": "crosssell"}),
    ("messages", "promo_push", {"exclusion_group": "crosssell", "weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "promo_email", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "referral_email", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "winback_letter", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "winback_sms", {"weekdays": "1|2|3|4|5|6|7"}),
    ("suppressions", "contact_pressure", {"scope_type": "category", "scope_key": "onboarding"}),
    ("quiet_hours", "push_everywhere", {"outside": "hold"}),
    ("quiet_hours", "call_everywhere", {"channel": "onsite", "outside": "drop"}),
]
KEYS = {"caps": "policy_id", "messages": "message_id", "suppressions": "rule_id", "quiet_hours": "rule_id"}


def seed_rows(name: str) -> list[dict[str, str]]:
    """A seed as it stands in the project, with this world's dials."""
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for seed, key, cells in DIALS:
        for row in rows if seed == name else []:
            row.update(cells if row[KEYS[seed]] == key else {})
    return rows


@dataclass
class World:
    """Everything the decision models read, as rows."""

    customers: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    context: list[Row] = field(default_factory=list)
    decided: list[Row] = field(default_factory=list)


def make_world(customers: int, seed: int) -> World:
    """`customers` people with 0 to 14 contacts each, so that every cap binds for some and not for others."""
    dice, world = random.Random(seed), World()
    for number in range(customers):
        add_customer(world, dice, f"C{number:05d}")
        add_consents(world, dice)
        add_memberships(world, dice)
        add_contacts(world, dice, number % 15)
    return world


def add_customer(world: World, dice: random.Random, customer_id: str) -> None:
    """One customer with a clock that may be unknown, and contact points that may be missing."""
    country, zone = dice.choice(ZONES)
    points = {
        column: f"{kind}-{customer_id}" if dice.random() < 0.9 else None for kind, column in POINTS.items()
    }
    world.customers.append(
        {
            "customer_id": customer_id,
            "country": country,
            "time_zone": zone,
            "is_time_zone_known": zone is not None,
        }
        | points
        | {"lifecycle_stage": dice.choice(["new", "active", "lapsed"])}
    )
    world.context.append(
        {
            "customer_id": customer_id,
            "last_purchased_category": dice.choice(["c0", "c1", None]),
            "pressure_7d": dice.randrange(9),
            "open_case_count": 0,
        }
    )


def add_consents(world: World, dice: random.Random) -> None:
    """Per channel and purpose: granted, refused, or nothing on record; sometimes the address bounced."""
    customer = world.customers[-1]
    for channel in seed_rows("channels"):
        for purpose, granted in (("marketing", 0.8), ("transactional", 0.95)):
            point = customer[POINTS[channel["contact_type"]]]
            if point is None or dice.random() < 0.1:
                continue
            world.consents.append(
                {
                    "customer_id": customer["customer_id"],
                    "channel": channel["channel"],
                    "purpose": purpose,
                    "contact_type": channel["contact_type"],
                    "contact_point": point,
                    "is_granted": dice.random() < granted,
                    "is_bounced": dice.random() < 0.03,
                    "occurred_at": AS_OF - timedelta(days=90),
                }
            )


def add_memberships(world: World, dice: random.Random) -> None:
    """Many segments, few suppressions."""
    customer_id = world.customers[-1]["customer_id"]
    for audience in seed_rows("audiences"):
        share = 0.6 if audience["kind"] == "segment" else 0.06
        for _ in range(2):
            if dice.random() >= share:
                continue
            product = dice.choice(list(PRODUCTS))
            scope = {
                "bought_recently": dice.choice([f"product:{product}", f"category:{PRODUCTS[product]}"]),
                "bounced": f"channel:{dice.choice(['email', 'sms', 'push'])}",
                "no_consent": "channel:email",
                "cart_abandoners": f"product:{product}",
            }.get(audience["audience"], "all")
            entered = AS_OF - timedelta(hours=dice.randrange(1, 60))
            row = {
                "audience": audience["audience"],
                "customer_id": customer_id,
                "scope_key": scope,
                "reason": "drawn",
                "kind": audience["kind"],
                "product_id": product,
                "product_category": PRODUCTS[product],
                "entered_at": entered,
                "expires_at": dice.choice(
                    [None, AS_OF + timedelta(hours=5), AS_OF + timedelta(days=3), AS_OF]
                ),
            }
            mine = world.members[-20:]
            if not any(
                (m["audience"], m["customer_id"], m["scope_key"]) == (row["audience"], customer_id, scope)
                for m in mine
            ):
                world.members.append(row)


def add_contacts(world: World, dice: random.Random, count: int) -> None:
    """Past contacts, ours and others', and one promised for a few hours from now."""
    customer_id, messages = world.customers[-1]["customer_id"], seed_rows("messages")
    for number in range(count):
        message = dice.choice(messages)
        hours = dice.uniform(-9, 24 * 9) if dice.random() < 0.8 else dice.uniform(0, 24 * 35)
        is_ours = dice.random() < 0.8
        world.contacts.append(
            {
                "contact_id": f"{customer_id}-{number}",
                "customer_id": customer_id,
                "channel": message["channel"],
                "category": message["category"] if is_ours else "other",
                "campaign": message["campaign"] if is_ours else None,
                "message_id": message["message_id"] if is_ours else None,
                "state": dice.choice(["sent", "sent", "decided", "released"]),
                "count_to_caps": message["count_to_caps"] == "true",
                "counted_at": AS_OF - timedelta(seconds=round(hours * 3600)),
            }
        )
