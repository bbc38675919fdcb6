"""Who is meant: a customer id or any identifier, in any spelling people use."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import duckdb

from orchestration.paths import PROJECT
from orchestration.why.words import hidden

DIAL_CODES = PROJECT / "seeds" / "dial_codes.csv"


class NobodyKnown(Exception):
    """No one, or no one person, answers to what was asked. The message says what to try; the answer is exit code 2."""


@dataclass(frozen=True)
class Question:
    """What was typed: the spellings to look for, and the kind of identifier where it was said (email:…)."""

    text: str
    kind: str
    spellings: tuple[str, ...]


def question(who: str) -> Question:
    """Reads what was typed, as the models would have cleaned it."""
    text = who.strip()
    kind, colon, rest = text.partition(":")
    if not (colon and re.fullmatch(r"[a-z_]+", kind)):
        kind, rest = "", text
    value = rest.strip()
    spelled = dict.fromkeys([value, value.lower(), value.upper(), *phones(value)])
    return Question(text, kind, tuple(spelled))


def phones(text: str) -> list[str]:
    """Every E.164 number that the text can mean in the countries of dial_codes.csv; none for what is no number."""
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) < 6 or re.search(r"[^0-9+()./\s-]", text):
        return []
    if text.startswith("+"):
        return [f"+{digits}"]
    if digits.startswith("00"):
        return [f"+{digits[2:]}"]
    with DIAL_CODES.open(encoding="utf-8", newline="") as file:
        return [number for row in csv.DictReader(file) if (number := _dialled(digits, row))]


def _dialled(digits: str, row: dict[str, str]) -> str:
    least, most, trunk = int(row["min_digits"]), int(row["max_digits"]), row["trunk_prefix"]
    local = digits.removeprefix(trunk)
    if trunk and local != digits and least <= len(local) <= most:
        return f"+{row['dial_code']}{local}"
    return f"+{row['dial_code']}{digits}" if least <= len(digits) <= most else ""


def find(connection: duckdb.DuckDBPyConnection, asked: Question) -> str:
    """The customer meant. Raises NobodyKnown where there is none, or more than one."""
    known = by_customer_id(connection, asked.text)
    if known:
        return known
    rows = connection.execute(
        "select distinct customer_id, identifier_type from customers_by_identifier"
        f" where identifier in ({', '.join('?' for _ in asked.spellings)}) and ? in ('', identifier_type)"
        " order by 1, 2",
        [*asked.spellings, asked.kind],
    ).fetchall()
    found = sorted({customer for customer, _ in rows if customer})
    if len(found) == 1:
        return str(found[0])
    raise NobodyKnown(nobody(asked, found, sorted({kind for _, kind in rows})))


def by_customer_id(connection: duckdb.DuckDBPyConnection, text: str) -> str | None:
    """The customer of that id today, also where the id was merged into another since."""
    for _ in range(20):
        if connection.execute("select 1 from dim_customers where customer_id = ?", [text]).fetchone():
            return text
        moved = connection.execute(
            "select customer_id from fct_identity_changes where kind = 'merged' and other_customer_id = ?"
            " order by changed_at desc, customer_id limit 1",
            [text],
        ).fetchone()
        if moved is None:
            return None
        text = str(moved[0])
    return None


def nobody(asked: Question, found: list[str], kinds: list[str]) -> str:
    """Why there is no one answer, and what to ask instead. `found`: customers; `kinds`: of identifiers so spelled."""
    if found:
        kinds_told = (
            f", or say which kind it is ({', '.join(f'{kind}:…' for kind in kinds)})"
            if len(kinds) > 1
            else ""
        )
        return f"{hidden(asked.text)} belongs to {len(found)} customers ({', '.join(found[:5])}): ask by id{kinds_told}"
    if kinds:
        return (
            f"{hidden(asked.text)} is known as {kinds[0]}, but is shared or anonymous and speaks for nobody"
        )
    return (
        f"nobody here is known as {hidden(asked.text)}: check the spelling, or whether its source was loaded"
    )
