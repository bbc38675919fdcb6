"""Dagster's own SQLite files, written without waiting for the disk after every event.

A run writes thousands of small events, and waiting for each one to reach the disk took more than half of a run's time.
What must survive a power cut is kept elsewhere, in loads, ledgers and releases, each synchronised where it matters; the
log of runs is there to be looked at, and a killed process loses nothing of it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """Every SQLite connection that SQLAlchemy opens in this process: only Dagster uses it."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("pragma synchronous = off")
