"""One `downbeat run`: listen, and where anything is new, decide and publish; then bring every tool in line.

The same jobs the Dagster UI shows, run in this process, so that each run is there to look at afterwards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.erasure.resent import leave_out_erased
from orchestration.ingestion.own import ensure_declared
from orchestration.lease import Lease, SomebodyElseHoldsIt
from orchestration.lint.check import refuse_bad_seeds
from orchestration.moment import AS_OF, FULL, KIND, TARGET
from orchestration.paths import Home
from orchestration.reaper import PROCESS, reap
from orchestration.shelf import current_release
from orchestration.transform import TIME_FORMAT, plan_run
from orchestration.whole import replace_text

DAGSTER_SETTINGS = """telemetry:
  enabled: false
nux:
  enabled: false
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
concurrency:
  pools:
    default_limit: 1
"""
WAIT_SECONDS = int(os.environ.get("DOWNBEAT_WAIT_SECONDS", "1800"))


class RunFailed(Exception):
    """A step failed. The message names it and where to read on; what was published before still stands."""


@dataclass(frozen=True)
class RunResult:
    """What one run did. `decided` is False where nothing had arrived and nothing had changed."""

    run_id: str
    decided: bool
    dagster_runs: tuple[str, ...]


def run(
    home: Home,
    as_of: datetime,
    target: str = "duckdb",
    tell: Callable[[str], None] = print,
    kind: str = FULL,
) -> RunResult:
    """Run everything for one moment. Raises RunFailed, or SeedsRefused before anything was touched.

    kind: full, or micro: only customers of whom something has come in since the run before are decided for.
    """
    refuse_bad_seeds()
    with only_run(home, tell):
        return _run(home, as_of, target, tell, kind)


@contextmanager
def only_run(home: Home, tell: Callable[[str], None] = print) -> Iterator[None]:
    """This home is ours until the block ends. A second run waits, says so, and in the end names who holds it."""
    lease = Lease(home.root / "run.lock", "this home")
    with ExitStack() as held:
        try:
            held.enter_context(lease.held())
        except SomebodyElseHoldsIt as other:
            tell(f"{str(other).partition(';')[0]}: waiting up to {WAIT_SECONDS} seconds for it to end")
            held.enter_context(lease.held(wait_seconds=WAIT_SECONDS))
        yield


def _run(home: Home, as_of: datetime, target: str, tell: Callable[[str], None], kind: str) -> RunResult:
    ensure_declared(home)
    with instance_of(home) as instance:
        reap(instance)
        tell("listening")
        listened = execute("listen", home, instance, as_of, target)
        if again := leave_out_erased(home):
            tell(f"{again} rows or files told of people who were erased; they are out again")
        planned = plan_run(home, as_of, target, kind)
        if last_finished(home) in {planned.fingerprint, plan_run(home, as_of, target).fingerprint}:
            tell("nothing new; checking that every tool is in line")
            spoke = execute("speak", home, instance, as_of, target)
            return RunResult(planned.run_id, False, (listened, spoke))
        tell("recognising, deciding, publishing, speaking")
        decided = _decide(home, instance, as_of, target, tell, kind)
        finish(home, planned.fingerprint)
        return RunResult(planned.run_id, True, (listened, decided))


def _decide(
    home: Home,
    instance: dg.DagsterInstance,
    as_of: datetime,
    target: str,
    tell: Callable[[str], None],
    kind: str,
) -> str:
    """Decide and speak. Where nothing new gets published, whoever withdrew still comes off the lists."""
    before = current_release(home)
    try:
        return execute("decide_and_speak", home, instance, as_of, target, kind)
    except RunFailed:
        if before and current_release(home) == before:
            tell("that failed; taking whoever withdrew off the lists of the last release")
            with suppress(RunFailed):
                execute("speak", home, instance, as_of, target)
        raise


def execute(
    job: str, home: Home, instance: dg.DagsterInstance, as_of: datetime, target: str, kind: str = FULL
) -> str:
    """Run one job in this process. Returns Dagster's run id."""
    from orchestration.catalogue import build

    tags = {AS_OF: as_of.strftime(TIME_FORMAT), TARGET: target, KIND: kind, PROCESS: str(os.getpid())}
    definitions = build(home).resolve_job_def(job)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with (home.dagster / "console.log").open("a") as console, redirect_stdout(console):
        result = definitions.execute_in_process(quiet, instance=instance, tags=tags, raise_on_error=False)
    if not result.success:
        raise RunFailed(
            f"{job} stopped: {'; '.join(failures(result)) or 'see the run'} (Dagster run {result.run_id})"
        )
    return str(result.run_id)


def failures(result: Any) -> list[str]:
    """The failed steps, each with the first line of its cause."""
    told = []
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            cause = error.cause or error
            told.append(f"{event.step_key}: {cause.message.strip()[:2000]}")
    return told


def instance_of(home: Home) -> dg.DagsterInstance:
    """The Dagster instance kept under the home: its settings are written once, telemetry off."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text(DAGSTER_SETTINGS)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    return dg.DagsterInstance.get()


def _mark(home: Home) -> Path:
    return home.warehouse / "finished.json"


def last_finished(home: Home) -> str | None:
    """The fingerprint of the last run that got to its end."""
    mark = _mark(home)
    return str(json.loads(mark.read_text())["fingerprint"]) if mark.exists() else None


def finish(home: Home, fingerprint: str) -> None:
    """Remember that these inputs have been decided, published and spoken."""
    replace_text(_mark(home), json.dumps({"fingerprint": fingerprint}))
