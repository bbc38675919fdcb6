"""A ledger without what no difference can depend on any more: operations that a later accepted one has overruled.

One transaction takes them out, so a process killed at any instant leaves the ledger as it was, or done. What stays:
the last accepted operation of every member and all after it, everything on lists of messages, requests that may still
land late, whoever takes others along when removed, and whatever the receipts do not have yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pyarrow as pa

from orchestration.delivery.difference import SETTLE_MINUTES
from orchestration.delivery.ledger import Ledger, opened
from orchestration.delivery.lists import SyncList
from orchestration.paths import Home

OVERRULED = """
create or replace temp table overruled as
with accepted as (
  select sync_id, identity, max(request_number) as number, arg_max(finished_at, request_number) as finished_at
  from operations where outcome = 'accepted' group by sync_id, identity
)
select o.op_id from operations o
join mirrored using (sync_id) join received using (run_id)
join accepted a on a.sync_id = o.sync_id and a.identity = o.identity and o.request_number < a.number
where o.outcome in ('accepted', 'rejected', 'not_sent') and o.request_number < (select max(request_number) from intents)
  and (o.unknown_at is null or a.finished_at >= o.unknown_at + to_minutes($settle_minutes))
  and not (o.change = 'remove' and o.sync_id in (select sync_id from intents where contains(identity, ',')))
"""


Failpoint = Callable[[str], None]


def nothing(_: str) -> None:
    """The failpoint of ordinary life. Tests inject one that kills the process at a named step."""


def compact(
    home: Home,
    destination: str,
    lists: Sequence[SyncList],
    received: Collection[str],
    at: Failpoint = nothing,
) -> int:
    """Take out what is overruled; returns how many operations went. Doing it twice changes nothing.

    received: the load ids of downbeat.receipts that are committed, for what is not among them is not touched.
    Raises SomebodyElseHoldsIt.
    """
    if not (home.ledgers / f"{destination}.duckdb").exists():
        return 0
    with opened(home, destination, "compaction", wait_seconds=60) as ledger:
        return compact_ledger(ledger, destination, lists, received, at)


def compact_ledger(
    ledger: Ledger,
    destination: str,
    lists: Sequence[SyncList],
    received: Collection[str],
    at: Failpoint = nothing,
) -> int:
    """The same over a ledger that is open."""
    connection, start = ledger.connection, f"{destination}-"
    mirrored = {"sync_id": [each.sync_id for each in lists if each.mode != "append"]}
    runs = {"run_id": [load_id.removeprefix(start) for load_id in received if load_id.startswith(start)]}
    connection.register("mirrored", pa.table(mirrored, schema=pa.schema([("sync_id", pa.string())])))
    connection.register("received", pa.table(runs, schema=pa.schema([("run_id", pa.string())])))
    connection.execute(OVERRULED, {"settle_minutes": SETTLE_MINUTES})
    [(gone,)] = connection.execute("select count(*) from overruled").fetchall()
    if gone:
        connection.execute("begin")
        for table in ("outcomes", "intents"):
            at(f"before {table} go")
            connection.execute(f"delete from {table} where op_id in (select op_id from overruled)")
        at("before commit")
        connection.execute("commit")
        at("before checkpoint")
        connection.execute("checkpoint")
    return int(gone)
