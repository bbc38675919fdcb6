"""Why a row is not sent: the reasons that the difference alone cannot know, written beside the work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from orchestration.delivery.lists import SyncList
from orchestration.delivery.report import Tally, Verdict

# Somebody whose protection was refused or is open gets nothing that needs it.
UNPROTECTED = """customer_id in (
  select customer_id from work where is_restrictive and held is distinct from 'kept' and not is_echo)"""


def count(connection: duckdb.DuckDBPyConnection, which: str, *values: object) -> int:
    """How many rows of `work` are `which`."""
    found = connection.execute(f"select count(*) from work where {which}", list(values)).fetchall()
    return int(found[0][0])


def hold(connection: duckdb.DuckDBPyConnection, reason: str, which: str = "true", *values: object) -> None:
    """Hold back permissive rows that are `which`."""
    connection.execute(
        f"update work set held = ? where not is_restrictive and held is null and {which}", [reason, *values]
    )


def hold_behind_gates(
    connection: duckdb.DuckDBPyConnection,
    lists: Iterable[SyncList],
    gates: Mapping[str, Verdict],
    tally: Tally,
) -> None:
    """Freeze the permissive work of every list whose gate did not pass or has not been asked."""
    for each in lists:
        verdict = gates.get(each.sync_id)
        is_waiting = count(connection, "not is_restrictive and held is null and sync_id = ?", each.sync_id)
        if is_waiting and not (verdict and verdict.passed):
            tally.frozen[each.sync_id] = verdict.reason if verdict else "no gate has looked at it"
    hold(connection, "frozen", "list_contains(?::varchar[], sync_id)", list(tally.frozen))


def note_held(connection: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    """Count what is held back, by reason."""
    held = connection.execute(
        "select sync_id, change, held, count(*) from work where held is not null group by 1, 2, 3"
    ).fetchall()
    for sync_id, change, reason, rows in held:
        tally.ends[sync_id, change, "held", reason] += int(rows)
