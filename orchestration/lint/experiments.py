"""What rows of experiments.csv mean together: arms that overlap, hold out nothing, or could not be told apart."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lint.rows import Finding, Row, Seeds, overlap

KNOWN = {"channel": ("channels", "channel"), "message": ("messages", "message_id")}
UNIVERSAL = "universal_holdout"


def arms_of_unknown_things(seeds: Seeds) -> Iterator[Finding]:
    held = {row["message_id"] for row in seeds.of("messages") if row["holdout"] == "true"}
    for row in seeds.of("experiments"):
        scope, key = row["scope_type"], row["scope_key"]
        if scope in KNOWN and key not in seeds.known(*KNOWN[scope]):
            known = ", ".join(sorted(seeds.known(*KNOWN[scope])))
            yield row.finding(f"{scope} {key} is unknown", f"Known: {known}")
        elif scope == "message" and key not in held:
            yield row.finding(f"message {key} is never held out", "Set its holdout to true in messages.csv")
        if scope not in KNOWN and key != "*":
            yield row.finding(f"{scope} has no key", "Set scope_key to *")
        yield from arms_that_do_nothing(row, seeds)


def arms_that_do_nothing(row: Row, seeds: Seeds) -> Iterator[Finding]:
    """An arm that is not known, or gives a place to the next message where there is no place or no next."""
    scope, key, arm = row["scope_type"], row["scope_key"], row["arm"]
    if scope != "cap" and arm not in ("held_out", "replaced"):
        yield row.finding(f"arm {arm} does nothing", "Only caps have arms other than held_out and replaced")
    if arm == "replaced" and scope == "all":
        yield row.finding("nothing is left to take the place of all", "Use held_out")
    free = [m for m in seeds.of("messages") if m["count_to_caps"] != "true" or m["exempt_caps"] == "true"]
    if arm == "replaced" and scope == "message" and key in {m["message_id"] for m in free}:
        yield row.finding(f"message {key} takes no place that another could get", "Use held_out")


def arms_that_leave_nobody(seeds: Seeds) -> Iterator[Finding]:
    rows = seeds.of("experiments")
    for row in rows:
        total = sum(r.number("per_mille") for r in rows if r["experiment"] == row["experiment"])
        if not 1 <= row.number("per_mille") <= 999:
            yield row.finding("per_mille is out of range", "Use 1 to 999 of a thousand")
        elif total > 999:
            yield row.finding("the arms leave nobody to compare with", "Let them add up to 999 at most")
        if row["arm"] == "treated":
            yield row.finding("treated is everybody else", "Name the arm otherwise")


def arms_that_cannot_be_told_apart(seeds: Seeds) -> Iterator[Finding]:
    rows = seeds.of("experiments")
    for row in rows:
        for other in rows:
            yield from clashes(row, other) if other.line < row.line else ()
    if not any(r["experiment"] == UNIVERSAL and r["scope_type"] == "all" for r in rows):
        yield Finding(
            "seeds/experiments.csv", 1, f"no {UNIVERSAL}", "Keep its row: nothing is measured without"
        )


def clashes(row: Row, other: Row) -> Iterator[Finding]:
    """What is wrong with an arm beside an earlier one."""
    same = row["experiment"] == other["experiment"]
    if same and row["arm"] == other["arm"]:
        yield row.finding(f"arm {row['arm']} stands on line {other.line} already", "Give it its own name")
    if same and any(
        row[c] != other[c] for c in ("salt", "scope_type", "scope_key", "valid_from", "valid_to")
    ):
        yield row.finding(
            f"contradicts line {other.line}", "Arms of one experiment share all but name and size"
        )
    if not same and row["salt"] == other["salt"]:
        yield row.finding(f"draws the same people as {other['experiment']}", "Give it its own salt")
    twice = row["scope_type"] != "cap" and all(row[c] == other[c] for c in ("scope_type", "scope_key"))
    if not same and twice and overlap(row, other):
        yield row.finding(f"holds out the same as {other['experiment']}", "End one before the other begins")


RULES = (arms_of_unknown_things, arms_that_leave_nobody, arms_that_cannot_be_told_apart)
"""Every rule of this file, for lint to run."""
