"""Runs whose process is gone: Dagster would show them as running for ever, and keep the places they held in a pool."""

from __future__ import annotations

import os

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

PROCESS = "downbeat/process"
UNFINISHED = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]


def reap(instance: dg.DagsterInstance) -> list[str]:
    """Mark every run of a dead process as failed and give its places back. Returns the ids of those runs."""
    reaped = []
    for record in instance.get_run_records(RunsFilter(statuses=UNFINISHED)):
        run = record.dagster_run
        process = run.tags.get(PROCESS)
        if process and not is_alive(int(process)):
            instance.report_run_failed(run, "its process was killed; the next run starts where it stood")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            reaped.append(run.run_id)
    return reaped


def is_alive(process: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
