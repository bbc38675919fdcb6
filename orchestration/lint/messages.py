"""What rows of messages.csv mean together with the rest: faults that no type and no list of values can catch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from orchestration.lint.rows import Finding, Seeds

HIGHEST_NUMBER, HIGHEST_TIER, HIGHEST_SCORE = 1023, 15, 2**32 - 1  # what the choice key can hold
RINGING = ("sms", "push", "call")
NAMED = ("message_id", "campaign", "channel", "category", "audience", "exclusion_group")
NAME = re.compile(r"[A-Za-z0-9_.-]{0,60}")
DATED = ("messages", "caps", "budgets", "prices", "experiments", "suppressions", "quiet_hours", "programmes")


def ends_before_it_starts(seeds: Seeds) -> Iterator[Finding]:
    for seed in DATED:
        for row in seeds.of(seed):
            if row["valid_to"] and row["valid_to"] < row["valid_from"]:
                yield row.finding(
                    "it ends before it starts", "Put valid_to after valid_from, or leave it empty"
                )


def messages_that_contradict_themselves(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("messages"):
        is_transactional, is_exempt = row["purpose"] == "transactional", row["exempt_caps"] == "true"
        if is_transactional and not is_exempt:
            yield row.finding("transactional but capped", "Set exempt_caps to true, or purpose to marketing")
        if not is_transactional and is_exempt:
            yield row.finding("marketing but exempt from caps", "Set exempt_caps to false")
        if is_transactional and row["holdout"] == "true":
            yield row.finding(
                "transactional but held out", "Set holdout to false: nobody does without service"
            )
        if not is_transactional and row.number("unit_cost") > 0 and row["count_to_caps"] == "false":
            yield row.finding(
                "costs money but is not counted", "Set count_to_caps to true, or unit_cost to 0"
            )
        if row.number("tier") == 0 and not is_transactional:
            yield row.finding(
                "tier 0 that is not transactional", "Tier 0 is for transactional messages: use 1 to 15"
            )


def messages_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("messages"):
        if not 1 <= row.number("message_number") <= HIGHEST_NUMBER:
            yield row.finding("message_number does not fit the choice key", f"Use 1 to {HIGHEST_NUMBER}")
        if not 0 <= row.number("tier") <= HIGHEST_TIER:
            yield row.finding("tier does not fit the choice key", f"Use 0 to {HIGHEST_TIER}")
        if not 0 <= row.number("base_rate") <= 1:
            yield row.finding("base_rate is no share", "Use 0 to 1")
        if not -100 <= row.number("lever") <= 300:
            yield row.finding("lever is out of range", "Use -100 to 300 percent")
        if not 0 <= row.number("unit_cost") <= 1000:
            yield row.finding("unit_cost is out of range", "Use 0 to 1000")
        lever = 1 + row.number("lever") / 100
        if not 0 <= 1.2e6 * row.number("value_amount") * row.number("base_rate") * lever <= HIGHEST_SCORE:
            yield row.finding(
                "the score does not fit the choice key", "value_amount x base_rate x lever must be 0 to 3500"
            )
        if not 1 <= row.number("ttl_hours") <= 30 * 24:
            yield row.finding("ttl_hours is out of range", "Use 1 to 720: an hour to thirty days")
        if not re.fullmatch(r"[1-7](\|[1-7])*", row["weekdays"]):
            yield row.finding("weekdays is no list of days", "Write 1 (Monday) to 7 as 1|2|3")


def names_that_are_no_names(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("messages"):
        for column in NAMED:
            if not NAME.fullmatch(row[column]):
                yield row.finding(f"{column} is no name", "Use letters, digits, _ . and -, at most sixty")


def messages_and_their_surroundings(seeds: Seeds) -> Iterator[Finding]:
    groups = Counter(row["exclusion_group"] for row in seeds.of("messages"))
    kinds = {row["audience"]: row["kind"] for row in seeds.of("audiences")}
    quiet = {row["channel"] for row in seeds.of("quiet_hours") if row["country"] == "*"}
    for row in seeds.of("messages"):
        group, channel = row["exclusion_group"], row["channel"]
        if group and groups[group] == 1:
            yield row.finding(
                f"exclusion group {group} has one message", "Name a second one, or leave it empty"
            )
        if kinds.get(row["audience"]) == "suppression":
            yield row.finding(
                f"audience {row['audience']} is a suppression", "Offer the message to a segment"
            )
        if channel in RINGING and channel not in quiet and row["purpose"] == "marketing":
            yield row.finding(
                f"{channel} has no quiet hours for everyone", "Add a row with country * to quiet_hours"
            )


RULES = (
    ends_before_it_starts,
    messages_that_contradict_themselves,
    messages_out_of_range,
    names_that_are_no_names,
    messages_and_their_surroundings,
)
