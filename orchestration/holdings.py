"""What the sandbox's tools hold, member by member, against what the warehouse wants: asked of the tools themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.release import Release
from sandbox.tools import Toolbox


@dataclass(frozen=True)
class Holding:
    """One list. `missing` are wanted and not there, `extra` are there and not wanted."""

    sync_id: str
    wanted: int
    held: int
    missing: int
    extra: int


def holdings(toolbox: Toolbox, release: Release, days: Iterable[date]) -> list[Holding]:
    """Every list of the syncs seed. Messages count by decision, over the days given."""
    told, decided = list(days), everything_decided(release)
    found = []
    for sync_id, name, mode in lists_of(release):
        wanted, held = wanted_of(release, sync_id, mode), held_of(toolbox, sync_id, name, told)
        allowed = wanted | decided if mode == "append" else wanted
        found.append(Holding(sync_id, len(wanted), len(held), len(wanted - held), len(held - allowed)))
    return found


def everything_decided(release: Release) -> set[str]:
    """Messages stay at a tool after they are due: nothing is extra that was ever decided."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select decision_id from read_parquet('{release.table('fct_decisions')}')"
        ).fetchall()
    return {decision for (decision,) in rows}


def lists_of(release: Release) -> list[tuple[str, str, str]]:
    with duckdb.connect() as connection:
        return connection.execute(
            f"select sync_id, object, mode from read_parquet('{release.table('syncs')}') order by 1"
        ).fetchall()


def wanted_of(release: Release, sync_id: str, mode: str) -> set[str]:
    """Members as the tool will see them; for messages their decision ids."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select identity, decision_id from read_parquet('{release.table('sync_members')}') where sync_id = ?",
            [sync_id],
        ).fetchall()
    if mode == "append":
        return {decision for _, decision in rows}
    return {shown(json.loads(identity)) for identity, _ in rows}


def shown(identity: dict[str, str]) -> str:
    """An identity as one text: its values, in the order of its keys."""
    return "|".join(str(identity[key] or "") for key in sorted(identity))


def held_of(toolbox: Toolbox, sync_id: str, name: str, days: list[date]) -> set[str]:
    """What the tool itself says it holds."""
    if sync_id == "klaviyo_messages":
        return {str(row["decision_id"]) for day in days for row in toolbox.klaviyo.messages(day)}
    if sync_id == "onsite_webhook":
        return {str(row["decision_id"]) for day in days for row in toolbox.onsite.received(day)}
    if sync_id == "letters_sftp":
        return {str(row["decision_id"]) for day in days for row in toolbox.letters.received(day)}
    if sync_id.startswith("meta"):
        return {"|".join(m) if isinstance(m, tuple) else m for m in toolbox.meta.audiences().get(name, set())}
    if sync_id == "till_cards":
        return set(toolbox.till.cards())
    return toolbox.klaviyo.lists("email").get(name, set())
