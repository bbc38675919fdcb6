"""File drops: whatever stands in landing/<source>/<stream>/ is taken in once, by its content, and never touched."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.ingestion.commit import (
    Failpoint,
    Shelf,
    load_id_of,
    next_moment,
    nothing,
    shelf,
    write_whole,
)
from orchestration.ingestion.contract import StreamContract
from orchestration.ingestion.loads import Load, committed_loads, stream_folder
from orchestration.ingestion.taking import Delivery, Unsettled, form_of, stamp_of, take_in
from orchestration.paths import Home

UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
CONTROL = (".done", ".ok", ".ready", ".md5", ".sha256")


@dataclass(frozen=True)
class Dropped:
    """A file as it stood when it was looked at. stamp: what changes when someone writes to it."""

    path: Path
    stamp: str
    sha256: str = ""


def ingest_files(
    home: Home,
    contract: StreamContract,
    loaded_at: datetime,
    *,
    at: Failpoint = nothing,
    told: Callable[[Load], None] | None = None,
) -> list[Load]:
    """Take in every file of a stream that was not yet, in the order they arrived; one load per file.

    loaded_at: the moment of this run; each load gets its own, later than the one before. told hears of each load.
    """
    waiting = dropped_files(stream_folder(home.landing, contract.name))
    if not waiting:
        return []
    loads: list[Load] = []
    with shelf(home, contract.name, at) as held:
        known = committed_loads(home, contract.name)
        for dropped in new_files(held, contract, known, waiting):
            moment = next_moment([*known, *loads], loaded_at)
            try:
                loads.append(take_in(held, contract, delivery_of(contract, dropped, moment)))
            except Unsettled:
                continue
            if told:
                told(loads[-1])
    return loads


def dropped_files(folder: Path) -> list[Dropped]:
    """The files that are there and finished, oldest first, then by name."""
    found = []
    for entry in os.scandir(folder) if folder.is_dir() else ():
        hidden = entry.name.startswith((".", "_")) or entry.name.lower().endswith((*UNFINISHED, *CONTROL))
        if entry.is_file() and not hidden:
            found.append(
                (entry.stat().st_mtime_ns, entry.name, Dropped(Path(entry.path), stamp_of(Path(entry.path))))
            )
    return [dropped for *_, dropped in sorted(found, key=lambda item: item[:2])]


def new_files(
    held: Shelf, contract: StreamContract, known: list[Load], waiting: list[Dropped]
) -> Iterator[Dropped]:
    """Files whose content was not taken in yet. A refused one is tried again once its contract has changed."""
    done = {
        load.file_sha256
        for load in known
        if not (load.is_refused and load.contract_version != contract.version)
    }
    seen = read_seen(held)
    for dropped in waiting:
        stamp, sha256 = seen.get(dropped.path.name, ("", ""))
        if stamp != dropped.stamp:
            sha256 = content_hash(dropped.path)
        if sha256 not in done:
            yield Dropped(dropped.path, dropped.stamp, sha256)
            done.add(sha256)
        seen[dropped.path.name] = (dropped.stamp, sha256)
    write_seen(held, {d.path.name: seen[d.path.name] for d in waiting})


def read_seen(held: Shelf) -> dict[str, tuple[str, str]]:
    """Stamp and content hash by file name, as remembered. Only a shortcut: lost, the files are hashed again."""
    path = held.raw / "_seen.json"
    return (
        {name: (stamp, sha) for name, (stamp, sha) in json.loads(path.read_text()).items()}
        if path.exists()
        else {}
    )


def write_seen(held: Shelf, seen: dict[str, tuple[str, str]]) -> None:
    """Remember, unless nothing changed."""
    if seen != read_seen(held):
        write_whole(held.raw / "_seen.json", json.dumps(seen, indent=0), held.scratch)


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def delivery_of(contract: StreamContract, dropped: Dropped, moment: datetime) -> Delivery:
    """A dropped file and the load it becomes."""
    load = Load(
        load_id=load_id_of(moment, dropped.sha256),
        stream=contract.name,
        kind="file",
        loaded_at=moment,
        source_file=dropped.path.name,
        file_sha256=dropped.sha256,
        contract_version=contract.version,
    )
    return Delivery(dropped.path, form_of(dropped.path.name), load, stamp=dropped.stamp)
