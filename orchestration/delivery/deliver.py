"""One destination's lane: first what protects people, then, behind the gates, what speaks to them."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from orchestration.delivery import queue
from orchestration.delivery.difference import compute
from orchestration.delivery.holding import UNPROTECTED, count, hold, hold_behind_gates, note_held
from orchestration.delivery.ledger import Ledger, Request, opened
from orchestration.delivery.lists import ReleasedTables, SyncList, lists_of
from orchestration.delivery.progress import Progress, Watcher, nobody
from orchestration.delivery.recovery import recover
from orchestration.delivery.report import DeliveryReport, Tally, Verdict
from orchestration.delivery.sending import Sending
from orchestration.delivery.stops import StopList, StopListUnreadable, Stops
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.errors import BadSetup, SyncError
from syncs.shape import Outcome

__all__ = ["DeliveryReport", "deliver"]


def deliver(
    home: Home,
    release: ReleasedTables,
    destination: str,
    now: datetime,
    connector: Connector,
    gates: Mapping[str, Verdict] | None = None,
    passing: Callable[[str], None] | None = None,
    watcher: Watcher = nobody,
) -> DeliveryReport:
    """Bring a tool to what a certified release wants of it. Nothing new: no request, no row.

    `gates` (sync_id → verdict) hold back only permissive work of their list; a list without a verdict has not
    passed. `passing` is told each named point, so that tests can die there; `watcher` how far it is after each
    request, and if it raises, what was heard is kept. Raises SomebodyElseHoldsIt.
    """
    now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    run_id = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with opened(home, destination, run_id) as ledger:
        lane = Lane(release, now, connector, dict(gates or {}), ledger, StopList.of(home), passing or _nobody)
        lane.lists, lane.progress = lists_of(release, destination), Progress(destination, watcher)
        lane.run()
        lane.passing("before_finish")
        return lane.tally.report(destination, release.release_id, run_id)


@dataclass
class Lane:
    """One run over one ledger."""

    release: ReleasedTables
    now: datetime
    connector: Connector
    gates: Mapping[str, Verdict]
    ledger: Ledger
    stop_list: StopList
    passing: Callable[[str], None]
    lists: list[SyncList] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    progress: Progress = field(default_factory=lambda: Progress("", nobody))
    _begun: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        connection = self.ledger.connection
        recover(self.ledger, self.connector, self.moment, self.tally)
        self.passing("recovered")
        self._compute()
        self._send_phase(is_restrictive=True)
        if self.tally.requests:
            self._compute()
        if reason := self._silence():
            self._freeze_all(reason)
        hold_behind_gates(connection, self.lists, self.gates, self.tally)
        hold(connection, "unprotected", UNPROTECTED)
        note_held(connection, self.tally)
        lifted = count(connection, "not is_restrictive and held is null and change = 'remove'")
        self._send_phase(is_restrictive=False)
        if lifted:
            # A protection lifted from one person may have taken along another who shares an identifier.
            self._compute()
            self._send_phase(is_restrictive=True, with_echoes=False)

    def moment(self) -> datetime:
        """The run's time, moving on with a clock that never jumps."""
        return self.now + timedelta(seconds=time.monotonic() - self._begun)

    def _compute(self) -> None:
        stops, is_repeatable = self._stops(), self.connector.is_repeatable
        compute(self.ledger.connection, self.release, self.lists, stops, self.now, is_repeatable)

    def _stops(self) -> Stops:
        try:
            return self.stop_list.now()
        except StopListUnreadable as problem:
            self._freeze_all(str(problem))
            return Stops()

    def _freeze_all(self, reason: str) -> None:
        self.tally.frozen |= {each.sync_id: reason for each in self.lists}

    # ---- phases ------------------------------------------------------------------------------

    def _send_phase(self, is_restrictive: bool, with_echoes: bool = True) -> None:
        connection, limits = self.ledger.connection, (self.connector.batch_rows, self.connector.batch_bytes)
        failed: set[str] = set()
        numbers = queue.fill(connection, is_restrictive, with_echoes, *limits)
        self.progress.expect(queue.rows_by_list(connection))
        for number in numbers:
            batch = queue.batch(connection, number)
            if batch.sync_id in failed:
                continue
            if not is_restrictive:
                batch = self._without_stopped(batch)
            trouble = self._send(batch) if batch.rows else None
            if isinstance(trouble, BadSetup):
                failed.add(batch.sync_id)
            elif trouble:
                break  # the tool is busy or down: every other list would only wait as well
        self._acknowledge()

    def _without_stopped(self, batch: queue.Batch) -> queue.Batch:
        stops = self._stops()
        if batch.sync_id in self.tally.frozen:
            return queue.drop(self.ledger.connection, batch, [row[0] for row in batch.rows])
        stopped = [row[0] for row in batch.rows if stops.covers(row[2], row[4])]
        if stopped:
            self.tally.ends[batch.sync_id, batch.change, "held", "stopped"] += len(stopped)
            return queue.drop(self.ledger.connection, batch, stopped)
        return batch

    def _send(self, batch: queue.Batch) -> SyncError | None:
        """Intent, request, outcome. Returns what ended it early, if anything did.

        The outcome of a whole request waits for the next intent, to be committed with it, before anything is sent.
        """
        target = next(each.object for each in self.lists if each.sync_id == batch.sync_id)
        request = self._prepare(batch)
        sending = Sending(self.connector, batch.change, target, self.passing)
        for outcomes in sending.send(batch.members(request.request_id)):
            self.passing("after_response")
            self.ledger.hear(outcomes, self.moment(), sending.is_doubtful)
            self._count(batch, outcomes)
            if len(outcomes) < len(batch.rows):
                self._acknowledge()  # the other part of it may still be to be sent
            self._tell(batch.sync_id, len(outcomes))
        self.tally.requests += sending.requests
        if sending.trouble:
            self.tally.stopped = str(sending.trouble)
            self.tally.needs_a_person |= isinstance(sending.trouble, BadSetup)
        return sending.trouble

    def _prepare(self, batch: queue.Batch) -> Request:
        """Commit the intent, and with it what is heard and not in the ledger yet."""
        commits = [*(["ack"] if self.ledger.is_behind else []), "prepare"]
        for name in commits:
            self.passing(f"before_{name}_commit")
        request = self.ledger.prepare(batch.relation, self.release.release_id, self.moment())
        for name in commits:
            self.passing(f"after_{name}")
        return request

    def _tell(self, sync_id: str, rows: int) -> None:
        try:
            self.progress.answered(sync_id, rows)
        except Exception:
            self._acknowledge()
            raise

    def _acknowledge(self) -> None:
        """Commit what is heard and not in the ledger yet."""
        if self.ledger.is_behind:
            self.passing("before_ack_commit")
            self.ledger.settle()
            self.passing("after_ack")

    def _count(self, batch: queue.Batch, outcomes: Sequence[Outcome]) -> None:
        for (outcome, code), rows in Counter((each.outcome, each.code) for each in outcomes).items():
            self.tally.ends[batch.sync_id, batch.change, outcome, code] += rows

    def _silence(self) -> str:
        """Why nothing permissive may start: an open protection, or not knowing what the tool holds."""
        if self.ledger.is_lost:
            return "the ledger was lost: rebuild it before anything permissive"
        if count(self.ledger.connection, "is_restrictive and held is null and not is_echo"):
            return "a protection is not settled yet"
        return self.tally.stopped


def _nobody(point: str) -> None:
    """Nobody listens to where we are."""
