"""A dry run of every lane: the difference between the release and the ledgers, counted, and the gates' verdict."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

import duckdb

from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import looked_at
from orchestration.delivery.lists import lists_of
from orchestration.delivery.stops import StopList
from orchestration.gates import Verdict, gates
from orchestration.paths import Home
from orchestration.release import Release, previous_release
from orchestration.why.words import hidden
from syncs.catalogue import connector_for

CHANGES = ("add", "update", "remove")
COUNTED = """
select sync_id, change, count(*), (list(identity order by identity))[:3] from work
where not is_echo and held is null group by 1, 2
"""


@dataclass(frozen=True)
class PlannedList:
    """How many members of a list would change, a few of them masked, and whether its gate lets permissive work go."""

    sync_id: str
    add: int
    update: int
    remove: int
    gate: str
    samples: dict[str, list[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def plan_of(home: Home, release: Release) -> list[PlannedList]:
    """One line per list of every destination. Sends nothing and writes nothing."""
    verdicts = gates(home, release, previous_release(home, release), with_pages=False)
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
    with looked_at(home, destination) as connection:
        stops = StopList.of(home).now()
        compute(connection, release, lists, stops, release.as_of, connector_for(destination).is_repeatable)
        counted = connection.execute(COUNTED).fetchall()
    changes = {(sync_id, change): int(rows) for sync_id, change, rows, _ in counted}
    samples = {(sync_id, change): _masked(some) for sync_id, change, _, some in counted}
    return [
        PlannedList(
            sync_id=each.sync_id,
            add=changes.get((each.sync_id, "add"), 0),
            update=changes.get((each.sync_id, "update"), 0),
            remove=changes.get((each.sync_id, "remove"), 0),
            samples={
                kind: samples[each.sync_id, kind] for kind in CHANGES if (each.sync_id, kind) in samples
            },
            gate="open" if verdicts[each.sync_id].passed else verdicts[each.sync_id].reason,
        )
        for each in lists
    ]


def _masked(identities: list[str]) -> list[str]:
    """Enough of each to recognise a person one knows."""
    return [
        ", ".join(hidden(str(value), kind) for kind, value in json.loads(identity).items() if value)
        for identity in identities
    ]
