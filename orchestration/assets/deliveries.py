"""All lists go out in one step of Dagster, a lane per destination at once; each list is done when its lane is."""

import time
from collections.abc import Iterator, Mapping

import dagster as dg

from orchestration.assets.listed import gate_of, key_of, result_of, spec_of, syncs
from orchestration.assets.release import must_be_current
from orchestration.connections import is_connected
from orchestration.delivery.deliver import DeliveryReport
from orchestration.delivery.lanes import deliver_all
from orchestration.delivery.progress import Step, who_watches
from orchestration.lease import SomebodyElseHoldsIt
from orchestration.matches import remember_matches
from orchestration.memory import remember_receipts
from orchestration.moment import as_of
from orchestration.paths import Home
from orchestration.verdicts import read_verdicts
from syncs.catalogue import connector_for
from syncs.connector import Connector

LIVE_SECONDS = 10.0  # between two counts of a list that is on its way


def deliveries(home: Home) -> dg.AssetsDefinition:
    """An asset per list of seeds/syncs.csv; what is connected is delivered, restrictive work first."""
    rows = syncs()

    @dg.multi_asset(
        name="deliver",
        specs=[spec_of(row) for row in rows],
        check_specs=[gate_of(row["sync_id"]) for row in rows],
        can_subset=True,
        pool="deliveries",
    )
    def delivered(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        release, moment = must_be_current(home), as_of(context)
        verdicts = read_verdicts(home, release)
        asked = [row for row in rows if key_of(row["sync_id"]) in context.selected_asset_keys]
        connectors = connected(context, {row["destination"] for row in asked})
        silent = [row["sync_id"] for row in asked if row["destination"] not in connectors]
        yield from (result_of(sync_id, None, verdicts) for sync_id in silent)
        failures: dict[str, str] = {}
        for name, end in deliver_all(home, release, connectors, moment, verdicts, LiveCounts(context)):
            remember_receipts(home, name, moment)
            if isinstance(end, DeliveryReport):
                mine = [row["sync_id"] for row in asked if row["destination"] == name]
                told = remember_matches(home, release, connectors[name], moment)
                yield from (result_of(sync_id, end, verdicts, told.get(sync_id)) for sync_id in mine)
            if problem := trouble_of(end):
                failures[name] = problem
                context.log.error(f"{name}: {problem}")
        refuse(failures)

    return delivered


def connected(context: dg.AssetExecutionContext, names: set[str]) -> Mapping[str, Connector]:
    """A connector for each of these tools that can be reached."""
    found = {name: connector_for(name) for name in sorted(names) if is_connected(name)}
    for name in sorted(names - found.keys()):
        context.log.warning(f"{name} is not connected: nothing was sent; see `downbeat doctor`")
    return found


def trouble_of(end: DeliveryReport | Exception) -> str:
    """Why a lane did not get to its end, or nothing. What nobody expected is named by its kind: its text may quote."""
    if isinstance(end, DeliveryReport):
        return end.stopped
    return str(end) if isinstance(end, SomebodyElseHoldsIt) else type(end).__name__


def refuse(failures: Mapping[str, str]) -> None:
    """Fail the step where a lane failed, after all the others have done their work."""
    if failures:
        told = "; ".join(f"{name}: {problem}" for name, problem in failures.items())
        raise dg.Failure(told, allow_retries=False)


class LiveCounts:
    """Counts of lists on their way: in the run's log and as observations of the list, every few seconds."""

    def __init__(self, context: dg.AssetExecutionContext) -> None:
        self.context, self.watcher = context, who_watches()
        self.told_at: dict[str, float] = {}

    def __call__(self, step: Step) -> None:
        self.watcher(step)
        now = time.monotonic()
        if now - self.told_at.setdefault(step.sync_id, now) >= LIVE_SECONDS:
            self.told_at[step.sync_id] = now
            self.context.log.info(f"{step.sync_id}: {step.done:,} of {step.rows:,} rows")
            counts = {"rows_done": step.done, "rows_to_do": step.rows}
            self.context.log_event(dg.AssetObservation(key_of(step.sync_id), metadata=counts))
