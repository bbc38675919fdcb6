"""When things run by themselves: every morning, soon after a file has landed, and when a run has lost its process."""

import hashlib

import dagster as dg

from orchestration.paths import Home
from orchestration.reaper import reap


def nightly_schedule(job_name: str) -> dg.ScheduleDefinition:
    """Six in the morning UTC: the tills have reported, and nobody has been messaged yet."""
    return dg.ScheduleDefinition(
        name="every_morning",
        job_name=job_name,
        cron_schedule="0 6 * * *",
        execution_timezone="UTC",
        description="The nightly files are in; decide the day's messages.",
    )


def upkeep_schedule(job_name: str) -> dg.ScheduleDefinition:
    """At night, when nobody waits for the warehouse."""
    return dg.ScheduleDefinition(
        name="every_night",
        job_name=job_name,
        cron_schedule="0 2 * * *",
        execution_timezone="UTC",
        description="What is kept for its term only, and what is solved ahead of the day.",
    )


def new_files_sensor(home: Home, job_name: str) -> dg.SensorDefinition:
    """One run per distinct set of landed files: the run key is their names, sizes and times."""

    @dg.sensor(
        name="new_files",
        job_name=job_name,
        minimum_interval_seconds=60,
        description="A file has landed: run.",
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        seen = landed(home)
        if seen == (context.cursor or landed_nothing()):
            return dg.SkipReason("no file has landed since the last run")
        context.update_cursor(seen)
        return dg.RunRequest(run_key=seen)

    return new_files


@dg.sensor(
    name="lost_runs",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run whose process was killed is ended, so that the next one need not wait for it.",
)
def lost_runs_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Give up the runs of dead processes, whoever launched them."""
    ended = reap(context.instance)
    return dg.SkipReason(f"ended {', '.join(ended)}" if ended else "every run has its process")


def landed(home: Home) -> str:
    """A hash over what lies in the landing folder; opens no file."""
    digest = hashlib.sha256()
    for file in sorted(p for p in home.landing.rglob("*") if p.is_file() and not p.name.startswith(".")):
        stat = file.stat()
        digest.update(f"{file.relative_to(home.landing)}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def landed_nothing() -> str:
    """The hash of an empty landing folder."""
    return hashlib.sha256().hexdigest()
