"""What rows of hour_bands.csv mean together: every hour of the day is in one part of it."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lint.rows import Finding, Seeds

HOURS = range(24)


def hours_that_are_none(seeds: Seeds) -> Iterator[Finding]:
    for row in seeds.of("hour_bands"):
        if row.number("hour") not in HOURS:
            yield row.finding(f"hour {row['hour']} is none of a day", "Use 0 to 23")


def hours_left_out(seeds: Seeds) -> Iterator[Finding]:
    rows = seeds.of("hour_bands")
    for hour in sorted(set(map(str, HOURS)) - seeds.known("hour_bands", "hour"), key=int):
        if rows:
            yield rows[0].finding(f"hour {hour} is in no part of the day", "Add a row for it")


RULES = (hours_that_are_none, hours_left_out)
