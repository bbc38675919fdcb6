"""Does a tool hold what we want? Its own listing against the release, member by member."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import Ledger, opened
from orchestration.delivery.lists import ReleasedTables, SyncList, lists_of
from orchestration.delivery.stops import StopList
from orchestration.paths import Home
from syncs.connector import Connector


@dataclass(frozen=True)
class Agreement:
    """One list. `missing` and `extra` are people as the tool shows them: count them, do not print them.

    `stale_rows` counts members whose last accepted content is not the wanted one. `note` says what cannot be known.
    """

    sync_id: str
    wanted_rows: int
    stale_rows: int
    missing: frozenset[str] = field(default=frozenset(), repr=False)
    extra: frozenset[str] = field(default=frozenset(), repr=False)
    note: str = ""

    @property
    def is_exact(self) -> bool:
        return not (self.missing or self.extra or self.stale_rows)


def agreements(
    home: Home, release: ReleasedTables, destination: str, now: datetime, connector: Connector
) -> list[Agreement]:
    """One Agreement per list that is mirrored. Raises SyncError where the tool does not answer."""
    lists = [each for each in lists_of(release, destination) if each.mode != "append"]
    with opened(home, destination, "agreement", wait_seconds=60) as ledger:
        stops = StopList.of(home).now()
        compute(ledger.connection, release, lists, stops, now, connector.is_repeatable)
        return [_agreement(ledger, each, connector) for each in lists]


def _agreement(ledger: Ledger, each: SyncList, connector: Connector) -> Agreement:
    sql = "select identity from wanted where sync_id = ?"
    found = ledger.connection.execute(sql, [each.sync_id]).fetchall()
    wanted = frozenset(connector.identity_key(json.loads(identity)) for (identity,) in found)
    stale = _stale_rows(ledger, each, "change = 'update'" if connector.can_list else "true")
    if not connector.can_list:
        note = f"{connector.name} does not show who is on a list; what it acknowledged is all we know"
        return Agreement(each.sync_id, len(found), stale, note=note)
    listed = frozenset(connector.list_members(each.object))
    return Agreement(each.sync_id, len(found), stale, wanted - listed, listed - wanted)


def _stale_rows(ledger: Ledger, each: SyncList, which: str) -> int:
    """By the ledger: rows with other content; where the tool cannot be asked, every difference."""
    sql = f"select count(*) from work where sync_id = ? and not is_echo and {which}"
    found = ledger.connection.execute(sql, [each.sync_id]).fetchall()
    return int(found[0][0])
