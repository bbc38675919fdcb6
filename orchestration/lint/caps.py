"""What rows of caps.csv mean together: limits that cannot be kept, never bind or bind nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import yaml

from orchestration.lint.rows import Finding, Row, Seeds, overlap

ROUNDS = 3  # three messages a day in six rounds; a daily ceiling above this could not be reached
HIGHEST_ROOM = 998  # what a room can hold; capacities of everybody are counted elsewhere
HIGHEST_CAPACITY = 1_000_000_000
MOST_SEGMENTS = 40  # what a mask of segments can hold
HOURS = {"hour": 1, "day": 24, "week": 7 * 24, "month": 31 * 24}
KINDS = {"hour": ("rolling",), "day": ("rolling", "calendar"), "week": ("calendar",), "month": ("calendar",)}
SCOPES = {
    "channel": ("channels", "channel"),
    "category": ("messages", "category"),
    "campaign": ("messages", "campaign"),
    "group": ("messages", "exclusion_group"),
    "message": ("messages", "message_id"),
}


def hours_of(row: Row) -> float:
    """The longest a window can be, in hours."""
    return row.number("window_n") * HOURS.get(row["window_unit"], math.nan)


def days_kept(seeds: Seeds) -> int:
    """How long contacts are counted at all."""
    project = yaml.safe_load((seeds.project / "dbt_project.yml").read_text(encoding="utf-8"))
    return int(project["vars"]["contact_history_days"])


def caps_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    kept = days_kept(seeds)
    for row in seeds.of("caps"):
        highest = HIGHEST_CAPACITY if row["unit"] == "all" else HIGHEST_ROOM
        if row.number("max_n") < 1:
            yield row.finding("limit below 1", "To forbid something, write a suppression")
        if row.number("max_n") > highest:
            yield row.finding("limit does not fit the rooms", f"Use 1 to {highest}")
        if not 1 <= row.number("policy_id") <= 998:
            yield row.finding("policy_id is no reason code of a cap", "Use 1 to 998")
        if row["policy_id"] in seeds.known("budgets", "budget_id"):
            yield row.finding(f"policy_id {row['policy_id']} is a budget", "Give the cap its own number")
        if not row.number("window_n") >= 1 or hours_of(row) >= kept * 24:
            yield row.finding("window is longer than contacts are kept", f"Stay below {kept} days")
        if row["window_kind"] not in KINDS.get(row["window_unit"], (row["window_kind"],)):
            problem = f"a {row['window_unit']} window cannot be {row['window_kind']}"
            yield row.finding(problem, "Roll over hours or days; weeks and months are calendar")


def caps_of_unknown_things(seeds: Seeds) -> Iterator[Finding]:
    for row in (row for seed in ("caps", "budgets", "prices") for row in seeds.of(seed)):
        scope, key = row["scope_type"], row["scope_key"]
        if scope not in SCOPES and key != "*":
            yield row.finding(f"a {scope} cap has no key", "Set scope_key to *")
        if scope in SCOPES and key != "*" and key not in seeds.known(*SCOPES[scope]):
            known = ", ".join(sorted(seeds.known(*SCOPES[scope])))
            yield row.finding(f"{scope} {key} is unknown", f"Known: {known}")


def segments_that_cannot_be(seeds: Seeds) -> Iterator[Finding]:
    caps, known = seeds.of("caps"), seeds.known("audiences", "audience")
    known |= {f"{r['experiment']}:{r['arm']}" for r in seeds.of("experiments") if r["scope_type"] == "cap"}
    if len({row["segment"] for row in caps} - {"*"}) > MOST_SEGMENTS:
        yield Finding("seeds/caps.csv", 1, "too many segments", f"Name at most {MOST_SEGMENTS}")
    for row in caps:
        if row["segment"] not in ("*", "") and row["segment"] not in known:
            yield row.finding(
                f"segment {row['segment']} is unknown", f"Known: {', '.join(sorted(known))}, or *"
            )
        if row["segment"] != "*" and row["unit"] in ("household", "contact_point"):
            problem = f"a segment is of customers, not of a {row['unit']}"
            yield row.finding(problem, "Set segment to *, or unit to customer")
        for other in caps:
            is_special = row["segment"] != "*" and other["segment"] == "*" and same_window(row, other)
            if is_special and all(row[c] == other[c] for c in ("max_n", "reserve_n")):
                yield row.finding(f"says the same as policy {other['policy_id']}", "Change it or remove it")


def reserves_that_keep_nothing(seeds: Seeds) -> Iterator[Finding]:
    last = max((row.number("tier") for row in seeds.of("messages")), default=0)
    for row in seeds.of("caps"):
        if bool(row["reserve_n"]) != bool(row["reserve_tier"]):
            yield row.finding("half a reserve", "Fill both reserve_n and reserve_tier, or neither")
        elif row["reserve_n"] and not 1 <= row.number("reserve_n") < row.number("max_n"):
            yield row.finding("the reserve leaves the others nothing", "Use 1 to one less than max_n")
        elif row["reserve_n"] and not 0 <= row.number("reserve_tier") < last:
            yield row.finding("the reserve is kept from nobody", f"Use a tier from 0 to {last - 1:.0f}")


def same_window(row: Row, other: Row) -> bool:
    """Whether two caps count the same things in the same window, at a time when both are in force."""
    columns = ("scope_type", "scope_key", "unit", "window_unit")
    same = all(row[c] == other[c] for c in columns) and row.number("window_n") == other.number("window_n")
    return same and overlap(row, other)


def caps_without_effect(seeds: Seeds) -> Iterator[Finding]:
    caps = seeds.of("caps")
    for row in caps:
        for other in caps:
            if other is row or row["segment"] != other["segment"] or not overlap(row, other):
                continue
            if same_window(row, other) and other.line < row.line:
                yield row.finding(
                    f"the same window as policy {other['policy_id']}", "Keep the stricter of the two"
                )
            if any(row[c] != other[c] for c in ("scope_type", "scope_key", "unit")):
                continue
            if hours_of(other) < hours_of(row) and most_within(other, hours_of(row)) <= row.number("max_n"):
                yield row.finding(
                    f"can never bind beside policy {other['policy_id']}", "Lower it or remove it"
                )


def most_within(cap: Row, hours: float) -> float:
    """How many contacts a cap lets through in a longer time; periods of a calendar can be cut at both ends."""
    periods = math.ceil(hours / hours_of(cap)) + (cap["window_unit"] in ("week", "month"))
    return cap.number("max_n") * periods


def caps_decide_the_rounds(seeds: Seeds) -> Iterator[Finding]:
    ceiling = ("global", "customer", "*", "day")
    daily = [
        row
        for row in seeds.of("caps")
        if (row["scope_type"], row["unit"], row["segment"], row["window_unit"]) == ceiling
        and row.number("window_n") == 1
    ]
    if not any(not row["valid_to"] for row in daily):
        problem = "no cap on all messages of one day"
        yield Finding("seeds/caps.csv", 1, problem, f"Add a global row of at most {ROUNDS} in 1 day")
    for row in daily:
        if row.number("max_n") > ROUNDS:
            yield row.finding(f"more than {ROUNDS} a day cannot be decided in one run", f"Use 1 to {ROUNDS}")


RULES = (
    caps_out_of_range,
    caps_of_unknown_things,
    segments_that_cannot_be,
    reserves_that_keep_nothing,
    caps_without_effect,
    caps_decide_the_rounds,
)
