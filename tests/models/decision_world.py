"""A small random world just before a decision: the tables the decision models read, made without any model."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
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

HOUSE = "America/New_York"  # the project's house_time_zone

Row = dict[str, Any]

# The dials of this world, where the project's own would leave a rule without anybody to bind: seed, key, cells.
DIALS: list[tuple[str, str, dict[str, str]]] = [
    ("caps", "101", {"max_n": "3"}),
    ("caps", "102", {"max_n": "7"}),
    ("caps", "111", {"max_n": "1"}),
    ("caps", "116", {"max_n": "2"}),
    ("caps", "131", {"window_n": "1"}),
    ("caps", "141", {"window_n": "4"}),
    ("messages", "welcome_email", {"exclusion_group": "crosssell"}),
    ("messages", "promo_push", {"exclusion_group": "crosssell", "weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "promo_email", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "referral_email", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "winback_letter", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "winback_sms", {"weekdays": "1|2|3|4|5|6|7"}),
    ("messages", "crosssell_push", {"promotes": "product"}),
    ("messages", "arrivals_email", {"promotes": "product"}),
    ("suppressions", "contact_pressure", {"scope_type": "category", "scope_key": "onboarding"}),
    ("caps", "103", {"max_n": "6"}),
    ("caps", "104", {"max_n": "5"}),
    ("caps", "105", {"max_n": "5"}),
    ("caps", "118", {"max_n": "1"}),
    ("caps", "121", {"max_n": "3"}),
    ("caps", "124", {"max_n": "2"}),
    ("caps", "161", {"max_n": "1"}),
    ("caps", "162", {"max_n": "2"}),
    ("caps", "171", {"max_n": "2"}),
    ("caps", "181", {"max_n": "56"}),
    ("budgets", "901", {"scope_type": "message", "scope_key": "cart_sms", "amount": "0.4"}),
    ("budgets", "902", {"amount": "60"}),
    ("prices", "attention", {"amount": "0.4"}),
    ("quiet_hours", "push_everywhere", {"outside": "hold"}),
    ("quiet_hours", "call_everywhere", {"channel": "onsite", "outside": "drop"}),
]
KEYS = {
    "caps": "policy_id",
    "messages": "message_id",
    "suppressions": "rule_id",
    "quiet_hours": "rule_id",
    "budgets": "budget_id",
    "prices": "price_id",
}


@cache
def own_rows(name: str) -> list[dict[str, str]]:
    """A seed as the project has it."""
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed_rows(name: str) -> list[dict[str, str]]:
    """A seed as it stands in the project, with this world's dials."""
    rows = [dict(row) for row in own_rows(name)]
    for seed, key, cells in DIALS:
        for row in rows if seed == name else []:
            row.update(cells if row[KEYS[seed]] == key else {})
    return rows


@dataclass
class World:
    """Everything the decision models read, as rows. `seeds` holds those that are not the project's own."""

    as_of: datetime = AS_OF
    seeds: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    customers: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    context: list[Row] = field(default_factory=list)
    decided: list[Row] = field(default_factory=list)
    assigned: list[Row] = field(default_factory=list)
    propensities: list[Row] = field(default_factory=list)
    prices: list[Row] = field(default_factory=list)
    # of whom something has come in since the run before; None: a full run
    news: list[str] | None = None

    def seed(self, name: str) -> list[dict[str, str]]:
        """A seed as this world has it."""
        return self.seeds[name] if name in self.seeds else seed_rows(name)


def make_world(customers: int, seed: int, most_contacts: int = 14) -> World:
    """`customers` people with 0 to `most_contacts` contacts each: every cap binds for some and not for others."""
    return fill_world(World(), random.Random(seed), customers, most_contacts)


def fill_world(world: World, dice: random.Random, customers: int, most_contacts: int) -> World:
    """Draw people, what is known of them and what they were sent, under the world's seeds and moment."""
    for number in range(customers):
        add_customer(world, dice, f"C{number:05d}")
        add_consents(world, dice)
        add_memberships(world, dice)
        add_states(world, dice)
        add_contacts(world, dice, number % (most_contacts + 1))
        add_assignments(world, dice)
        add_propensities(world, dice)
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
            # two or three to a door, some alone
            "household_id": f"H{int(customer_id[1:]) // dice.choice([1, 2, 3])}",
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
    for channel in world.seed("channels"):
        for purpose, granted in (("marketing", 0.8), ("transactional", 0.95)):
            point = customer[POINTS[channel["contact_type"]]]
            # some mailboxes are read by two
            if channel["contact_type"] == "email" and point and customer["customer_id"][-1] in "15":
                point = f"shared-{int(customer['customer_id'][1:]) // 10}"
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
                    "occurred_at": world.as_of - timedelta(days=90),
                }
            )


def draw_product(dice: random.Random, customer_id: str) -> str:
    """Often the one that others propose to the customer too."""
    products = list(PRODUCTS)
    return products[int(customer_id[1:]) % len(products)] if dice.random() < 0.5 else dice.choice(products)


def add_memberships(world: World, dice: random.Random) -> None:
    """Many segments, few suppressions."""
    customer_id = world.customers[-1]["customer_id"]
    for audience in world.seed("audiences"):
        share = 0.6 if audience["kind"] == "segment" else 0.06
        for _ in range(2):
            if dice.random() >= share:
                continue
            product = draw_product(dice, customer_id)
            scope = {
                "bought_recently": dice.choice([f"product:{product}", f"category:{PRODUCTS[product]}"]),
                "bounced": f"channel:{dice.choice(['email', 'sms', 'push'])}",
                "no_consent": "channel:email",
                "cart_abandoners": f"product:{product}",
            }.get(audience["audience"], "all")
            entered = world.as_of - timedelta(hours=dice.randrange(1, 60))
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
                    [None, world.as_of + timedelta(hours=5), world.as_of + timedelta(days=3), world.as_of]
                ),
            }
            mine = world.members[-20:]
            if not any(
                (m["audience"], m["customer_id"], m["scope_key"]) == (row["audience"], customer_id, scope)
                for m in mine
            ):
                world.members.append(row)


def add_states(world: World, dice: random.Random) -> None:
    """What programmes offer the customer: of each more steps at once than there ever are, so that caps bind."""
    customer_id = world.customers[-1]["customer_id"]
    for step in world.seed("programme_steps"):
        if dice.random() >= 0.5:
            continue
        product = draw_product(dice, customer_id)
        entered = world.as_of - timedelta(hours=dice.randrange(1, 160))
        world.states.append(
            {
                "programme": step["programme"],
                "customer_id": customer_id,
                "instance": f"{step['programme']}@{entered.date()}",
                "status": dice.choice(["live", "suspended", "converted"]),
                "message_id": step["message_id"],
                "step_number": int(step["step_number"]),
                "is_offered": dice.random() < 0.9,
                "moved_because": "drawn",
                "product_id": product,
                "product_category": PRODUCTS[product],
                "entered_at": entered,
                "closes_at": world.as_of + timedelta(hours=dice.choice([2, 30, 200])),
            }
        )


def add_contacts(world: World, dice: random.Random, count: int) -> None:
    """Past contacts, ours and others', and one promised for a few hours from now."""
    customer, messages = world.customers[-1], world.seed("messages")
    kinds = {row["channel"]: row["contact_type"] for row in world.seed("channels")}
    points = {
        (r["channel"]): r["contact_point"]
        for r in world.consents[-20:]
        if r["customer_id"] == customer["customer_id"]
    }
    for number in range(count):
        message = dice.choice(messages)
        hours = dice.uniform(-9, 24 * 9) if dice.random() < 0.8 else dice.uniform(0, 24 * 35)
        is_ours, product = dice.random() < 0.8, dice.choice([*PRODUCTS, None])
        world.contacts.append(
            {
                "contact_id": f"{customer['customer_id']}-{number}",
                "customer_id": customer["customer_id"],
                "contact_type": kinds[message["channel"]],
                "contact_point": points.get(message["channel"]),
                "channel": message["channel"],
                "category": message["category"] if is_ours else "other",
                "campaign": message["campaign"] if is_ours else None,
                "message_id": message["message_id"] if is_ours else None,
                "product_id": product if is_ours else None,
                "product_category": PRODUCTS.get(product or "") if is_ours else None,
                "state": dice.choice(["sent", "sent", "decided", "released"]),
                "count_to_caps": message["count_to_caps"] == "true",
                "counted_at": world.as_of - timedelta(seconds=round(hours * 3600)),
            }
        )


def add_assignments(world: World, dice: random.Random) -> None:
    """One in four was drawn into an arm of every experiment before, whatever the seed says today."""
    if dice.random() < 0.25:
        for experiment in {row["experiment"]: row for row in world.seed("experiments")}.values():
            world.assigned.append(
                {
                    "experiment": experiment["experiment"],
                    "customer_id": world.customers[-1]["customer_id"],
                    "bucket": 7,
                    "arm": dice.choice([experiment["arm"], "treated"]),
                    "assigned_at": world.as_of - timedelta(days=9),
                }
            )


def add_propensities(world: World, dice: random.Random) -> None:
    """For half of the messages somebody has estimated how likely this customer is to respond."""
    for message in world.seed("messages"):
        if dice.random() < 0.5:
            world.propensities.append(
                {
                    "customer_id": world.customers[-1]["customer_id"],
                    "message_id": message["message_id"],
                    "propensity": dice.randrange(1, 150_000) / 1_000_000,
                    "is_future": False,
                    "scored_at": world.as_of - timedelta(days=1),
                }
            )
