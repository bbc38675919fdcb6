"""Two branches of one retailer over many days: in one every channel team acts alone, in the other Downbeat decides.

Downbeat's days are decided by the project's own models, from staging over identity to the ledger, on what the systems
of its branch wrote until that morning; see compiled_project and living_warehouse for what is left out. Figures come
from the simulator's books. Ads' audiences stand as the last run said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa

from orchestration.demo import MORNING
from orchestration.stage import GO_LIVE, HISTORY_DAYS
from sandbox.history import HistoryWriter, date_of
from sandbox.received import sends_from_tools
from sandbox.retailer import Retailer
from sandbox.scoreboard import scoreboard
from tests.benchmarks.compiled_project import Project, Step
from tests.benchmarks.living_warehouse import LivingWarehouse
from tests.benchmarks.standing_tools import StandingTools

WANTED = (
    "fct_ledger", "fct_decisions", "fct_decision_runs", "fct_assignments", "int_assignment_changes",
    "sync_decided_messages", "sync_ad_audiences", "sync_people_left_alone",
)  # fmt: skip
RECOGNISED_EVERY = 3  # days; in between, identifiers speak for whom they last spoke for, new ones for nobody
REMEMBERED = ("downbeat.decisions", "downbeat.ledger", "downbeat.decision_runs", "downbeat.assignments")


@dataclass
class PastInMemory(HistoryWriter):
    """The past's files, kept as tables in order instead of written."""

    kept: list[tuple[str, int, pa.Table]] = field(default_factory=list)

    def _later(self, stream: str, day: int, render: Callable[[], pa.Table]) -> None:
        self.kept.append((stream, day, render()))


@dataclass
class Branches:
    """A retailer and its siloed twin, and the warehouse of the one that Downbeat serves."""

    ours: Retailer
    siloed: Retailer
    warehouse: LivingWarehouse
    steps: list[Step]
    tools: StandingTools = field(default_factory=StandingTools)

    @classmethod
    def create(
        cls,
        project: Project,
        people: int,
        seed: int,
        policies: Path | None = None,
        without_effect: tuple[str, ...] = (),
    ) -> Branches:
        """People with a past, taken in. policies: a folder with seeds/ in place of the project's.

        without_effect: channels whose messages make nobody buy.
        """
        ours = Retailer.create(people, seed, GO_LIVE, HISTORY_DAYS)
        messages = replace(ours.world.messages, without_effect=without_effect)
        ours.world = replace(ours.world, messages=messages)
        past = PastInMemory(ours.world, Path(), 90)
        ours.live_past(past)
        warehouse = LivingWarehouse(project, policies)
        for stream, day, table in past.kept:
            warehouse.take(stream, table, datetime.combine(date_of(day), time(23)))
        return cls(ours, ours.branch(), warehouse, project.steps(WANTED))

    def live(self, number: int) -> None:
        """One day in both branches, the first being 0."""
        self.live_ours(number)
        day = GO_LIVE + timedelta(days=number)
        self.siloed.live_day(day, self.siloed.siloed_sends(day))

    def live_ours(self, number: int) -> None:
        """One day of the branch that Downbeat serves."""
        day = GO_LIVE + timedelta(days=number)
        moment = datetime.combine(day, MORNING)
        self.decide(moment)
        sends = sends_from_tools(self.tools, self.ours, day)
        for stream, table in self.ours.live_day(day, sends).items():
            self.warehouse.take(stream, table, datetime.combine(day + timedelta(days=1), MORNING))

    def decide(self, moment: datetime) -> None:
        """One run, and what the tools are told."""
        run_id = f"r{moment:%Y%m%dT%H%M}"
        self.warehouse.run(self._steps_of(moment), moment, run_id)
        self.warehouse.remember(run_id, moment, REMEMBERED)
        self.tools.listen(self.warehouse, moment)

    def _steps_of(self, moment: datetime) -> list[Step]:
        """What is built on a day: identity and scores (nothing is learned here) are left standing on most days."""
        number = (moment.date() - GO_LIVE).days
        if number % RECOGNISED_EVERY == 0:
            return self.steps
        return [step for step in self.steps if step.layer not in ("identity", "scores")]

    def outcome(self, first: date, last: date) -> dict[str, dict[str, float]]:
        """The figures of both branches from the simulator's books."""
        return {
            "downbeat": scoreboard(self.ours.books, first, last),
            "siloed": scoreboard(self.siloed.books, first, last),
        }
