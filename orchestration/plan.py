"""A dry run of every lane: the difference between the release and the ledgers, counted, and the gates' verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import duckdb

from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import opened
from orchestration.delivery.lists import lists_of
from orchestration.delivery.stops import StopList
from orchestration.gates import Verdict, gates
from orchestration.paths import Home
from orchestration.release import Release, previous_release
from syncs.connector import connector_for


@dataclass(frozen=True)
class PlannedList:
    """How many members of a list would change, and whether its gate lets permissive work go."""

    sync_id: str
    add: int
    update: int
    remove: int
    gate: str

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def plan_of(home: Home, release: Release) -> list[PlannedList]:
    """One line per list of every destination. Sends nothing and writes to no ledger."""
    verdicts = gates(home, release, previous_release(home, release))
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct destination from read_parquet(?) order by 1", [release.table("syncs")]
        ).fetchall()
    return [line for (name,) in rows for line in planned(home, release, name, verdicts)]


def planned(
    home: Home, release: Release, destination: str, verdicts: dict[str, Verdict]
) -> list[PlannedList]:
    """The lists of one destination."""
    lists = lists_of(release, destination)
    with opened(home, destination, "plan", wait_seconds=60) as ledger:
        stops = StopList.of(home).now()
        compute(
            ledger.connection, release, lists, stops, release.as_of, connector_for(destination).is_repeatable
        )
        counted = ledger.connection.execute(
            "select sync_id, change, count(*) from work where not is_echo group by 1, 2"
        ).fetchall()
    changes = {(sync_id, change): int(rows) for sync_id, change, rows in counted}
    return [
        PlannedList(
            sync_id=each.sync_id,
            add=changes.get((each.sync_id, "add"), 0),
            update=changes.get((each.sync_id, "update"), 0),
            remove=changes.get((each.sync_id, "remove"), 0),
            gate="open" if verdicts[each.sync_id].passed else verdicts[each.sync_id].reason,
        )
        for each in lists
    ]
