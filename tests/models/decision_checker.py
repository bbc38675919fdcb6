"""The decision, made again by plain Python, one customer and one candidate at a time.

Shares nothing with the models: no rooms, no packed key, no masks. Every cap is recounted from the raw contacts for
every candidate, local time comes from the time zone database, quiet hours are found by walking through the clock.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from tests.models.decision_world import AS_OF, POINTS, Row, World, seed_rows

MESSAGES = {row["message_id"]: row for row in seed_rows("messages")}
CAPS = seed_rows("caps")
QUIET = seed_rows("quiet_hours")
RULES = seed_rows("suppressions")
CHANNELS = {row["channel"]: row for row in seed_rows("channels")}
SCOPES = ["global", "channel", "category", "campaign", "group", "message"]


@dataclass
class Verdict:
    """What became of one candidate."""

    outcome: str
    first_reason: int
    lost_to: str | None = None
    hold_until: datetime | None = None


def country_zones(country: str) -> list[str]:
    return sorted({row["time_zone"] for row in seed_rows("time_zone_offsets") if row["country"] == country})


class Clock:
    """A customer's local time; without a known zone that of the country's easternmost zone."""

    zones_by_country: ClassVar[dict[str, list[str]]] = {}
    openings: ClassVar[dict[Any, datetime | None]] = {}

    def __init__(self, customer: Row) -> None:
        country = customer["country"]
        zones = self.zones_by_country.setdefault(country, country_zones(country))
        known = bool(customer["is_time_zone_known"]) and customer["time_zone"] in available_timezones()
        self.countries, self.all_zones = country, [customer["time_zone"]] if known else zones
        east = sorted(zones, key=lambda name: (-self.offset(name), name))
        self.zone = ZoneInfo(customer["time_zone"] or (east[0] if east else "UTC"))

    @staticmethod
    def offset(name: str) -> float:
        return AS_OF.astimezone(ZoneInfo(name)).utcoffset().total_seconds()  # type: ignore[union-attr]

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_quiet(self, channel: str, moment: datetime) -> bool:
        if not self.all_zones:
            return True
        return not all(self._is_open(channel, moment.astimezone(ZoneInfo(name))) for name in self.all_zones)

    def _is_open(self, channel: str, local: datetime) -> bool:
        rules = [
            rule
            for rule in QUIET
            if rule["channel"] == channel
            and rule["country"] in ("*", self.countries)
            and (rule["days"] == "*" or str(local.isoweekday()) in rule["days"].split("|"))
        ]
        clock = f"{local:%H:%M}"
        return bool(rules) and all(rule["open_local"] <= clock < rule["close_local"] for rule in rules)

    def next_opening(self, channel: str) -> datetime | None:
        key = (channel, self.countries, tuple(self.all_zones))
        if key not in self.openings:
            self.openings[key] = self._next_opening(channel)
        return self.openings[key]

    def _next_opening(self, channel: str) -> datetime | None:
        moment = AS_OF.replace(minute=0)
        for _ in range(4 * 24 * 8):
            moment += timedelta(minutes=15)
            if moment > AS_OF and not self.is_quiet(channel, moment):
                return moment
        return None


def hashed(text: str, digits: int) -> int:
    return int(hashlib.md5(text.encode()).hexdigest()[:digits], 16)


class Decider:
    """Decides for a whole world. `verdicts` has one entry per (customer, message, instance)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.members: dict[str, list[Row]] = defaultdict(list)
        for row in world.members:
            if row["expires_at"] is None or row["expires_at"] > AS_OF:
                self.members[row["customer_id"]].append(row)
        self.contacts: dict[str, list[Row]] = defaultdict(list)
        for row in world.contacts:
            if row["count_to_caps"] and row["state"] != "released":
                self.contacts[row["customer_id"]].append(row)
        self.consents = {(r["customer_id"], r["channel"], r["purpose"]): r for r in world.consents}
        self.used = {(r["customer_id"], r["message_id"], r["instance"]) for r in world.decided}
        self.affinity = {r["customer_id"]: r["last_purchased_category"] for r in world.context}
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}

    def decide(self) -> dict[tuple[str, str, str], Verdict]:
        for customer in self.world.customers:
            self.decide_for(customer, [c for c in self.candidates(customer) if c["key"] not in self.used])
        return self.verdicts

    def candidates(self, customer: Row) -> list[dict[str, Any]]:
        """Today's proposals: the newest membership of each audience, for each of its messages."""
        clock, found = Clock(customer), []
        today = clock.local_date(AS_OF)
        for message in MESSAGES.values():
            rows = [
                row
                for row in self.members[customer["customer_id"]]
                if row["audience"] == message["audience"] and row["kind"] == "segment"
            ]
            if not rows or str(today.isoweekday()) not in message["weekdays"].split("|"):
                continue
            row = min(rows, key=lambda r: (-r["entered_at"].timestamp(), r["scope_key"], r["product_id"]))
            monday = today - timedelta(days=today.isoweekday() - 1)
            occasion = row["scope_key"] if row["scope_key"] != "all" else row["audience"]
            instance = {
                "week": f"{message['campaign']}@{monday}",
                "day": f"{message['campaign']}@{today}",
                "entry": f"{occasion}@{row['entered_at'].date()}",
            }[message["occasion"]]
            expires = AS_OF + timedelta(hours=int(message["ttl_hours"]))
            expires = min(expires, row["expires_at"] or expires)
            promotes = message["promotes"]
            found.append(
                {
                    "key": (customer["customer_id"], message["message_id"], instance),
                    "message": message,
                    "product": row["product_id"] if promotes == "product" else None,
                    "category": row["product_category"] if promotes != "nothing" else None,
                    "expires": expires,
                    "clock": clock,
                }
            )
        return found

    def gate(self, customer: Row, candidate: dict[str, Any]) -> Verdict | None:
        """The first thing that stands against it, in the order people would say it; None where nothing does."""
        message, channel = candidate["message"], candidate["message"]["channel"]
        number, purpose = int(CHANNELS[channel]["channel_number"]), message["purpose"]
        consent = self.consents.get((customer["customer_id"], channel, purpose))
        point = consent["contact_point"] if consent else customer[POINTS[CHANNELS[channel]["contact_type"]]]
        if point is None or (consent and consent["is_bounced"]):
            return Verdict("suppress", 1050 + number)
        if not (consent["is_granted"] if consent else purpose == "transactional"):
            return Verdict("suppress", 1000 + number)
        for rule in sorted(RULES, key=lambda r: int(r["rule_number"])):
            if self.blocks(rule, customer["customer_id"], candidate):
                return Verdict("suppress", 1100 + int(rule["rule_number"]))
        if purpose == "marketing" and any(q["channel"] == channel for q in QUIET):
            return self.gate_by_clock(candidate, channel)
        return None

    def gate_by_clock(self, candidate: dict[str, Any], channel: str) -> Verdict | None:
        if not candidate["clock"].is_quiet(channel, AS_OF):
            return None
        outside = min(q["outside"] for q in QUIET if q["channel"] == channel)
        opening = candidate["clock"].next_opening(channel)
        candidate["hold_until"] = opening
        if outside == "drop":
            return Verdict("suppress", 1911, None, opening)
        if opening is None or opening >= candidate["expires"]:
            return Verdict("suppress", 1920, None, opening)
        return Verdict("hold", 1910, None, opening) if outside == "hold" else None

    def blocks(self, rule: Row, customer_id: str, candidate: dict[str, Any]) -> bool:
        message = candidate["message"]
        if rule["exempt_purpose"] == message["purpose"]:
            return False
        rows = [row for row in self.members[customer_id] if row["audience"] == rule["audience"]]
        if rule["scope_type"] == "match":
            matching = {
                f"product:{candidate['product']}",
                f"category:{candidate['category']}",
                f"channel:{message['channel']}",
            }
            return any(row["scope_key"] in matching for row in rows)
        named = rule["scope_key"].split("|")
        applies = rule["scope_type"] == "all" or message[rule["scope_type"]] in named
        return applies and bool(rows)

    def scope_value(self, scope: str, message: Row) -> str | None:
        names = {"group": "exclusion_group", "message": "message_id"}
        return "*" if scope == "global" else (message[names.get(scope, scope)] or None)

    def exhausted(self, customer_id: str, candidate: dict[str, Any], chosen: list[Row]) -> int | None:
        """The cap that has no room left, recounted contact by contact; the narrowest of the first scope that fails."""
        message, clock = candidate["message"], candidate["clock"]
        today = clock.local_date(AS_OF)
        for scope in SCOPES:
            value, rooms = self.scope_value(scope, message), []
            for cap in CAPS:
                if cap["scope_type"] != scope or value is None or cap["scope_key"] not in ("*", value):
                    continue
                count = sum(1 for row in chosen if self.scope_value(scope, row) == value)
                for contact in self.contacts[customer_id]:
                    known = MESSAGES.get(contact["message_id"] or "", {})
                    row = {**contact, "exclusion_group": known.get("exclusion_group", "")}
                    age = (today - clock.local_date(contact["counted_at"])).days
                    if self.scope_value(scope, row) == value and age < int(cap["window_n"]):
                        count += 1
                rooms.append((max(int(cap["max_n"]) - count, 0), int(cap["policy_id"])))
            if rooms and min(rooms)[0] <= 0:
                return min(rooms)[1]
        return None

    def rank(self, customer_id: str, candidate: dict[str, Any]) -> tuple[int, int, int, int]:
        message, number = candidate["message"], int(candidate["message"]["message_number"])
        score = round(1_000_000 * float(message["base_rate"]) * float(message["value_amount"]))
        favourite = candidate["category"] is not None and candidate["category"] == self.affinity[customer_id]
        score = score * (120 if favourite else 100) // 100
        tie = (hashed(f"tie|{customer_id}", 8) % 256 * 79 + number * 47) % 256
        return int(message["tier"]), -score, tie, number

    def decide_for(self, customer: Row, candidates: list[dict[str, Any]]) -> None:
        """Greedy: the best candidate whose every cap still has room is chosen, and so on."""
        customer_id, chosen = customer["customer_id"], []
        held_out = any(row["audience"] == "holdout" for row in self.members[customer_id])
        for candidate in sorted(candidates, key=lambda c: self.rank(customer_id, c)):
            verdict = self.gate(customer, candidate)
            message = candidate["message"]
            if verdict is None:
                verdict = self.room_verdict(customer_id, candidate, chosen)
                if verdict.outcome == "send":
                    if message["count_to_caps"] == "true":
                        chosen.append(message)
                    if held_out and message["holdout"] == "true":
                        verdict = Verdict("withhold", 1900)
                verdict.hold_until = candidate.get("hold_until")
            self.verdicts[candidate["key"]] = verdict

    def room_verdict(self, customer_id: str, candidate: dict[str, Any], chosen: list[Row]) -> Verdict:
        message = candidate["message"]
        if message["exempt_caps"] == "true":
            return Verdict("send", 0)
        spent = self.exhausted(customer_id, candidate, [])
        if spent is not None:
            return Verdict("lose", spent)
        if message["count_to_caps"] == "false":
            return Verdict("send", 0)
        for place in range(len(chosen)):
            if self.exhausted(customer_id, candidate, chosen[: place + 1]) is not None:
                return Verdict("lose", 2000, chosen[place]["message_id"])
        return Verdict("send", 0)


def utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
