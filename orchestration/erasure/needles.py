"""How a person is found in files that nobody has cleaned: as an SQL condition over one file's columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from orchestration.delivery.stops import forms_of
from orchestration.erasure.case import Case
from orchestration.ingestion.fit import literal, quoted
from orchestration.why.people import DIAL_CODES

SHORTEST = 5  # a shorter value is only looked for where its kind is the name of the column


@dataclass(frozen=True)
class Needles:
    """What stands for one person: values as they are, hashed as tools take them, and numbers however written."""

    case: Case

    @cached_property
    def values(self) -> list[str]:
        """Lower case, whole words of any text."""
        plain = [value for kind, value in self.case.identifiers if kind != "name_postcode"]
        hashed = [
            form
            for kind, value in self.case.identifiers
            if kind in ("email", "phone")
            for form in forms_of(value)
        ]
        every = {*plain, *hashed, *self.case.keys, *self.case.customer_ids}
        return sorted({value.lower() for value in every if len(value) >= SHORTEST})

    @cached_property
    def pattern(self) -> str:
        """A regular expression over lower-case text."""
        numbers = [_number(value) for kind, value in self.case.identifiers if kind == "phone"]
        words = "|".join([*(re.escape(value) for value in self.values), *numbers])
        return f"(^|[^a-z0-9])({words})($|[^a-z0-9])" if words else "$^"

    def condition(self, columns: Sequence[tuple[str, str]], stream: str = "", key: Sequence[str] = ()) -> str:
        """True for a row that tells of the person. `columns` are (name, type) of the file."""
        texts = [name for name, kind in columns if kind.upper().startswith("VARCHAR")]
        nested = [name for name, kind in columns if "(" in kind or "[" in kind or kind.upper() == "JSON"]
        parts = [
            f"regexp_matches(lower(cast({quoted(name)} as varchar)), {literal(self.pattern)})"
            for name in dict.fromkeys([*texts, *nested])
        ]
        parts += [
            f"trim({quoted(kind)}) = {literal(value)}"
            for kind, value in self.case.identifiers
            if kind in texts
        ]
        owners = ", ".join(literal(customer) for customer in self.case.customer_ids)
        parts += [f"{quoted(name)} in ({owners})" for name in texts if name.endswith("customer_id")]
        keys = [name for name, kind in columns if kind.upper() == "BIGINT" and name.endswith("_key")]
        if self.case.keys:
            parts += [f"{quoted(name)} in ({', '.join(self.case.keys)})" for name in keys]
        records = [record for source, record in self.case.records if source == stream]
        if records and len(key) == 1 and key[0] in texts:
            listed = ", ".join(literal(record) for record in records)
            parts.append(f"trim({quoted(key[0])}) in ({listed})")
        return f"coalesce({' or '.join(parts)}, false)" if parts else "false"


def _number(phone: str) -> str:
    """The number with or without its country, its digits as far apart as people write them."""
    digits = phone.lstrip("+")
    with DIAL_CODES.open(encoding="utf-8", newline="") as file:
        codes = sorted((row["dial_code"] for row in csv.DictReader(file)), key=len, reverse=True)
    code = next((code for code in codes if digits.startswith(code)), "")
    national = "[^a-z0-9]{0,3}".join(digits.removeprefix(code))
    return rf"(\+|00)?{code}?[^a-z0-9]{{0,3}}\(?0?\)?[^a-z0-9]{{0,3}}{national}"
