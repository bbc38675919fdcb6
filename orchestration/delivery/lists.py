"""The lists of a destination, as the release says them: what is mirrored, what only grows, and which way is careful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import duckdb


class ReleasedTables(Protocol):
    """A release, as far as delivery needs it."""

    @property
    def release_id(self) -> str: ...

    def table(self, name: str) -> str:
        """Glob of the table's Parquet files."""


@dataclass(frozen=True)
class SyncList:
    """One row of syncs.csv. mode: mirror, upsert or append. polarity: permissive or restrictive."""

    sync_id: str
    destination: str
    object: str
    mode: str
    polarity: str


def lists_of(release: ReleasedTables, destination: str) -> list[SyncList]:
    """The destination's lists, in the order of their ids."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select sync_id, destination, object, mode, polarity from read_parquet(?) where destination = ? order by 1",
            [release.table("syncs"), destination],
        ).fetchall()
    return [SyncList(*map(str, row)) for row in rows]
