"""Reading a tool's API: pages from where we stopped, a little overlap, and a cursor that moves only with the rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

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
from orchestration.ingestion.files import content_hash
from orchestration.ingestion.loads import Load, asked_path, committed_loads, moment_of, moment_text
from orchestration.ingestion.taking import Delivery, NothingNew, take_in
from orchestration.paths import Home
from syncs.shape import Page

REFUSE_FROM = (
    20  # fewer unfit rows than this are no drift, just unfit rows; refusing them would stop the stream
)


class Readable(Protocol):
    """What ingestion needs of a connector."""

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        """Pages changed at or after `since` (naive UTC), oldest first."""
        ...


MARGIN = timedelta(hours=1)


@dataclass(frozen=True)
class Pulled:
    """What came before the end, or before the trouble. cursor: up to where the stream has been read."""

    path: Path
    rows: int
    cursor: datetime | None
    trouble: Exception | None


def ingest_pull(
    home: Home, contract: StreamContract, connector: Readable, loaded_at: datetime, *, at: Failpoint = nothing
) -> Load | None:
    """Take in what changed since the last pull; None when everything that came was known.

    Pages before a failing one land with their cursor, then the failure is raised: the next pull goes on from there.
    """
    with shelf(home, contract.name, at) as held:
        known = committed_loads(home, contract.name)
        before = max((load.cursor_after for load in known if load.cursor_after), default=None)
        since = before - timedelta(minutes=contract.overlap_minutes) if before else None
        pulled = pull_pages(connector, contract.stream, since, held.scratch / "pulled.ndjson")
        at("after pull")
        load = land(held, contract, known, pulled, before, since, next_moment(known, loaded_at))
        if load is None and pulled.trouble is None:
            note_asked(held, loaded_at, pulled.rows)
    if pulled.trouble:
        raise pulled.trouble
    return load


def pull_pages(connector: Readable, stream: str, since: datetime | None, path: Path) -> Pulled:
    """Every page as lines of JSON. A page that fails ends the pull; it never moves the cursor."""
    rows, cursor, trouble = 0, None, None
    with path.open("w", encoding="utf-8") as out:
        try:
            for page in connector.read(stream, since):
                out.writelines(json_line(record) for record in page.records)
                rows += len(page.records)
                cursor = moment_of(page.cursor) or cursor
        except Exception as error:  # whatever it is, the pages before it are whole
            trouble = error
    return Pulled(path, rows, cursor, trouble)


def json_line(record: dict[str, object]) -> str:
    """The same record is always the same line. Half characters are escaped, so that they reach quarantine as JSON."""
    line = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(record, sort_keys=True, default=str)
    return line + "\n"


def land(
    held: Shelf,
    contract: StreamContract,
    known: list[Load],
    pulled: Pulled,
    before: datetime | None,
    since: datetime | None,
    moment: datetime,
) -> Load | None:
    """What was pulled as one load; None if nothing of it is new, or it was refused before."""
    sha256 = content_hash(pulled.path)
    refused = {(x.file_sha256, x.contract_version) for x in known if x.is_refused}
    if pulled.rows == 0 or (sha256, contract.version) in refused:
        return None
    load = Load(
        load_id=load_id_of(moment, sha256),
        stream=contract.name,
        kind="pull",
        loaded_at=moment,
        file_sha256=sha256,
        cursor_before=before,
        cursor_after=later(before, min(pulled.cursor, moment) if pulled.cursor else None),
        contract_version=contract.version,
    )
    window = tuple(load for load in known_since(known, since) if not load.is_refused)
    try:
        return take_in(held, contract, Delivery(pulled.path, "ndjson", load, REFUSE_FROM, window))
    except NothingNew:
        return None


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two moments; a cursor never goes back."""
    return max((moment for moment in (one, other) if moment), default=None)


def known_since(known: list[Load], since: datetime | None) -> list[Load]:
    """The loads that may hold what the overlap brings again; a tool may answer from a little before it was asked."""
    asked = since - MARGIN if since else None
    reached = [x.loaded_at for x in known if asked and x.cursor_after and x.cursor_after >= asked]
    return [load for load in known if not reached or load.loaded_at >= min(reached)]


def note_asked(held: Shelf, moment: datetime, rows: int) -> None:
    """It was asked and had no news; how many known rows it answered with tells a quiet source from a broken one."""
    text = json.dumps({"asked_at": moment_text(moment), "rows": rows})
    write_whole(asked_path(held.raw), text, held.scratch)
