"""Policies nobody would write, drawn at random: every kind of cap, budget, price, suppression and quiet hours."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.models.decision_world import World, fill_world, seed_rows

CHANNELS = ["email", "sms", "push", "direct_mail", "onsite"]
CATEGORIES = ["promo", "cart", "service", "winback"]
CAMPAIGNS = ["k1", "k2", "k3", "k4"]
GROUPS = ["", "", "g1", "g2"]
SEGMENTS = ["lapsed", "high_value", "contact_pressure", "ceiling:loose", "ceiling:tight"]
# Nights and days, the end of a month, both changes of the clocks, a Monday in Sydney that is a Sunday in New York.
MOMENTS = [
    datetime(2026, 11, 5, 3, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 15, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
    datetime(2026, 3, 8, 9, 0, tzinfo=UTC),
    datetime(2026, 12, 1, 1, 0, tzinfo=UTC),
    datetime(2026, 8, 31, 17, 5, tzinfo=UTC),
    datetime(2026, 6, 14, 15, 20, tzinfo=UTC),
]
Seed = list[dict[str, str]]


def random_world(seed: int, tightness: float | None = None) -> World:
    """A world of some thirty people under drawn policies. tightness: 0 hardly a contact, 1 up to 15 each."""
    dice = random.Random(seed)
    tight = dice.random() if tightness is None else tightness
    now = dice.choice(MOMENTS)
    messages = draw_messages(dice)
    is_lean = seed % 2 == 0  # where little stands in the way, choices get in each other's
    is_flat = seed % 4 == 2  # and most where no tier goes before another and none is worth much more
    seeds = {
        "messages": messages,
        "programme_steps": [
            {
                "message_id": row["message_id"],
                "programme": f"g{place % 3}",
                "step_number": str(1 + place // 3),
            }
            for place, row in enumerate(row for row in messages if not row["audience"])
        ],
        "caps": draw_caps(dice, messages, now),
        "budgets": draw_budgets(dice, tight),
        "prices": draw_prices(dice),
        "experiments": draw_experiments(dice, messages, now),
        "suppressions": draw_suppressions(dice, now),
        "quiet_hours": draw_quiet_hours(dice),
    }
    shared = [r["policy_id"] for r in seeds["caps"] if r["unit"] == "all"] + [
        r["budget_id"] for r in seeds["budgets"]
    ]
    if is_lean:
        seeds |= {"prices": [], "suppressions": [], "quiet_hours": []}
        seeds["caps"] = [row for row in seeds["caps"] if row["window_unit"] in ("hour", "day")]
    if is_flat:
        tight = tight / 4
        flatten(seeds)
    world = World(as_of=now, seeds=seeds)
    world.prices = [
        {"policy_id": int(policy), "price": dice.randrange(0, 300) / 1000, "is_future": False}
        for policy in shared
        if dice.random() < 0.4
    ]
    return fill_world(world, dice, dice.randrange(16, 36), round(1 + 14 * tight))


def flatten(seeds: dict[str, Seed]) -> None:
    """One tier, like amounts, three a day, and a day's caps that cross: the best message shuts out two others."""
    for row in seeds["messages"]:
        row |= {
            "tier": "0" if row["tier"] == "0" else "2",
            "value_amount": f"{20 + int(row['value_amount']) % 5}",
        }
        row["base_rate"] = f"{0.03 + float(row['base_rate']) / 10:.3f}"
    daily = seeds["caps"][0] | {"max_n": "3"}
    crossing = [("global", daily), ("channel", daily | {"max_n": "1"}), ("campaign", daily | {"max_n": "1"})]
    seeds["caps"] = [row for row in seeds["caps"][1:] if row["unit"] != "customer"] + [
        cap | {"scope_type": scope, "policy_id": str(number)}
        for number, (scope, cap) in enumerate(crossing, 801)
    ]


def dated(dice: random.Random, now: datetime) -> dict[str, str]:
    """Nearly always in force; sometimes from today on, until today, over or not yet begun."""
    today, day = now.date(), timedelta(days=1)
    return dice.choices(
        [
            {"valid_from": "2015-01-01", "valid_to": ""},
            {"valid_from": f"{today}", "valid_to": f"{today}"},
            {"valid_from": "2015-01-01", "valid_to": f"{today - day}"},
            {"valid_from": f"{today + day}", "valid_to": ""},
        ],
        [20, 2, 1, 1],
    )[0]


def draw_messages(dice: random.Random) -> Seed:
    segments = [row["audience"] for row in seed_rows("audiences") if row["kind"] == "segment"]
    found = []
    for place, number in enumerate(dice.sample(range(1, 1024), dice.randrange(12, 24))):
        is_service = dice.random() < 0.15
        counts = dice.random() < (0.5 if is_service else 0.85)
        promotes = dice.choice(["product", "category", "nothing"])
        costs = is_service or counts
        found.append(
            {
                "message_id": f"m{place}", "message_number": str(number), "campaign": dice.choice(CAMPAIGNS),
                "channel": dice.choice(CHANNELS), "category": dice.choice(CATEGORIES),
                "purpose": "transactional" if is_service else "marketing",
                "tier": "0" if is_service else str(dice.randrange(1, 4)), "value_amount": str(dice.randrange(0, 40)),
                "base_rate": f"{dice.randrange(1, 100) / 1000:.3f}",
                "unit_cost": dice.choice(["0", "0.04", "0.85"]) if costs else "0",
                "lever": dice.choice(["0", "0", "25", "-30"]), "audience": dice.choice([*segments, "", ""]),
                "promotes": promotes,
                "occasion": dice.choice(["week", "day", "entry"]), "exclusion_group": dice.choice(GROUPS),
                "exempt_caps": str(is_service).lower(), "count_to_caps": str(counts).lower(),
                "ttl_hours": dice.choice(["4", "24", "72"]), "weekdays": dice.choice(["1|2|3|4|5|6|7"] * 4 + ["1|4|7"]),
                "holdout": str(not is_service and dice.random() < 0.7).lower(), "valid_from": "2015-01-01",
                "valid_to": "", "owner": "nobody",
            }
        )  # fmt: skip
    return found


def draw_scope(dice: random.Random, messages: Seed) -> tuple[str, str]:
    keys = {
        "global": ["*"],
        "channel": ["*", *CHANNELS],
        "category": ["*", *CATEGORIES],
        "campaign": ["*", *CAMPAIGNS],
        "group": ["*", "g1"],
        "message": ["*", messages[0]["message_id"]],
        "product": ["*"],
        "product_category": ["*"],
    }
    scope = dice.choice([*keys])
    return scope, dice.choice(keys[scope])


def draw_caps(dice: random.Random, messages: Seed, now: datetime) -> Seed:
    """A daily ceiling, and three to fourteen more of any kind."""
    daily = {"scope_type": "global", "scope_key": "*", "unit": "customer", "max_n": dice.choice("1233")}
    daily |= {"window_n": "1", "window_unit": "day", "window_kind": "rolling", "segment": "*"}
    daily |= {"reserve_n": "", "reserve_tier": "", "valid_from": "2015-01-01", "valid_to": ""}
    caps = [daily]
    for _ in range(dice.randrange(3, 15)):
        scope, key = draw_scope(dice, messages)
        unit = dice.choices(["customer", "household", "contact_point", "all"], [12, 3, 2, 2])[0]
        window = dice.choice(["hour", "day", "day", "week", "month"])
        most = dice.choice([1, 1, 1, 2, 2, 3, 5]) * (12 if unit == "all" else 1)
        kept = dice.randrange(1, most) if most > 1 and dice.random() < 0.25 else 0
        has_segment = unit in ("customer", "all") and dice.random() < 0.25
        caps.append(
            {
                "scope_type": scope, "scope_key": key, "unit": unit, "max_n": str(most),
                "window_n": str(dice.choice({"hour": [1, 6, 20, 72], "day": [1, 2, 7, 30]}.get(window, [1, 2]))),
                "window_unit": window, "window_kind": "calendar" if window in ("week", "month") else "rolling",
                "segment": dice.choice(SEGMENTS) if has_segment else "*", "reserve_n": str(kept or ""),
                "reserve_tier": str(dice.randrange(0, 3)) if kept else "", **dated(dice, now),
            }
        )  # fmt: skip
    general = [cap for cap in caps[1:] if cap["unit"] == "customer" and cap["segment"] == "*"]
    for cap in dice.sample(general, min(2, len(general))):  # for some people, more than for the others
        caps.append(cap | {"segment": dice.choice(SEGMENTS), "max_n": str(int(cap["max_n"]) + 1)})
    numbers = dice.sample(range(1, 800), len(caps))
    return [
        cap | {"policy_id": str(n), "owner": "nobody", "note": ""}
        for cap, n in zip(caps, numbers, strict=True)
    ]


def draw_budgets(dice: random.Random, tight: float) -> Seed:
    return [
        {
            "budget_id": str(number), "scope_type": scope, "scope_key": key,
            "amount": f"{dice.randrange(1, 60) * (1.3 - tight) / 10:.2f}", "window_n": dice.choice("12"),
            "window_unit": dice.choice(["day", "week", "month"]), "valid_from": "2015-01-01", "valid_to": "",
            "owner": "nobody", "note": "",
        }
        for number, (scope, key) in enumerate([("global", "*"), ("channel", "*"), ("campaign", "k1")], 901)
        if dice.random() < 0.3
    ]  # fmt: skip


def draw_prices(dice: random.Random) -> Seed:
    return [
        {
            "price_id": f"p{number}", "scope_type": scope, "scope_key": key, "from_tier": dice.choice("123"),
            "amount": f"{dice.randrange(1, 40) / 100:.2f}", "valid_from": "2015-01-01", "valid_to": "",
            "owner": "nobody", "note": "",
        }
        for number, (scope, key) in enumerate([("global", "*"), ("channel", "sms"), ("group", "*")])
        if dice.random() < 0.4
    ]  # fmt: skip


def draw_experiments(dice: random.Random, messages: Seed, now: datetime) -> Seed:
    """The universal holdout, which audiences know of, and some of a channel, of a message (each with its places left
    empty, or given to the next) and with two arms of caps."""
    wanted = [
        ("sms_holdout", "channel", dice.choice(CHANNELS), [("held_out", 120), ("replaced", 120)]),
        ("ghost", "message", messages[1]["message_id"], [("held_out", 300), ("replaced", 300)]),
        ("ceiling", "cap", "*", [("loose", 300), ("tight", 300)]),
    ]
    wanted = [
        ("universal_holdout", "all", "*", [("held_out", 50)]),
        *(w for w in wanted if dice.random() < 0.6),
    ]
    return [
        {
            "experiment": name, "scope_type": scope, "scope_key": key, "arm": arm, "per_mille": str(size),
            "salt": f"{name}-{now:%Y}", "owner": "nobody", "note": "", **validity,
        }
        for name, scope, key, arms in wanted
        for validity in [dated(dice, now)]
        for arm, size in arms
    ]  # fmt: skip


def draw_suppressions(dice: random.Random, now: datetime) -> Seed:
    rows: Seed = [dict(row) for row in seed_rows("suppressions") if dice.random() < 0.5]
    for row in rows:
        row["unit"] = dice.choice(["customer", "customer", "household"])
        row |= dated(dice, now)
        if row["scope_type"] == "category":
            row["scope_key"] = "|".join(dice.sample(CATEGORIES, 2))
    return rows


def draw_quiet_hours(dice: random.Random) -> Seed:
    found = []
    for channel in dice.sample(CHANNELS, 2):
        for country in ["*", dice.choice(["US", "DE", "AU"])]:
            opens, closes = dice.randrange(6, 12), dice.randrange(13, 24)
            days = dice.choice(["*", "*", "1|2|3|4|5", "7"]) if country == "*" else "7"
            found.append(
                {
                    "rule_id": f"{channel}_{country}", "channel": channel, "country": country, "days": days,
                    "open_local": f"{opens:02}:00", "close_local": f"{closes:02}:30",
                    "outside": dice.choice(["schedule", "hold", "drop"]), "valid_from": "2015-01-01", "valid_to": "",
                    "owner": "nobody",
                }
            )  # fmt: skip
    return found
