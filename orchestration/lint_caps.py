"""What rows of caps.csv mean together: limits that cannot be kept, never bind or bind nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import yaml

from orchestration.lint_seeds import Finding, Seeds

ROUNDS = 3  # as many rounds as decisions/int_round_*.sql; a daily ceiling above this could not be reached
HIGHEST_ROOM = 15  # what a room can hold
SCOPES = {
    "channel": ("channels", "channel"),
    "category": ("messages", "category"),
    "campaign": ("messages", "campaign"),
    "group": ("messages", "exclusion_group"),
    "message": ("messages", "message_id"),
}


def caps_out_of_range(seeds: Seeds) -> Iterator[Finding]:
    project = yaml.safe_load((seeds.project / "dbt_project.yml").read_text(encoding="utf-8"))
    days_kept = project["vars"]["contact_history_days"]
    for row in seeds.of("caps"):
        if row.number("max_n") < 1:
            yield row.finding("limit below 1", "To forbid something, write a suppression")
        if row.number("max_n") > HIGHEST_ROOM:
            yield row.finding("limit does not fit the rooms", f"Use 1 to {HIGHEST_ROOM}")
        if not 1 <= row.number("policy_id") <= 998:
            yield row.finding("policy_id is no reason code of a cap", "Use 1 to 998")
        if not 1 <= row.number("window_n") < days_kept:
            yield row.finding("window is longer than contacts are kept", f"Use 1 to {days_kept - 1} days")


def caps_of_unknown_things(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("caps"):
        scope, key = row["scope_type"], row["scope_key"]
        if scope == "global" and key != "*":
            yield row.finding("a global cap has no key", "Set scope_key to *")
        if scope in SCOPES and key != "*" and key not in seeds.known(*SCOPES[scope]):
            yield row.finding(
                f"{scope} {key} is unknown", f"Known: {', '.join(sorted(seeds.known(*SCOPES[scope])))}"
            )


def caps_without_effect(seeds: Seeds) -> Iterator[Finding]:
    caps = seeds.of("caps")
    for row in caps:
        for other in caps:
            if other is row or any(row[c] != other[c] for c in ("scope_type", "scope_key", "unit")):
                continue
            windows = row.number("window_n"), other.number("window_n")
            if windows[0] == windows[1] and other.line < row.line:
                yield row.finding(
                    f"the same window as policy {other['policy_id']}", "Keep the stricter of the two"
                )
            if 0 < windows[1] < windows[0]:
                most = other.number("max_n") * math.ceil(windows[0] / windows[1])
                if most <= row.number("max_n"):
                    yield row.finding(
                        f"can never bind beside policy {other['policy_id']}", "Lower it or remove it"
                    )


def caps_decide_the_rounds(seeds: Seeds) -> Iterator[Finding]:
    daily = [r for r in seeds.of("caps") if r["scope_type"] == "global" and r.number("window_n") == 1]
    if not any(not row["valid_to"] for row in daily):
        problem = "no cap on all messages of one day"
        yield Finding("seeds/caps.csv", 1, problem, f"Add a global row of at most {ROUNDS} in 1 day")
    for row in daily:
        if row.number("max_n") > ROUNDS:
            yield row.finding(f"more than {ROUNDS} a day cannot be decided in one run", f"Use 1 to {ROUNDS}")


RULES = (caps_out_of_range, caps_of_unknown_things, caps_without_effect, caps_decide_the_rounds)
