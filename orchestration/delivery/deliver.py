"""One destination's lane: first what protects people, then, behind the gates, what speaks to them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from orchestration.delivery import queue
from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import Ledger, opened
from orchestration.delivery.lists import ReleasedTables, SyncList, lists_of
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
) -> DeliveryReport:
    """Bring a tool to what a certified release wants of it. Nothing new: no request, no row.

    `gates` (sync_id → verdict) hold back only permissive work of their list; a list without a verdict has not
    passed. `passing` is told each named point, so that tests can die there. Raises SomebodyElseHoldsIt.
    """
    now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    run_id = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with opened(home, destination, run_id) as ledger:
        lane = Lane(release, now, connector, dict(gates or {}), ledger, StopList.of(home), passing or _nobody)
        lane.lists = lists_of(release, destination)
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
    _begun: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        recover(self.ledger, self.connector, self.moment, self.tally)
        self._compute()
        self._send_phase(is_restrictive=True)
        if self.tally.requests:
            self._compute()
        if self._may_speak():
            self._hold_back()
            self._send_phase(is_restrictive=False)
        self._note_held()

    def moment(self) -> datetime:
        """The run's time, moving on with a clock that never jumps."""
        return self.now + timedelta(seconds=time.monotonic() - self._begun)

    def _compute(self) -> None:
        compute(
            self.ledger.connection,
            self.release,
            self.lists,
            self._stops(),
            self.now,
            self.connector.is_repeatable,
        )

    def _stops(self) -> Stops:
        try:
            return self.stop_list.now()
        except StopListUnreadable as problem:
            self._freeze_all(str(problem))
            return Stops()

    def _freeze_all(self, reason: str) -> None:
        self.tally.frozen |= {each.sync_id: reason for each in self.lists}

    # ---- phases ------------------------------------------------------------------------------

    def _send_phase(self, is_restrictive: bool) -> None:
        connector, connection = self.connector, self.ledger.connection
        failed: set[str] = set()
        for number in queue.fill(connection, is_restrictive, connector.batch_rows, connector.batch_bytes):
            batch = queue.batch(connection, number)
            if batch.sync_id in failed:
                continue
            if not is_restrictive:
                batch = self._without_stopped(batch)
            trouble = self._send(batch) if batch.rows else None
            if isinstance(trouble, BadSetup):
                failed.add(batch.sync_id)
            elif trouble:
                return  # the tool is busy or down: every other list would only wait as well

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
        """Intent, request, outcome. Returns what ended it early, if anything did."""
        target = next(each.object for each in self.lists if each.sync_id == batch.sync_id)
        self.passing("before_prepare_commit")
        request = self.ledger.prepare(batch.relation, self.release.release_id, self.moment())
        self.passing("after_prepare")
        sending = Sending(self.connector, batch.change, target)
        for outcomes in self._watched(sending.send(batch.members(request.request_id))):
            self.passing("before_ack_commit")
            self.ledger.settle(outcomes, self.moment())
            self.passing("after_ack")
            self._count(batch, outcomes)
        self.tally.requests += sending.requests
        if sending.trouble:
            self.tally.stopped = str(sending.trouble)
            self.tally.needs_a_person |= isinstance(sending.trouble, BadSetup)
        return sending.trouble

    def _watched(self, answers: Iterator[list[Outcome]]) -> Iterator[list[Outcome]]:
        for outcomes in answers:
            self.passing("after_response")
            yield outcomes

    def _count(self, batch: queue.Batch, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.tally.ends[batch.sync_id, batch.change, outcome.outcome, outcome.code] += 1

    # ---- holding back ------------------------------------------------------------------------

    def _may_speak(self) -> bool:
        """Nothing permissive while a protection is open, or while we do not know what the tool holds."""
        if self.ledger.is_lost:
            self._freeze_all("the ledger was lost: rebuild it before anything permissive")
        elif self._rows("is_restrictive and held is null and not is_echo"):
            self._freeze_all("a protection is not settled yet")
        else:
            return not self.tally.stopped
        return False

    def _hold_back(self) -> None:
        for each in self.lists:
            verdict = self.gates.get(each.sync_id)
            if verdict is None or not verdict.passed:
                reason = verdict.reason if verdict else "no gate has looked at it"
                if self._rows("not is_restrictive and held is null and sync_id = ?", each.sync_id):
                    self.tally.frozen[each.sync_id] = reason
        self._hold("frozen", "list_contains(?, sync_id)", list(self.tally.frozen))
        self._hold(
            "unprotected",
            "customer_id in (select customer_id from work where is_restrictive and held is distinct from 'kept'"
            " and not is_echo)",
        )

    def _hold(self, reason: str, which: str, *values: object) -> None:
        self.ledger.connection.execute(
            f"update work set held = ? where not is_restrictive and held is null and {which}",
            [reason, *values],
        )

    def _rows(self, which: str, *values: object) -> int:
        found = self.ledger.connection.execute(
            f"select count(*) from work where {which}", list(values)
        ).fetchone()
        return int(found[0]) if found else 0

    def _note_held(self) -> None:
        held = self.ledger.connection.execute(
            "select sync_id, change, held, count(*) from work where held is not null group by 1, 2, 3"
        ).fetchall()
        for sync_id, change, reason, rows in held:
            self.tally.ends[sync_id, change, "held", reason] += int(rows)


def _nobody(point: str) -> None:
    """Nobody listens to where we are."""
