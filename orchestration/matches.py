"""What ad platforms say of whom they found, kept once a day for every list: Downbeat's own stream `match_reports`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import pyarrow as pa

from orchestration.delivery.lists import ReleasedTables, lists_of
from orchestration.ingestion.loads import committed_loads
from orchestration.ingestion.own import commit_own
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.errors import SyncError
from syncs.lists import NamedLists
from syncs.matches import Matched

STREAM = "downbeat.match_reports"
COUNTS = ("people_from", "people_to", "percent_from", "percent_to")
COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("sync_id", "destination")),
        *((name, pa.int64()) for name in COUNTS),
        ("reported_at", pa.timestamp("us")),
    ]
)


def remember_matches(
    home: Home, release: ReleasedTables, connector: Connector, moment: datetime
) -> dict[str, Matched | None]:
    """Ask for every list of a tool that tells, once a day, and commit the answers. Returns them by list.

    A tool that does not answer now is asked by the next run: nothing that is sent waits for it.
    """
    load_id = f"{connector.name}-{moment:%Y%m%d}"
    if not isinstance(connector, NamedLists) or not connector.tells_matches or _is_known(home, load_id):
        return {}
    lists = {each.sync_id: each.object for each in lists_of(release, connector.name)}
    try:
        told = {sync_id: connector.matched(name) for sync_id, name in lists.items()}
    except SyncError:
        return {}
    rows = [
        {
            "sync_id": sync_id,
            "destination": connector.name,
            **asdict(found or Matched()),
            "reported_at": moment,
        }
        for sync_id, found in told.items()
    ]
    commit_own(home, STREAM, pa.Table.from_pylist(rows, COLUMNS), load_id, moment)
    return told


def _is_known(home: Home, load_id: str) -> bool:
    return any(load.load_id == load_id for load in committed_loads(home, STREAM))
