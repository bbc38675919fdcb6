"""The marketing tools as a fast simulation needs them: what Downbeat tells them, without a wire between.

Messages reach a tool once, ad audiences stand as the last run said. What tools do on the wire is tested elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.benchmarks.living_warehouse import LivingWarehouse

MESSAGES = "select decision_id, identity, payload from syncs.sync_decided_messages order by decision_id"
ADS = """
select 'downbeat_retargeting' as name, identity from syncs.sync_ad_audiences where sync_id like 'meta%'
union all select 'downbeat_exclusions', identity from syncs.sync_people_left_alone where sync_id like 'meta%'"""


@dataclass
class Desk:
    """One tool's inbox: rows by the day they came in."""

    by_day: dict[date, list[Mapping[str, object]]] = field(default_factory=dict)

    def messages(self, day: date) -> Sequence[Mapping[str, object]]:
        return self.by_day.get(day, [])

    def received(self, _day: date) -> Sequence[Mapping[str, object]]:
        return []


@dataclass
class Advertiser:
    """The ad platform's audiences."""

    held: dict[str, set[str | tuple[str, ...]]] = field(default_factory=dict)

    def audiences(self) -> Mapping[str, Iterable[str | tuple[str, ...]]]:
        return self.held


@dataclass
class StandingTools:
    """Everything behind one branch: all messages come in at one desk, ads at the advertiser."""

    klaviyo: Desk = field(default_factory=Desk)
    onsite: Desk = field(default_factory=Desk)
    letters: Desk = field(default_factory=Desk)
    meta: Advertiser = field(default_factory=Advertiser)
    told: set[str] = field(default_factory=set)

    def listen(self, warehouse: LivingWarehouse, moment: datetime) -> None:
        """Take over what a run leaves to be sent, each decision once, and who is to see ads from now on."""
        due = [row for row in warehouse.rows(MESSAGES) if row["decision_id"] not in self.told]
        self.told.update(str(row["decision_id"]) for row in due)
        self.klaviyo.by_day[moment.date()] = [
            {
                **json.loads(str(row["identity"])),
                **json.loads(str(row["payload"])),
                "received_at": str(moment),
            }
            for row in due
        ]
        self.meta.held = {"downbeat_retargeting": set(), "downbeat_exclusions": set()}
        for row in warehouse.rows(ADS):
            cells = tuple(json.loads(str(row["identity"])).values())
            self.meta.held[str(row["name"])].add(cells[0] if len(cells) == 1 else cells)
