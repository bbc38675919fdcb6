"""A lost ledger found again: from the tool's own listing, and for messages from the receipts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from orchestration.delivery.ledger import Ledger, opened
from orchestration.delivery.lists import ReleasedTables, SyncList, lists_of
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.errors import BadSetup

KNOWN = """
create or replace temp table known as
select sync_id, 'add' as change, false as is_restrictive, cast(null as varchar) as member_key,
  cast(null as varchar) as customer_id, decision_id, cast(json(identity) as varchar) as identity, '' as content_hash,
  row_number() over () as row_number
from found
"""
ACCEPTED = """
insert into outcomes select op_id, run_id, 'accepted', 'listed', '', prepared_at from intents where request_id = ?
"""


def rebuild(
    home: Home,
    release: ReleasedTables,
    destination: str,
    now: datetime,
    connector: Connector,
    receipts: str = "",
    lists_are_new: bool = False,
) -> int:
    """Fill a lost ledger so that permissive work may go on. Returns the rows found.

    `receipts` is a glob of the raw stream downbeat.receipts, needed for lists of messages; `lists_are_new` says that
    a person has made the lists anew, for tools that show nobody. Members found count as ours, their content as unknown.
    Raises BadSetup where neither a listing nor receipts can tell.
    """
    with opened(home, destination, f"rebuild-{now:%Y%m%dT%H%M%S}") as ledger:
        rows = 0
        for each in lists_of(release, destination):
            rows += _enter(
                ledger, release, each, _found(each, connector, receipts, ledger, lists_are_new), now
            )
        ledger.found()
        return rows


def _found(
    each: SyncList, connector: Connector, receipts: str, ledger: Ledger, lists_are_new: bool
) -> Iterable[tuple[str | None, dict[str, object]]]:
    """(decision_id, identity) of what the list is known to hold."""
    if each.mode == "append":
        if not receipts:
            raise BadSetup(f"{each.sync_id}: only the receipts can tell which messages went out")
        sql = """select distinct decision_id from read_parquet(?) where sync_id = ? and outcome <> 'rejected'
            and decision_id is not null"""
        return (
            (decision, {})
            for (decision,) in ledger.connection.execute(sql, [receipts, each.sync_id]).fetchall()
        )
    if connector.can_list:
        return ((None, connector.identity_of(key)) for key in connector.list_members(each.object))
    if lists_are_new:
        return ()
    raise BadSetup(f"{each.sync_id}: {connector.name} shows nobody; make the list anew under another name")


def _enter(
    ledger: Ledger,
    release: ReleasedTables,
    each: SyncList,
    found: Iterable[tuple[str | None, dict[str, object]]],
    now: datetime,
) -> int:
    rows = [(each.sync_id, decision, json.dumps(identity)) for decision, identity in found]
    if not rows:
        return 0
    columns = dict(
        zip(("sync_id", "decision_id", "identity"), map(list, zip(*rows, strict=True)), strict=True)
    )
    schema = pa.schema([(name, pa.string()) for name in columns])
    ledger.connection.register("found", pa.table(columns, schema=schema))
    ledger.connection.execute(KNOWN)
    request = ledger.prepare("known", release.release_id, now)
    ledger.connection.execute(ACCEPTED, [request.request_id])
    return len(rows)
