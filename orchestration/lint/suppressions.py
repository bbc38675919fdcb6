"""What rows of suppressions.csv, audiences.csv and quiet_hours.csv mean together with the models."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.lint.rows import Finding, Seeds, overlap


def suppressions_of_unknown_things(seeds: Seeds) -> Iterator[Finding]:
    kinds = {row["audience"]: row["kind"] for row in seeds.of("audiences")}
    known = {"category": seeds.known("messages", "category"), "channel": seeds.known("channels", "channel")}
    for row in seeds.of("suppressions"):
        scope = row["scope_type"]
        if kinds.get(row["audience"]) == "segment":
            yield row.finding(
                f"audience {row['audience']} is a segment", "Suppress by a suppression audience"
            )
        for item in row.items("scope_key") if scope in known else []:
            if item not in known[scope]:
                yield row.finding(f"{scope} {item} is unknown", f"Known: {', '.join(sorted(known[scope]))}")
        if (scope in known) == (row["scope_key"] == "*"):
            yield row.finding(
                "scope_key and scope_type do not fit", "List categories or channels; else write *"
            )
        if not 1 <= row.number("rule_number") <= 40:
            yield row.finding("rule_number does not fit the reasons", "Use 1 to 40")
        if row["exempt_purpose"] not in ("", "transactional", "marketing"):
            yield row.finding(
                f"purpose {row['exempt_purpose']} is unknown", "Known: transactional, marketing"
            )


def audiences_without_a_model(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("audiences"):
        if not (seeds.project / "models" / "audiences" / f"aud_{row['audience']}.sql").exists():
            problem = f"audience {row['audience']} has no model"
            yield row.finding(problem, f"Write models/audiences/aud_{row['audience']}.sql, or remove the row")


def quiet_hours_that_never_open(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("quiet_hours"):
        times = row["open_local"], row["close_local"]
        if not all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", time) for time in times):
            yield row.finding("opening or closing is no time of day", "Write 08:00")
        elif times[0] >= times[1]:
            yield row.finding(
                "opens when it has closed", "Put open_local before close_local, on the same day"
            )
        if row["days"] != "*" and not re.fullmatch(r"[1-7](\|[1-7])*", row["days"]):
            yield row.finding("days is no list of days", "Write 1 (Monday) to 7 as 1|2|3, or *")
        if row["country"] != "*" and row["country"] not in seeds.known("time_zone_offsets", "country"):
            yield row.finding(
                f"country {row['country']} has no clocks", "Add it to time_zones and run time_zones.py"
            )


def quiet_hours_that_shut_each_other_out(seeds: Seeds) -> Iterator[Finding]:
    rows = seeds.of("quiet_hours")
    for row in rows:
        for other in rows:
            days = ("1|2|3|4|5|6|7" if r["days"] == "*" else r["days"] for r in (row, other))
            if other is row or row["channel"] != other["channel"] or not overlap(row, other):
                continue
            if "*" not in (row["country"], other["country"]) and row["country"] != other["country"]:
                continue
            if (
                set.intersection(*(set(d.split("|")) for d in days))
                and row["open_local"] >= other["close_local"]
            ):
                yield row.finding(
                    f"opens when {other['rule_id']} has closed", "Both hold: let them share an hour"
                )


RULES = (
    suppressions_of_unknown_things,
    audiences_without_a_model,
    quiet_hours_that_never_open,
    quiet_hours_that_shut_each_other_out,
)
