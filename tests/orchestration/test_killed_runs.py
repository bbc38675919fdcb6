"""Killed in the middle, a run leaves nothing half-published, and the next one goes through without a person."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.events import EngineEventData

from orchestration.paths import PROJECT, Home
from orchestration.reaper import PROCESS, is_alive, reap
from orchestration.release import all_releases, current_release
from orchestration.run import only_run
from orchestration.triggers import lost_runs_sensor

NOBODY = 2**22 - 3  # no process has so high a number here


@dg.op
def something() -> None: ...


@dg.job
def a_job() -> None:
    something()


@pytest.mark.parametrize(
    ("process", "status"), [(NOBODY, "FAILURE"), (os.getpid(), "STARTED")], ids=["dead", "alive"]
)
def test_only_runs_of_dead_processes_are_given_up(process: int, status: str) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(
            a_job, tags={PROCESS: str(process)}, status=DagsterRunStatus.STARTED
        )
        reap(instance)
        kept = instance.get_run_by_id(run.run_id)
        assert kept is not None
        assert kept.status.value == status


@pytest.mark.parametrize("is_collected", [True, False], ids=["gone", "zombie"])
def test_a_run_that_dagster_launched_itself_is_given_up_when_its_process_was_killed(
    is_collected: bool, tmp_path: Path
) -> None:
    """Such a run has no tag of ours; Dagster's launcher writes the process into its first engine event."""
    process = subprocess.Popen(["sleep", "60"])
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        run = instance.create_run_for_job(a_job, status=DagsterRunStatus.STARTED)
        instance.report_engine_event("Started process", run, EngineEventData.in_process(process.pid))
        storage = instance.event_log_storage
        storage.set_concurrency_slots("warehouse", 1)
        assert storage.claim_concurrency_slot("warehouse", run.run_id, "step").is_claimed
        assert reap(instance) == []
        process.kill()
        if is_collected:
            process.wait()
        else:
            wait_until(lambda: Path(f"/proc/{process.pid}/stat").read_text().split()[2] == "Z")
        skipped = lost_runs_sensor(dg.build_sensor_context(instance))
        assert run.run_id in str(skipped)
        assert instance.get_run_by_id(run.run_id).is_failure  # type: ignore[union-attr]
        assert storage.claim_concurrency_slot("warehouse", "next", "step").is_claimed
    process.wait()


def test_a_number_given_to_another_process_since_does_not_keep_a_run_alive() -> None:
    assert is_alive(os.getpid(), since=time.time())
    assert not is_alive(os.getpid(), since=1_000_000_000.0)


def test_this_process_is_alive_and_nobody_is_not() -> None:
    assert is_alive(os.getpid())
    assert not is_alive(NOBODY)


@pytest.mark.slow
def test_a_run_killed_while_the_models_build_is_made_good_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = [sys.executable, "-m", "orchestration.cli", "run", "--as-of", "2026-11-02 06:00"]
    environment = {**os.environ, "DOWNBEAT_HOME": str(home.root)}
    killed = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    wait_for(home.warehouse / "warehouse.duckdb")
    time.sleep(2)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert current_release(home) is None
    pair = [
        subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [each.communicate(timeout=600)[1] for each in pair]
    assert [each.returncode for each in pair] == [0, 0], told
    assert sorted("waiting up to" in words for words in told) == [False, True], "of two at once, one waits"
    assert sum("nothing new" in words for words in told) == 1, "and finds everything done"
    release = current_release(home)
    assert release is not None
    assert release.changed_files() == []
    assert len(all_releases(home)) == 1


def test_a_run_that_cannot_wait_any_longer_says_who_is_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = [sys.executable, "-m", "orchestration.cli", "run", "--as-of", "2026-11-02 06:00"]
    environment = {**os.environ, "DOWNBEAT_HOME": str(home.root), "DOWNBEAT_WAIT_SECONDS": "0"}
    with only_run(home):
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 1
    assert f"this home is held by process {os.getpid()}" in " ".join(done.stderr.split())
    assert not home.raw.exists(), "nothing was touched"


def wait_for(file: Path) -> None:
    wait_until(file.exists)


def wait_until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
