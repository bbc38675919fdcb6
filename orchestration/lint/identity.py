"""What rows of the rules of recognition mean together: overrides that contradict, cannot match or say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.lint.rows import Finding, Row, Seeds

Pair = frozenset[tuple[str, str]]
CLEAN = {"email": re.compile(r"[^\sA-Z@]+@[^\sA-Z@]+"), "phone": re.compile(r"\+[1-9][0-9]{5,14}")}
"""How the models spell these kinds: anything else matches nothing."""


def pair_of(row: Row) -> Pair:
    """Both ends of an override, in either order."""
    return frozenset({(row[f"{side}_type"], row[f"{side}_identifier"]) for side in ("left", "right")})


def overrides_that_say_nothing(seeds: Seeds) -> Iterator[Finding]:
    seen: dict[Pair, Row] = {}
    for row in seeds.of("identity_overrides"):
        pair = pair_of(row)
        if len(pair) == 1:
            yield row.finding(
                "both ends are the same identifier", "Name the two that belong, or do not belong, together"
            )
        earlier = seen.setdefault(pair, row)
        if earlier is not row and earlier["action"] != row["action"]:
            yield row.finding(
                f"line {earlier.line} says the opposite of the same two",
                "Keep the one that holds: a cut wins over a join",
            )
        elif earlier is not row:
            yield row.finding(f"the same two stand on line {earlier.line} already", "Remove one of the rows")


def overrides_that_match_nothing(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("identity_overrides"):
        for side in ("left", "right"):
            kind, value = row[f"{side}_type"], row[f"{side}_identifier"]
            if value != value.strip() or (kind in CLEAN and not CLEAN[kind].fullmatch(value)):
                yield row.finding(
                    f"{side}_identifier is not in the spelling of the models, so it matches nothing",
                    "Write an e-mail address in small letters, a phone number as +12025550175, nothing around it",
                )


def limits_below_one(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("identifier_types"):
        for column in ("max_strong_partners", "max_per_customer"):
            if row.number(column) < 1:
                yield row.finding(f"{column} below 1", "A kind that must never join has may_join false")


def patterns_that_take_everything(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("identifier_blocklist"):
        if row["is_pattern"] == "true" and not row["value"].strip("%_"):
            yield row.finding("the pattern blocks every value", "Name at least one character")
        if row["is_pattern"] == "false" and "%" in row["value"]:
            yield row.finding("a value with % that is no pattern matches nothing", "Set is_pattern to true")


RULES = (
    overrides_that_say_nothing,
    overrides_that_match_nothing,
    limits_below_one,
    patterns_that_take_everything,
)
