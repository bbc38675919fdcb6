"""The rows to send in one phase, cut into requests of the size the tool takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from syncs.shape import Member

ENVELOPE_BYTES = 300  # what a tool's format adds around a row

QUEUE = """
create or replace temp table queue as
with placed as (
  select *, row_number() over (partition by sync_id, change order by member_key, identity) as place,
    strlen(identity) + strlen(payload) + $envelope as row_bytes
  from work where is_restrictive = $is_restrictive and held is null and (not is_echo or $with_echoes)
), weighed as (
  select *, sum(row_bytes) over (
      partition by sync_id, change, (place - 1) // $rows order by place rows unbounded preceding) as bytes
  from placed
), numbered as (
  select *, dense_rank() over (order by mode = 'append', (change = 'remove') = is_restrictive, sync_id, change,
    (place - 1) // $rows, bytes // $bytes) as batch
  from weighed
)
select *, row_number() over (partition by batch order by place) as row_number from numbered
"""


@dataclass(frozen=True)
class Batch:
    """One request's rows: `rows` hold row_number, member_key, customer_id, decision_id, identity, payload."""

    number: int
    sync_id: str
    change: str
    rows: tuple[tuple[int, str, str | None, str | None, dict[str, object], dict[str, object]], ...]

    @property
    def relation(self) -> str:
        return f"(select * from queue where batch = {self.number})"

    def members(self, request_id: str) -> list[Member]:
        return [
            Member(f"{request_id}.{number}", key, identity, payload, decision)
            for number, key, _, decision, identity, payload in self.rows
        ]


def fill(
    connection: duckdb.DuckDBPyConnection, is_restrictive: bool, with_echoes: bool, rows: int, size: int
) -> Sequence[int]:
    """Queue what may be sent in this phase. Returns the batch numbers in the order of sending."""
    asked = {
        "is_restrictive": is_restrictive,
        "with_echoes": with_echoes,
        "rows": rows,
        "bytes": size,
        "envelope": ENVELOPE_BYTES,
    }
    connection.execute(QUEUE, asked)
    return [
        int(row[0]) for row in connection.execute("select distinct batch from queue order by 1").fetchall()
    ]


def batch(connection: duckdb.DuckDBPyConnection, number: int) -> Batch:
    found = connection.execute(
        """select sync_id, change, row_number, member_key, customer_id, decision_id, identity, payload
        from queue where batch = ? order by row_number""",
        [number],
    ).fetchall()
    rows = tuple((*row[2:6], json.loads(row[6]), json.loads(row[7])) for row in found)
    return Batch(number, found[0][0], found[0][1], rows)


def drop(connection: duckdb.DuckDBPyConnection, queued: Batch, numbers: Sequence[int]) -> Batch:
    """The batch without these rows; they are not in the queue any more either."""
    connection.execute(
        "delete from queue where batch = ? and list_contains(?::bigint[], row_number)",
        [queued.number, list(numbers)],
    )
    gone = set(numbers)
    return Batch(
        queued.number, queued.sync_id, queued.change, tuple(r for r in queued.rows if r[0] not in gone)
    )
