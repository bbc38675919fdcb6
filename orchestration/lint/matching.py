"""What rows of match_weights.csv mean together: a version is whole, its shares add up, its weights follow from them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

import yaml

from orchestration.lint.rows import Finding, Row, Seeds

SEED = "match_weights"
ROUNDED = 2e-3  # shares are written with six digits
LEARN = "Learn a version anew: downbeat learn-weights NAME"


def versions_in_part(seeds: Seeds) -> Iterator[Finding]:
    """Every version speaks about the same fields and levels, once each."""
    every = {(row["field"], row["level"]) for row in seeds.of(SEED)}
    for version, rows in _versions(seeds):
        told = [(row["field"], row["level"]) for row in rows]
        for field, level in sorted(every - set(told)):
            yield rows[0].finding(f"version {version} says nothing about {field} {level}", LEARN)
        for row, one in zip(rows, told, strict=True):
            if told.count(one) > 1:
                yield row.finding(f"version {version} speaks of {one[0]} {one[1]} twice", "Keep one of them")


def shares_that_do_not_add_up(seeds: Seeds) -> Iterator[Finding]:
    for version, rows in _versions(seeds):
        for field in sorted({row["field"] for row in rows} - {"prior"}):
            own = [row for row in rows if row["field"] == field]
            for share in ("m", "u"):
                total = sum(row.number(share) for row in own)
                if abs(total - 1) > ROUNDED:
                    yield own[0].finding(
                        f"{share} of {field} in version {version} adds up to {total:.3f}", LEARN
                    )


def weights_that_do_not_follow(seeds: Seeds) -> Iterator[Finding]:
    """A weight is the binary logarithm of m over u, in thousandths."""
    for row in seeds.of(SEED):
        m, u = row.number("m"), row.number("u")
        if not (0 < m < 1 and 0 < u < 1):
            yield row.finding("m and u are shares between 0 and 1", LEARN)
        elif abs(row.number("weight") - 1000 * math.log2(m / u)) > 2:
            yield row.finding(f"weight does not follow from m and u: {1000 * math.log2(m / u):.0f}", LEARN)


def version_that_is_not_there(seeds: Seeds) -> Iterator[Finding]:
    project = yaml.safe_load((seeds.project / "dbt_project.yml").read_text(encoding="utf-8"))
    version = str(project["vars"]["match_version"])
    known = sorted(seeds.known(SEED, "model_version"))
    if version not in known:
        problem = f"match_version {version} in dbt_project.yml names no version"
        yield Finding(f"seeds/{SEED}.csv", 1, problem, f"Known: {', '.join(known)}")


def _versions(seeds: Seeds) -> Iterator[tuple[str, list[Row]]]:
    rows = sorted(seeds.of(SEED), key=lambda row: (row["model_version"], row.line))
    for version, own in groupby(rows, key=lambda row: row["model_version"]):
        yield version, list(own)


RULES = (versions_in_part, shares_that_do_not_add_up, weights_that_do_not_follow, version_that_is_not_there)
