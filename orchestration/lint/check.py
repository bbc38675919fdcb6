"""Reads the seeds as a careful colleague would, before anything else does: each finding says where and what to do.

What a column may hold is declared once, in the seed's YAML (types, accepted_values, relationships, unique, not_null).
What rows mean together is in the modules beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.lint import (
    caps,
    experiments,
    hours,
    identity,
    ledger,
    matching,
    messages,
    money,
    programmes,
    suppressions,
    syncs,
)
from orchestration.lint.rows import Finding, Row, Seeds
from orchestration.paths import PROJECT

DIALS = (
    "messages",
    "caps",
    "budgets",
    "prices",
    "experiments",
    "suppressions",
    "quiet_hours",
    "channels",
    "destinations",
    "syncs",
    "reasons",
    "audiences",
    "customer_events",
    "programmes",
    "programme_steps",
    "identifier_types",
    "identifier_blocklist",
    "identity_overrides",
    "match_weights",
    "ledger_retention",
    "hour_bands",
)
RULES = (
    *messages.RULES,
    *caps.RULES,
    *money.RULES,
    *experiments.RULES,
    *programmes.RULES,
    *suppressions.RULES,
    *syncs.RULES,
    *identity.RULES,
    *matching.RULES,
    *ledger.RULES,
    *hours.RULES,
)
FREE_TEXT = {"words", "note"}
UNSAFE = re.compile(r"[;`\\\x00-\x1f]|--|/\*|\*/|{{|}}|{%|%}|{#|#}")
QUOTES = re.compile(r"['\"]")
PARSERS: dict[str, Callable[[str], object]] = {
    "bigint": int,
    "double": float,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


class SeedsRefused(Exception):
    """The seeds say something that cannot be meant. Nothing was run; every finding says what to do."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def lint(project: Path = PROJECT) -> list[Finding]:
    """Every finding, in the order of files and lines. An empty list means the seeds may be used."""
    seeds = Seeds(project)
    findings = [finding for name in DIALS for finding in check_columns(seeds, name)]
    findings += [finding for rule in RULES for finding in rule(seeds)]
    return sorted(set(findings), key=lambda f: (f.file, f.line, f.problem))


def refuse_bad_seeds(project: Path = PROJECT) -> None:
    """Raise SeedsRefused where lint finds anything."""
    findings = lint(project)
    if findings:
        raise SeedsRefused(findings)


def check_columns(seeds: Seeds, name: str) -> Iterator[Finding]:
    """What the YAML declares, and characters that have no business in a dial."""
    entry = seeds.declared.get(name)
    if entry is None or name not in seeds.rows:
        yield Finding(
            f"seeds/{name}.csv", 1, f"the seed {name} or its YAML is missing", "Put both back under seeds/"
        )
        return
    types = entry["config"]["column_types"] if "config" in entry else {}
    seen: dict[tuple[str, str], int] = {}
    for row in seeds.of(name):
        yield from check_shape(row, [column["name"] for column in entry["columns"]])
        for column in entry["columns"]:
            yield from check_cell(seeds, row, column, types.get(column["name"], "string"), seen)


def check_shape(row: Row, columns: list[str]) -> Iterator[Finding]:
    """As many cells as columns, under the declared names."""
    missing, beyond = set(columns) - set(row.values), set(row.values) - set(columns)
    if missing or beyond:
        names = ", ".join(sorted(missing | beyond))
        yield row.finding(
            f"the columns are not the declared ones: {names}", "Compare the header with the seed's YAML"
        )


def check_cell(
    seeds: Seeds, row: Row, column: dict[str, Any], kind: str, seen: dict[tuple[str, str], int]
) -> Iterator[Finding]:
    """One cell against its column's type and tests."""
    name, value = column["name"], row[column["name"]]
    if UNSAFE.search(value) or (name not in FREE_TEXT and QUOTES.search(value)):
        yield row.finding(
            f"{name} holds characters that could end a text in SQL", "Use letters, digits, _ and -"
        )
        return
    for test in column.get("data_tests", []):
        kind_of_test, arguments = (test, {}) if isinstance(test, str) else next(iter(test.items()))
        allowed = allowed_values(seeds, kind_of_test, arguments.get("arguments", {}) if arguments else {})
        if kind_of_test == "not_null" and not value:
            yield row.finding(f"{name} is empty", f"Every row of {row.seed} needs its {name}")
        if kind_of_test == "unique" and value and seen.setdefault((name, value), row.line) != row.line:
            yield row.finding(
                f"{name} {value} stands on line {seen[name, value]} already", "Give this row its own"
            )
        if allowed is not None and value and value not in allowed:
            yield row.finding(f"{name} {value} is unknown", f"Known: {', '.join(sorted(allowed))}")
    if value and not fits(value, kind):
        yield row.finding(
            f"{name} {value} is no {kind}", "Write whole numbers as 3, dates as 2026-11-21, true or false"
        )


def allowed_values(seeds: Seeds, test: str, arguments: dict[str, Any]) -> set[str] | None:
    """The values a test allows: listed, or those of another seed's column; None where it says nothing of that kind."""
    if test == "accepted_values":
        return {str(value) for value in arguments["values"]}
    if test == "relationships":
        seed = re.sub(r"^ref\('(.+)'\)$", r"\1", arguments["to"])
        return seeds.known(seed, arguments["field"])
    return None


def fits(value: str, kind: str) -> bool:
    """Whether a text can be read as a type."""
    if kind == "boolean":
        return value in ("true", "false")
    try:
        PARSERS.get(kind, str)(value)
    except ValueError:
        return False
    return True
