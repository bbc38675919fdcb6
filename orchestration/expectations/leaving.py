"""The door things go out by: a suite for each list, made from the syncs seed, judged on its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from orchestration.expectations.suite import Expectation, Suite, matches, not_null, one_of, row_count, unique

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PHONE = r"^\+[1-9]\d{7,14}$"
HASH = r"^[0-9a-f]{64}$"
ANYTHING = r"^\S.{0,199}$"
HASHING_DESTINATIONS = {"meta"}
SMALL_MOVE = 25
"""Lists move by a handful for good reasons: below this many members no share is a jump."""


@dataclass(frozen=True)
class List:
    """One list as it would leave. `held` is what the tool holds or was last offered; None if never filled."""

    sync_id: str
    destination: str
    polarity: str
    content: str
    rows: int
    held: int | None
    max_growth_factor: float | None
    max_shrink_share: float | None
    minimum_rows: int

    @property
    def is_permissive(self) -> bool:
        return self.polarity == "permissive"

    @property
    def least(self) -> int:
        """The fewest members that are believable. A suppression list that held someone is never empty."""
        if not self.held:
            return self.minimum_rows
        share = 1.0 if self.max_shrink_share is None else self.max_shrink_share
        kept = min(int(self.held * (1 - share)), self.held - SMALL_MOVE)
        return max(self.minimum_rows, kept, 0 if self.is_permissive else 1)

    @property
    def most(self) -> int | None:
        """The most members that are believable, or None for a first filling."""
        if not self.held or self.max_growth_factor is None:
            return None
        return max(int(self.held * self.max_growth_factor), self.held + SMALL_MOVE)


def leaving(connection: duckdb.DuckDBPyConnection, known: List) -> Suite:
    """The suite of one list. `connection` has list_members (sync_id, member_key, identity, is_consented)."""
    fields = _fields(connection, known)
    values = [f"json_extract_string(identity, '$.\"{field}\"')" for field in fields]
    columns = [f'{value} as "identity {field}"' for field, value in zip(fields, values, strict=True)]
    known_by = f"coalesce({', '.join([*values, 'null'])}) is not null as has_identity"
    rows = connection.execute(
        f"select {', '.join(['member_key', 'is_consented', known_by, *columns])}"
        " from list_members where sync_id = ?",
        [known.sync_id],
    ).df()
    return Suite(known.sync_id, (*_of_members(known), *_of_identifiers(known, fields)), rows)


def _fields(connection: duckdb.DuckDBPyConnection, known: List) -> list[str]:
    """The names of the identifiers that the members of a list carry."""
    names = connection.execute(
        "select distinct unnest(json_keys(identity)) as field from list_members where sync_id = ? order by 1",
        [known.sync_id],
    ).fetchall()
    return [name for (name,) in names if name.replace("_", "").isalnum()]


def _of_members(known: List) -> Iterator[Expectation]:
    yield _size(known)
    yield not_null("member_key", "every member has a key")
    yield unique("member_key", "no member is in the list twice")
    yield one_of("has_identity", [True], "every member has an identifier")
    if known.is_permissive:
        yield one_of("is_consented", [True], "every member has granted marketing consent")


def _of_identifiers(known: List, fields: list[str]) -> Iterator[Expectation]:
    for field in fields:
        yield matches(
            f"identity {field}", pattern_of(field, known.destination), f"every {field} is well formed"
        )


def pattern_of(field: str, destination: str) -> str:
    """How an identifier of that name looks at that tool: hashed where it wants hashes."""
    name = field.lower()
    if destination in HASHING_DESTINATIONS:
        return HASH
    if "email" in name:
        return EMAIL
    return PHONE if "phone" in name else ANYTHING


def _size(known: List) -> Expectation:
    before = "none before" if known.held is None else f"{known.held:,} before"
    most = "or more" if known.most is None else f"to {known.most:,}"
    words = f"{known.rows:,} members, where {known.least:,} {most} are believable ({before})"
    return row_count(words, known.least, known.most)
