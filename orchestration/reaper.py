"""Runs whose process is gone: Dagster would show them as running for ever, and keep the places they held in a pool.

A run of `downbeat run` carries its process as a tag; of one that the UI, a schedule or a sensor launched, Dagster's
own engine event says in which process it was started.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
from dagster import DagsterEventType, DagsterRun, DagsterRunStatus, RunsFilter

PROCESS = "downbeat/process"
UNFINISHED = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
LATER = 2.0  # seconds by which a process may look younger than its run: clocks tick coarsely


def reap(instance: dg.DagsterInstance) -> list[str]:
    """Mark every run of a dead process as failed and give its places back. Returns the ids of those runs."""
    reaped = []
    for record in instance.get_run_records(RunsFilter(statuses=UNFINISHED)):
        run = record.dagster_run
        process, since = process_of(instance, run, record.create_timestamp.timestamp())
        if process and not is_alive(process, since):
            instance.report_run_failed(run, "its process was killed; the next run starts where it stood")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            reaped.append(run.run_id)
    return reaped


def process_of(instance: dg.DagsterInstance, run: DagsterRun, created: float) -> tuple[int, float]:
    """The run's process and a moment (epoch) at which it was there; 0 where nobody knows yet."""
    if run.tags.get(PROCESS):
        return int(run.tags[PROCESS]), created
    for record in instance.get_records_for_run(run.run_id, of_type=DagsterEventType.ENGINE_EVENT).records:
        event = record.event_log_entry.dagster_event
        told = event.engine_event_data.metadata.get("pid") if event else None
        if told and str(told.value).isdigit():
            return int(str(told.value)), record.event_log_entry.timestamp
    return 0, created


def is_alive(process: int, since: float | None = None) -> bool:
    """Whether the process that had this number at `since` (epoch seconds) still runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    state, began = _state(process)
    is_another = since is not None and began is not None and began > since + LATER
    return state != "Z" and not is_another


def _state(process: int) -> tuple[str, float | None]:
    """The state letter and the start (epoch) as the kernel has them; neither where it does not say."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        booted = next(
            line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime")
        )
    except (OSError, StopIteration):
        return "", None
    return words[0], float(booted.split()[1]) + int(words[19]) / os.sysconf("SC_CLK_TCK")
