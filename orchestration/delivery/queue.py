"""The rows to send in one phase, cut into requests of the size the tool takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from syncs.shape import Member

ENVELOPE_BYTES = 300  # what a tool's format adds around a row

# One pass in order; what a request begins with is then found per request and not per row.
QUEUE = """
create or replace temp table queue as
with placed as (
  select *, row_number() over in_order as place, sum(row_bytes) over in_order as bytes
  from (select *, strlen(identity) + strlen(payload) + $envelope as row_bytes from work
    where is_restrictive = $is_restrictive and held is null and (not is_echo or $with_echoes))
  window in_order as (
    partition by sync_id, change order by member_key, identity rows between unbounded preceding and current row)
), begun as (
  select sync_id, change, (place - 1) // $rows as part, min(bytes - row_bytes) as before from placed group by all
), cut as (
  select placed.*, part, (bytes - before) // $bytes as piece from placed
  join begun on begun.sync_id = placed.sync_id and begun.change = placed.change and part = (place - 1) // $rows
), numbered as (
  select sync_id, change, part, piece, min(place) - 1 as passed, row_number() over (
    order by min(mode = 'append'), min((change = 'remove') = is_restrictive), sync_id, change, part, piece) as batch
  from cut group by sync_id, change, part, piece
)
select cut.* exclude (part, piece, place, bytes, row_bytes), batch, place - passed as row_number
from cut join numbered using (sync_id, change, part, piece)
order by batch, row_number
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
    batches = connection.execute("select distinct batch from queue order by 1").fetchall()
    return [int(number) for (number,) in batches]


def rows_by_list(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows are queued per list."""
    return dict(connection.execute("select sync_id, count(*) from queue group by 1 order by 1").fetchall())


def batch(connection: duckdb.DuckDBPyConnection, number: int) -> Batch:
    """The rows of one request; the queue lies in their order, so that finding them reads little."""
    found = connection.execute(
        """select sync_id, change, row_number, member_key, customer_id, decision_id, identity, payload
        from queue where batch = ? order by row_number""",
        [number],
    ).fetchall()
    numbers, keys, customers, decisions, identities, payloads = list(zip(*found, strict=True))[2:]
    rows = zip(numbers, keys, customers, decisions, objects(identities), objects(payloads), strict=True)
    return Batch(number, found[0][0], found[0][1], tuple(rows))


def objects(texts: Sequence[str]) -> list[dict[str, object]]:
    """Many JSON objects, parsed in one go."""
    parsed: list[dict[str, object]] = json.loads(f"[{','.join(texts)}]")
    return parsed


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
