"""Writes seeds/time_zone_offsets.csv: when which clock was how far from UTC, so that every engine agrees.

python -m orchestration.time_zones
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.paths import PROJECT

FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
LONG_AGO, FAR_OFF = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
COLUMNS = ("time_zone", "country", "utc_from", "utc_to", "offset_minutes")

Row = tuple[str, str, str, str, int]


def offset_minutes(zone: ZoneInfo, moment: datetime) -> int:
    """Minutes a zone's clock is ahead of UTC at a moment."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute, later than `before` and up to `after`, from which the later offset holds."""
    old = offset_minutes(zone, before)
    minutes_low, minutes_high = 0, int((after - before).total_seconds() // 60)
    while minutes_high - minutes_low > 1:
        middle = (minutes_low + minutes_high) // 2
        if offset_minutes(zone, before + timedelta(minutes=middle)) == old:
            minutes_low = middle
        else:
            minutes_high = middle
    return before + timedelta(minutes=minutes_high)


def rows_of(name: str, country: str) -> Iterator[Row]:
    """The offsets of one zone, one after another without a gap."""
    zone, began, day = ZoneInfo(name), LONG_AGO, FIRST
    while day < LAST:
        following = day + timedelta(days=1)
        if offset_minutes(zone, day) != offset_minutes(zone, following):
            change = change_between(zone, day, following)
            yield name, country, f"{began:%F %T}", f"{change:%F %T}", offset_minutes(zone, day)
            began = change
        day = following
    yield name, country, f"{began:%F %T}", f"{FAR_OFF:%F %T}", offset_minutes(zone, LAST)


def zones_of(countries: set[str]) -> list[tuple[str, str]]:
    """Zone and country, by the time zone database's own table."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return sorted((line[2].strip(), line[0]) for line in lines if line[0] in countries)


def countries_sold_to(seeds: Path) -> set[str]:
    """Countries that any seed knows how to dial or whose clocks it knows."""
    found = set()
    for name in ("dial_codes.csv", "time_zones.csv"):
        with (seeds / name).open(encoding="utf-8", newline="") as file:
            found |= {row["country"] for row in csv.DictReader(file)}
    return found


def main() -> None:
    """Write the seed anew."""
    seeds = PROJECT / "seeds"
    rows: list[Row] = [("UTC", "", f"{LONG_AGO:%F %T}", f"{FAR_OFF:%F %T}", 0)]
    for name, country in zones_of(countries_sold_to(seeds)):
        rows += rows_of(name, country)
    with (seeds / "time_zone_offsets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} rows\n")


if __name__ == "__main__":
    main()
