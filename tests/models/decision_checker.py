"""The decision, made again by plain Python, one customer and one candidate at a time.

Shares nothing with the models: no rooms, no packed key, no masks, no pools. Every cap is recounted from the raw
contacts for every candidate, local time comes from the time zone database, quiet hours are found by walking through
the clock.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import combinations
from math import prod
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tests.models.decision_world import HOUSE, POINTS, Row, World, seed_rows

SCOPES = ["global", "channel", "category", "campaign", "group", "message", "product", "product_category"]
COLUMNS = {
    "group": "exclusion_group",
    "message": "message_id",
    "product": "product_id",
    "product_category": "product_category",
}
ROUNDS = 6
BITS = {scope: 4 << place for place, scope in enumerate(SCOPES[:6])} | {
    "product": 8192,
    "product_category": 8192,
}
ZONES = available_timezones()


@dataclass
class Verdict:
    """What became of one candidate."""

    outcome: str
    first_reason: int
    lost_to: str | None = None
    hold_until: datetime | None = None
    mask: int = 0
    chance: float = 1.0
    short_by: int | None = None


@dataclass
class Candidate:
    """A message somebody would like to send to a customer, and what happens to it."""

    customer: Row
    message: Row
    instance: str
    product_id: str | None
    product_category: str | None
    expires: datetime
    clock: Clock
    rank: tuple[int, int, int, int] = (0, 0, 0, 0)
    worth: int = 0
    point: str | None = None
    withheld: bool = False
    gives_place: bool = False
    hold_until: datetime | None = None
    mask: int = 0
    short_by: int | None = None
    verdict: Verdict | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.customer["customer_id"], self.message["message_id"], self.instance

    @property
    def attributes(self) -> Row:
        return self.message | {"product_id": self.product_id, "product_category": self.product_category}

    def end(self, outcome: str, reason: int, lost_to: str | None = None, bit: int = 0) -> None:
        self.mask |= bit
        self.verdict = Verdict(outcome, reason, lost_to, self.hold_until, self.mask, short_by=self.short_by)


@cache
def country_zones(country: str) -> tuple[str, ...]:
    rows = seed_rows("time_zone_offsets")
    return tuple(sorted({row["time_zone"] for row in rows if row["country"] == country}))


@lru_cache(maxsize=1_000_000)
def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def scope_value(scope: str, row: Row) -> str | None:
    return "*" if scope == "global" else (row.get(COLUMNS.get(scope, scope)) or None)


def is_valid(row: Row, moment: datetime) -> bool:
    today = moment.date().isoformat()
    return bool(row["valid_from"] <= today and (not row["valid_to"] or today <= row["valid_to"]))


def start_of(window: int, unit: str, today: date) -> date:
    """The first local date that a window of days, weeks or months reaches back to."""
    if unit == "day":
        return today - timedelta(days=window - 1)
    if unit == "week":
        return today - timedelta(days=today.isoweekday() - 1 + 7 * (window - 1))
    months = today.year * 12 + today.month - 1 - (window - 1)
    return date(months // 12, months % 12 + 1, 1)


class Clock:
    """A customer's local time; without a known zone that of the country's easternmost zone."""

    def __init__(self, customer: Row, now: datetime) -> None:
        self.now, self.country = now, customer["country"]
        zones = country_zones(self.country)
        known = bool(customer["is_time_zone_known"]) and customer["time_zone"] in ZONES
        self.zones = (customer["time_zone"],) if known else zones
        east = sorted(zones, key=lambda name: (-local(now, name).utcoffset().total_seconds(), name))  # type: ignore[union-attr]
        self.zone = customer["time_zone"] or (east[0] if east else "UTC")

    def local_date(self, moment: datetime) -> date:
        return local(moment, self.zone).date()


class QuietHours:
    """When a channel may ring. No rule for a weekday is closed; every zone must be open where the zone is unknown."""

    def __init__(self, rules: list[Row], now: datetime) -> None:
        self.rules, self.now = [rule for rule in rules if is_valid(rule, now)], now
        self.openings: dict[Any, datetime | None] = {}

    def of(self, channel: str) -> list[Row]:
        return [rule for rule in self.rules if rule["channel"] == channel]

    def is_quiet(self, channel: str, clock: Clock, moment: datetime) -> bool:
        return not clock.zones or not all(
            self.is_open(channel, clock.country, local(moment, name)) for name in clock.zones
        )

    def is_open(self, channel: str, country: str, there: datetime) -> bool:
        rules = [
            rule
            for rule in self.of(channel)
            if rule["country"] in ("*", country)
            and (rule["days"] == "*" or str(there.isoweekday()) in rule["days"].split("|"))
        ]
        time = f"{there:%H:%M}"
        return bool(rules) and all(rule["open_local"] <= time < rule["close_local"] for rule in rules)

    def next_opening(self, channel: str, clock: Clock) -> datetime | None:
        key = (channel, clock.country, clock.zones)
        if key not in self.openings:
            last = self.now.date() + timedelta(days=8)  # nobody waits longer than the dates of eight days
            start = self.now.replace(minute=0)
            quarters = (start + timedelta(minutes=15 * step) for step in range(1, 4 * 24 * 10))
            later = (
                moment
                for moment in quarters
                if moment > self.now and all(local(moment, name).date() <= last for name in clock.zones)
            )
            self.openings[key] = next((m for m in later if not self.is_quiet(channel, clock, m)), None)
        return self.openings[key]


def hashed(text: str, digits: int) -> int:
    return int(hashlib.md5(text.encode()).hexdigest()[:digits], 16)


@dataclass
class Taken:
    """Something that takes room: a contact of the past, or a choice of this run."""

    customer_id: str
    household: str | None
    address: str | None
    attributes: Row
    at: datetime
    counts: int
    cost: int


def holder(unit: str, taken: Taken) -> str | None:
    """Whose room it takes, for a cap of this unit."""
    own = {"customer": taken.customer_id, "household": taken.household, "contact_point": taken.address}
    return own.get(unit, "all")


def by_holder(all_taken: list[Taken]) -> dict[tuple[str, str | None], list[Taken]]:
    """What was taken, by unit and whose room it was."""
    found: dict[tuple[str, str | None], list[Taken]] = defaultdict(list)
    for taken in all_taken:
        for unit in ("customer", "household", "contact_point", "all"):
            found[unit, holder(unit, taken)].append(taken)
    return found


@dataclass
class Decider:
    """Decides for a whole world. `verdicts` has one entry per (customer, message, instance)."""

    world: World
    verdicts: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)
    wishes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        world, now = self.world, self.world.as_of
        self.now = now
        seeds = {name: world.seed(name) for name in ("messages", "caps", "budgets", "suppressions", "prices")}
        self.every_message = {row["message_id"]: row for row in seeds["messages"]}
        self.messages = [row for row in seeds["messages"] if is_valid(row, now)]
        self.caps = [row for row in seeds["caps"] if is_valid(row, now)]
        self.budgets = [row for row in seeds["budgets"] if is_valid(row, now)]
        self.prices = [row for row in seeds["prices"] if is_valid(row, now)]
        self.rules = [row for row in seeds["suppressions"] if is_valid(row, now)]
        self.quiet = QuietHours(world.seed("quiet_hours"), now)
        self.channels = {row["channel"]: row for row in world.seed("channels")}
        self.propensities = {(r["customer_id"], r["message_id"]): r["propensity"] for r in world.propensities}
        self.experiments = [row for row in world.seed("experiments") if is_valid(row, now)]
        self.drawn = {(r["experiment"], r["customer_id"]): r["arm"] for r in world.assigned}
        self.customers = {row["customer_id"]: row for row in world.customers}
        self.clocks = {key: Clock(row, now) for key, row in self.customers.items()}
        self.members: dict[str, list[Row]] = defaultdict(list)
        for row in world.members:
            if row["expires_at"] is None or row["expires_at"] > now:
                self.members[row["customer_id"]].append(row)
        self.states: dict[str, list[Row]] = defaultdict(list)
        for row in world.states:
            self.states[row["customer_id"]].append(row)
        self.homes: dict[str, list[str]] = defaultdict(list)
        for key, row in self.customers.items():
            self.homes[row["household_id"]].append(key)
        self.consents = {(r["customer_id"], r["channel"], r["purpose"]): r for r in world.consents}
        self.used = {(r["customer_id"], r["message_id"], r["instance"]) for r in world.decided}
        self.affinity = {r["customer_id"]: r["last_purchased_category"] for r in world.context}
        self.past = [self.past_contact(row) for row in world.contacts if row["state"] != "released"]
        self.past_of: dict[tuple[str, str | None], list[Taken]] = by_holder(self.past)
        self.run: list[Taken] = []

    def past_contact(self, row: Row) -> Taken:
        known = self.every_message.get(row["message_id"] or "", {})
        cost = round(1000 * float(known.get("unit_cost") or 0))
        home = self.customers.get(row["customer_id"], {}).get("household_id")
        address = f"{row['contact_type']}:{row['contact_point']}" if row.get("contact_point") else None
        attributes = {**row, "exclusion_group": known.get("exclusion_group", "")}
        return Taken(
            row["customer_id"],
            home,
            address,
            attributes,
            row["counted_at"],
            int(row["count_to_caps"]),
            cost,
        )

    def decide(self) -> dict[tuple[str, str, str], Verdict]:
        news = self.world.news
        asked = [row for row in self.world.customers if news is None or row["customer_id"] in news]
        found = [c for customer in asked for c in self.candidates(customer)]
        found = [c for c in found if c.key not in self.used]
        for candidate in found:
            self.gate(candidate)
        passed = [c for c in found if c.verdict is None]
        for candidate in passed:
            self.rate(candidate)
            self.wishes[candidate.customer["customer_id"]] += candidate.message["count_to_caps"] == "true"
        self.let_exempt_through(passed)
        competing = [c for c in passed if self.may_compete(c)]
        self.play_rounds(competing)
        for candidate in found:
            if candidate.verdict is not None and candidate.verdict.outcome == "send" and candidate.withheld:
                candidate.end("withhold", 1901 if candidate.gives_place else 1900, None, 2048)
            assert candidate.verdict is not None
            candidate.verdict.hold_until = candidate.hold_until
            candidate.verdict.chance = self.chance(candidate)
            self.verdicts[candidate.key] = candidate.verdict
        return self.verdicts

    # -- candidates ---------------------------------------------------------------------------------------------

    def candidates(self, customer: Row) -> list[Candidate]:
        """Today's proposals of segments and programmes."""
        clock, found = self.clocks[customer["customer_id"]], []
        today = clock.local_date(self.now)
        for message in self.messages:
            if str(today.isoweekday()) not in message["weekdays"].split("|"):
                continue
            row, instance, last = self.occasion_of(message, customer["customer_id"], today)
            if row is None:
                continue
            expires = self.now + timedelta(hours=int(message["ttl_hours"]))
            expires = min(expires, last or expires)
            promotes = message["promotes"]
            product = row["product_id"] if promotes == "product" else None
            category = row["product_category"] if promotes != "nothing" else None
            found.append(Candidate(customer, message, instance, product, category, expires, clock))
        return found

    def occasion_of(
        self, message: Row, customer_id: str, today: date
    ) -> tuple[Row | None, str, datetime | None]:
        """What it is proposed for, and until when: the step a programme offers, or the newest membership."""
        if not message["audience"]:
            for row in self.states[customer_id]:
                if row["message_id"] == message["message_id"] and row["is_offered"]:
                    return row, row["instance"], row["closes_at"]
            return None, "", None
        rows = [
            row
            for row in self.members[customer_id]
            if row["audience"] == message["audience"] and row["kind"] == "segment"
        ]
        if not rows:
            return None, "", None
        row = min(rows, key=lambda r: (-r["entered_at"].timestamp(), r["scope_key"], r["product_id"]))
        occasion = row["scope_key"] if row["scope_key"] != "all" else row["audience"]
        instance = {
            "week": f"{message['campaign']}@{today - timedelta(days=today.isoweekday() - 1)}",
            "day": f"{message['campaign']}@{today}",
            "entry": f"{occasion}@{row['entered_at'].date()}",
        }[message["occasion"]]
        return row, instance, row["expires_at"]

    # -- gates --------------------------------------------------------------------------------------------------

    def gate(self, c: Candidate) -> None:
        """The first thing that stands against it, in the order people would say it, and a bit for each thing."""
        channel, purpose = c.message["channel"], c.message["purpose"]
        number, customer_id = int(self.channels[channel]["channel_number"]), c.customer["customer_id"]
        consent = self.consents.get((customer_id, channel, purpose))
        c.point = (
            consent["contact_point"]
            if consent
            else c.customer[POINTS[self.channels[channel]["contact_type"]]]
        )
        arms = self.arms_apart(customer_id, c.message) if c.message["holdout"] == "true" else set()
        takes_place = c.message["count_to_caps"] == "true" and c.message["exempt_caps"] != "true"
        c.withheld, c.gives_place = bool(arms), arms == {"replaced"} and takes_place
        found: list[tuple[str, int, int]] = []
        if c.point is None or (consent and consent["is_bounced"]):
            found.append(("suppress", 1050 + number, 4096))
        if not (consent["is_granted"] if consent else purpose == "transactional"):
            found.append(("suppress", 1000 + number, 1))
        for rule in sorted(self.rules, key=lambda r: int(r["rule_number"])):
            if self.blocks(rule, c):
                found.append(
                    ("suppress", 1100 + int(rule["rule_number"]), 2 | 1 << 16 + int(rule["rule_number"]))
                )
        if purpose == "marketing" and self.quiet.of(channel):
            found += self.gate_by_clock(c, channel)
        for _, _, bit in found:
            c.mask |= bit
        if found:
            c.end(found[0][0], found[0][1], None, 2048 if c.withheld else 0)

    def arms_apart(self, customer_id: str, message: Row) -> set[str]:
        """The arms they are in that do without: of the universal holdout, of one from the message's channel or from
        the message itself."""
        keys = {"channel": message["channel"], "message": message["message_id"]}
        drawn = {
            self.arm(row["experiment"], customer_id)
            for row in self.experiments
            if row["scope_key"] == keys.get(row["scope_type"])
        }
        in_universal = any(row["audience"] == "holdout" for row in self.members[customer_id])
        return (drawn & {"held_out", "replaced"}) | ({"held_out"} if in_universal else set())

    def arm(self, experiment: str, customer_id: str) -> str:
        """As drawn before, else by the customer's bucket of a thousand: the arms take them in order."""
        if (experiment, customer_id) in self.drawn:
            return self.drawn[experiment, customer_id]
        rows = sorted((r for r in self.experiments if r["experiment"] == experiment), key=lambda r: r["arm"])
        bucket = hashed(f"{rows[0]['salt']}|{customer_id}", 8) % 1000
        for row in rows:
            bucket -= int(row["per_mille"])
            if bucket < 0:
                return row["arm"]
        return "treated"

    def chance(self, c: Candidate) -> float:
        """How likely it was that a choice of this message is sent to its customer."""
        keys = {"all": "*", "channel": c.message["channel"], "message": c.message["message_id"]}
        apart: dict[str, int] = defaultdict(int)
        for row in self.experiments if c.message["holdout"] == "true" else []:
            if row["arm"] in ("held_out", "replaced") and keys.get(row["scope_type"]) == row["scope_key"]:
                apart[row["experiment"]] += int(row["per_mille"])
        share = prod(1 - size / 1000 for size in apart.values())
        assert c.verdict is not None
        return {"send": share, "withhold": 1 - share}.get(c.verdict.outcome, 1.0)

    def gate_by_clock(self, c: Candidate, channel: str) -> list[tuple[str, int, int]]:
        if not self.quiet.is_quiet(channel, c.clock, self.now):
            return []
        outside = min(rule["outside"] for rule in self.quiet.of(channel))
        c.hold_until = self.quiet.next_opening(channel, c.clock)
        late = c.hold_until is None or c.hold_until >= c.expires
        found = [("suppress", 1911, 512)] if outside == "drop" else []
        found += [("suppress", 1920, 1024)] if late else []
        return found + ([("hold", 1910, 512)] if outside == "hold" else [])

    def blocks(self, rule: Row, c: Candidate) -> bool:
        if rule["exempt_purpose"] == c.message["purpose"]:
            return False
        whose = [c.customer["customer_id"]]
        if rule["unit"] == "household":
            whose = self.homes[c.customer["household_id"]]
        rows = [row for one in whose for row in self.members[one] if row["audience"] == rule["audience"]]
        rows = [row for row in rows if row["kind"] == "suppression"]
        if rule["scope_type"] == "match":
            matching = {
                f"product:{c.product_id}",
                f"category:{c.product_category}",
                f"channel:{c.message['channel']}",
            }
            return any(row["scope_key"] in matching for row in rows)
        named = rule["scope_key"].split("|")
        applies = rule["scope_type"] == "all" or c.message[rule["scope_type"]] in named
        return applies and bool(rows)

    # -- worth --------------------------------------------------------------------------------------------------

    def rate(self, c: Candidate) -> None:
        """Its place in the queue, and what it is worth beyond its price."""
        m, customer_id = c.message, c.customer["customer_id"]
        share = self.propensities.get((customer_id, m["message_id"]), float(m["base_rate"]))
        base = round(1_000_000 * share) * round(1000 * float(m["value_amount"])) // 1000
        liked = c.product_category is not None and c.product_category == self.affinity[customer_id]
        score = base * (120 if liked else 100) * (100 + int(m["lever"])) // 10000
        amounts = [
            float(p["amount"])
            for p in self.prices
            if int(p["from_tier"]) <= int(m["tier"])
            and scope_value(p["scope_type"], m)
            and p["scope_key"] in ("*", scope_value(p["scope_type"], m))
        ]
        amounts += [self.place_price(p, m) for p in self.world.prices if int(m["tier"]) > 0]
        c.worth = score - round(1_000_000 * sum(amounts))
        number = int(m["message_number"])
        tie = (hashed(f"tie|{customer_id}", 8) % 256 * 79 + number * 47) % 256
        c.rank = int(m["tier"]), -max(c.worth, 0), tie, number

    def place_price(self, price: Row, message: Row) -> float:
        """What a place under a cap or budget that everybody shares costs this message."""
        for cap in [c for c in self.caps if c["unit"] == "all" and c["segment"] == "*"] + self.budgets:
            value = scope_value(cap["scope_type"], message)
            product = cap["scope_type"].startswith("product")
            is_it = int(cap.get("policy_id") or cap["budget_id"]) == price["policy_id"]
            if is_it and not product and value is not None and cap["scope_key"] in ("*", value):
                cost = round(1000 * float(message["unit_cost"])) / 1000
                return float(price["price"]) * (cost if "amount" in cap else 1.0)
        return 0.0

    # -- caps ---------------------------------------------------------------------------------------------------

    def segments(self, customer_id: str) -> set[str]:
        arms = {row["experiment"] for row in self.experiments if row["scope_type"] == "cap"}
        named = {f"{experiment}:{self.arm(experiment, customer_id)}" for experiment in arms}
        return {row["audience"] for row in self.members[customer_id]} | named

    def caps_of(self, c: Candidate) -> list[Row]:
        """The customer's own caps: where one speaks of a segment they are in, the general one gives way to it."""
        mine = self.segments(c.customer["customer_id"])
        caps = [
            r for r in self.caps if r["unit"] == "customer" and (r["segment"] == "*" or r["segment"] in mine)
        ]
        same = ("scope_type", "scope_key", "window_n", "window_unit")
        special = {tuple(r[k] for k in same) for r in caps if r["segment"] != "*"}
        return [r for r in caps if r["segment"] != "*" or tuple(r[k] for k in same) not in special]

    def in_window(self, cap: Row, at: datetime, zone: str) -> bool:
        if cap["window_unit"] == "hour":
            return at > self.now - timedelta(hours=int(cap["window_n"]))
        today = local(self.now, zone).date()
        return local(at, zone).date() >= start_of(int(cap["window_n"]), cap["window_unit"], today)

    def limit(self, cap: Row, c: Candidate) -> int:
        kept = int(cap.get("reserve_n") or 0)
        is_late = kept > 0 and int(c.message["tier"]) > int(cap["reserve_tier"])
        return int(cap["max_n"]) - (kept if is_late else 0)

    def counted(self, cap: Row, c: Candidate, chosen: list[Taken]) -> int:
        """How much of a cap is used up for this candidate: contacts, or money where it is a budget."""
        value, total = scope_value(cap["scope_type"], c.attributes), 0
        is_money, unit = "amount" in cap, cap.get("unit", "all")
        past = self.past_of.get((unit, holder(unit, self.taking(c))), [])
        for taken in past + chosen:
            if (
                not self.is_shared(unit, cap, taken, c)
                or scope_value(cap["scope_type"], taken.attributes) != value
            ):
                continue
            own = self.clocks.get(taken.customer_id)
            zone = HOUSE if unit == "all" or own is None else own.zone
            if self.in_window(cap, taken.at, zone):
                total += taken.cost if is_money else taken.counts
        return total

    def is_shared(self, unit: str, cap: Row, taken: Taken, c: Candidate) -> bool:
        if unit == "customer":
            return bool(taken.customer_id == c.customer["customer_id"])
        if unit == "household":
            return taken.household is not None and taken.household == c.customer["household_id"]
        if unit == "contact_point":
            return taken.address == self.address(c)
        return cap.get("segment", "*") == "*" or cap["segment"] in self.segments(taken.customer_id)

    def address(self, c: Candidate) -> str:
        return f"{self.channels[c.message['channel']]['contact_type']}:{c.point}"

    def applies(self, cap: Row, c: Candidate) -> bool:
        value = scope_value(cap["scope_type"], c.attributes)
        return value is not None and cap["scope_key"] in ("*", value)

    def exhausted(self, c: Candidate, chosen: list[Taken]) -> tuple[int, int]:
        """The customer's own cap without room (first scope, lowest policy; 0 if none), and a bit for each scope."""
        first, bits = 0, 0
        mine = self.caps_of(c)
        for scope in SCOPES:
            spent = [
                int(cap["policy_id"])
                for cap in mine
                if cap["scope_type"] == scope
                and self.applies(cap, c)
                and self.counted(cap, c, chosen) >= self.limit(cap, c)
            ]
            if spent:
                first, bits = first or min(spent), bits | BITS[scope]
        return first, bits

    def missing(self, c: Candidate) -> int | None:
        """How many more the only cap in the way would have to allow; None where several are."""
        over: dict[str, int] = {}
        for cap in self.caps_of(c):
            if self.applies(cap, c):
                short = self.counted(cap, c, self.run) - self.limit(cap, c) + 1
                over |= {cap["policy_id"]: short} if short > 0 else {}
        return over.popitem()[1] if len(over) == 1 else None

    def shared_caps(self, c: Candidate) -> list[tuple[int, Row, int, int]]:
        """Caps that others have a share in: policy, row, limit for this candidate, what must be left for it."""
        found = []
        for cap in self.caps:
            segment = cap["segment"]
            mine = segment == "*" or segment in self.segments(c.customer["customer_id"])
            if cap["unit"] != "customer" and mine and self.applies(cap, c):
                if cap["unit"] == "household" and c.customer["household_id"] is None:
                    continue
                found.append((int(cap["policy_id"]), cap, self.limit(cap, c), 1))
        cost = round(1000 * float(c.message["unit_cost"]))
        for budget in self.budgets if cost else []:
            if self.applies(budget, c):
                most = round(1000 * float(budget["amount"]))
                found.append((int(budget["budget_id"]), budget, most, cost))
        return found

    def shared_exhausted(self, c: Candidate) -> int:
        short = [
            policy
            for policy, cap, most, needs in self.shared_caps(c)
            if most - self.counted(cap, c, self.run) < needs
        ]
        return min(short, default=0)

    # -- the run ------------------------------------------------------------------------------------------------

    def taking(self, c: Candidate, as_if: bool = False) -> Taken:
        """What a choice takes from everybody; nothing if it is withheld, unless asked as if it were not."""
        counts = int(c.message["count_to_caps"] == "true")
        cost = round(1000 * float(c.message["unit_cost"]))
        real = as_if or not c.withheld
        return Taken(
            c.customer["customer_id"],
            c.customer["household_id"],
            self.address(c),
            c.attributes,
            self.now,
            counts if real else 0,
            cost if real else 0,
        )

    def let_exempt_through(self, passed: list[Candidate]) -> None:
        exempt = [c for c in passed if c.message["exempt_caps"] == "true"]
        for c in exempt:
            c.end("send", 0)
        self.run += [self.taking(c) for c in exempt]

    def may_compete(self, c: Candidate) -> bool:
        """Whether caps leave it room at the start and it is worth its price. What takes no room is chosen at once."""
        if c.verdict is not None:
            return False
        spent, bits = self.exhausted(c, self.run)
        withheld = 2048 if c.withheld else 0
        below = 16384 if c.worth < 0 else 0
        c.short_by = self.missing(c) if spent else -c.worth if below else None
        if spent:
            c.end("lose", spent, None, bits | below | withheld)
        elif below:
            c.end("lose", 1930, None, below | withheld)
        elif policy := self.shared_exhausted(c):
            c.end("lose", policy, None, 32768 | withheld)
        elif c.message["count_to_caps"] == "false":
            c.end("send", 0)
        return c.verdict is None

    def play_rounds(self, alive: list[Candidate]) -> None:
        """Each customer proposes one; shared caps admit the best proposals; what has no room left is out."""
        mine: dict[str, list[Taken]] = defaultdict(list)
        for _ in range(ROUNDS):
            own: dict[str, list[Candidate]] = defaultdict(list)
            for c in alive:
                own[c.customer["customer_id"]].append(c)
            best = {key: self.proposal(found, mine[key] + self.exempt(key)) for key, found in own.items()}
            admitted = self.admit(list(best.values()))
            for c in admitted:
                c.end("send", 0)
            keeping = [c for c in admitted if not c.gives_place]
            for c in keeping:
                mine[c.customer["customer_id"]].append(self.taking(c, as_if=True))
            self.run += [self.taking(c) for c in admitted]
            won = {c.customer["customer_id"]: c.message["message_id"] for c in keeping}
            alive = [c for c in alive if c.verdict is None and self.still_alive(c, won, mine)]
        for c in alive:
            c.end("lose", 1940, None, 2048 if c.withheld else 0)

    def proposal(self, own: list[Candidate], taken: list[Taken]) -> Candidate:
        """The customer's best; or the better of two that it shuts out, where these and a third bring more than it does
        with the two that could follow it. Only what is of its tier is weighed, and only rivals that stand before the
        second of those two."""
        first, *others = sorted(own, key=lambda c: c.rank)
        others = [c for c in others if c.rank[0] == first.rank[0]]

        def fits(c: Candidate, *chosen: Candidate) -> bool:
            return self.exhausted(c, taken + [self.taking(other, as_if=True) for other in chosen])[0] == 0

        beside = [c for c in others if fits(c, first)]
        rivals = [c for c in others if c not in beside and (len(beside) < 2 or c.rank < beside[1].rank)]
        couples = [(one, two) for one, two in combinations(rivals, 2) if fits(two, one)]
        if not couples:
            return first

        def brought(couple: tuple[Candidate, ...]) -> int:
            thirds = [c.worth for c in [first, *others] if c not in couple and fits(c, *couple)]
            return sum(c.worth for c in couple) + max(thirds, default=0)

        return min([(first, *beside[:1]), *couples], key=lambda couple: (-brought(couple), couple[0].rank))[0]

    def exempt(self, customer_id: str) -> list[Taken]:
        """What goes to the customer in this run whatever the caps say."""
        return [
            taken
            for taken in self.run
            if taken.customer_id == customer_id
            and self.every_message[taken.attributes["message_id"]]["exempt_caps"] == "true"
        ]

    def admit(self, proposals: list[Candidate]) -> list[Candidate]:
        """The proposals for which every shared cap has room, those of a better rank counted before them."""
        admitted, ahead = [], []
        for c in sorted(proposals, key=lambda c: (c.rank, c.customer["customer_id"])):
            if all(
                most - self.counted(cap, c, self.run + ahead) >= needs
                for _, cap, most, needs in self.shared_caps(c)
            ):
                admitted.append(c)
            ahead.append(self.taking(c))
        return admitted

    def still_alive(self, c: Candidate, won: dict[str, str], mine: dict[str, list[Taken]]) -> bool:
        customer_id, withheld = c.customer["customer_id"], 2048 if c.withheld else 0
        if policy := self.shared_exhausted(c):
            c.end("lose", policy, None, 32768 | withheld)
        elif customer_id in won and self.exhausted(c, mine[customer_id] + self.exempt(customer_id))[0]:
            c.end("lose", 2000, won[customer_id], 256 | withheld)
        return c.verdict is None


def utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
