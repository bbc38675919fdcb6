"""Time is an input: what a Dagster run is told about the moment it computes for, for whom, and on which engine."""

from datetime import UTC, datetime

import dagster as dg
from dateutil import parser

AS_OF = "downbeat/as_of"
TARGET = "downbeat/target"
KIND = "downbeat/kind"
FULL, MICRO = "full", "micro"


def as_utc(text: str) -> datetime:
    """A moment from what a person or a tag says; naive means UTC. ValueError if it is no moment."""
    moment = parser.parse(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def now_utc() -> datetime:
    """The wall clock, to the second. Only the outermost command and schedules ask it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def as_of(context: dg.AssetExecutionContext) -> datetime:
    """The moment a run computes for: its tag, or when the run was created, so that all its steps agree."""
    text = context.run.tags.get(AS_OF)
    if text:
        return as_utc(text)
    record = context.instance.get_run_record_by_id(context.run.run_id)
    return (
        record.create_timestamp.astimezone(UTC).replace(tzinfo=None, microsecond=0) if record else now_utc()
    )


def engine(context: dg.AssetExecutionContext) -> str:
    """duckdb or spark."""
    return context.run.tags.get(TARGET, "duckdb")


def kind(context: dg.AssetExecutionContext) -> str:
    """full: everybody is decided for; micro: those of whom something has come in since the run before."""
    return context.run.tags.get(KIND, FULL)
