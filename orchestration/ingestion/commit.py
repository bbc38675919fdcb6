"""Putting a load in place: Parquet first, its entry last, each under a temporary name until it is whole and on disk."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.ingestion.loads import Load, plain_utc, stream_folder
from orchestration.paths import Home

Failpoint = Callable[[str], None]
WAIT_SECONDS = 300.0


class StreamBusy(Exception):
    """Another process is taking in this stream. Run again when it has finished."""


def nothing(_: str) -> None:
    """The failpoint of ordinary life. Tests inject one that kills the process at a named step."""


@dataclass(frozen=True)
class Shelf:
    """Where one stream's loads stand, held by whoever holds its lock."""

    stream: str
    raw: Path
    quarantine: Path
    scratch: Path
    at: Failpoint

    def parquet(self, load_id: str) -> Path:
        return self.raw / f"{load_id}.parquet"

    def entry(self, load_id: str) -> Path:
        return self.raw / "_loads" / f"{load_id}.json"


@contextmanager
def shelf(home: Home, stream: str, at: Failpoint = nothing) -> Iterator[Shelf]:
    """The stream's shelf, locked: two ingestions of one stream never interleave. StreamBusy after five minutes."""
    raw = stream_folder(home.raw, stream)
    held = Shelf(stream, raw, stream_folder(home.quarantine, stream), raw / "_scratch", at)
    for folder in (raw / "_loads", held.scratch):
        folder.mkdir(parents=True, exist_ok=True)
    held.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (raw / "_lock").open("w") as lock:
        wait_for(lock.fileno(), stream)
        sweep(held)
        yield held
        sweep(held)


def wait_for(descriptor: int, stream: str) -> None:
    """The kernel gives the lock back when its holder dies, however it dies."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StreamBusy(f"{stream} is being taken in by another process: try again later") from None
            time.sleep(0.1)


def sweep(held: Shelf) -> None:
    """Remove what a killed process left behind: scratch files, and Parquet that never got its entry."""
    for leftover in held.scratch.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    for folder in (held.raw, held.quarantine):
        for parquet in folder.glob("*.parquet"):
            if not held.entry(parquet.stem).exists():
                parquet.unlink()


def next_moment(known: Sequence[Load], loaded_at: datetime) -> datetime:
    """The moment of the next load: as asked, but always later than the loads before it."""
    earliest = known[-1].loaded_at + timedelta(microseconds=1) if known else datetime.min
    return max(plain_utc(loaded_at), earliest)


def load_id_of(loaded_at: datetime, content: str) -> str:
    """Sorts as the loads were loaded; the same content at the same moment is the same load."""
    return f"{loaded_at:%Y%m%dT%H%M%S.%f}-{content[:12]}"


def safe_id(load_id: str) -> str:
    """A caller's own id as a file name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", load_id)


def commit(held: Shelf, load: Load, parquet: Path, quarantine: Path | None) -> Load:
    """Put a written load in place. Before the entry stands nothing has happened; after it everything has."""
    held.at("before quarantine")
    if quarantine:
        put_in_place(quarantine, held.quarantine / f"{load.load_id}.parquet")
        (held.quarantine / f"{load.load_id}.parquet").chmod(0o600)
    held.at("before parquet")
    put_in_place(parquet, held.parquet(load.load_id))
    held.at("before entry")
    done = replace(load, file=f"{load.load_id}.parquet", finished_at=datetime.now(UTC).replace(tzinfo=None))
    write_whole(held.entry(load.load_id), done.to_json(), held.scratch)
    held.at("after entry")
    return done


def write_whole(path: Path, text: str, scratch: Path) -> None:
    """A small file, there entirely or not at all."""
    draft = scratch / f"{path.name}.draft"
    draft.write_text(text, encoding="utf-8")
    put_in_place(draft, path)


def put_in_place(draft: Path, path: Path) -> None:
    """On disk first, then under its name, then the name on disk."""
    flush(draft)
    os.replace(draft, path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Ask the disk to have it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
