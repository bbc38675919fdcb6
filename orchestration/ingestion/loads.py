"""What has been loaded: one entry per load, written last. A load without its entry does not exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.paths import Home

MOMENTS = ("loaded_at", "finished_at", "cursor_before", "cursor_after", "last_event_at")


@dataclass(frozen=True)
class Load:
    """One delivery as it was taken in. rows_in = rows_kept + rows_quarantined - rows_otherwise + rows_known.

    rows_otherwise: kept with the contract's stand-in for an unknown value, and noted in quarantine too.
    rows_known: brought again unchanged by an overlapping pull, and left out.
    flags: what a person should look at (refused, truncated, empty, new columns).
    replaces: loads that were merged into this one, and do not count any more.
    """

    load_id: str
    stream: str
    kind: str
    loaded_at: datetime
    file: str = ""
    rows_in: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    rows_otherwise: int = 0
    rows_known: int = 0
    flags: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    new_columns: tuple[str, ...] = ()
    source_file: str | None = None
    file_sha256: str = ""
    deliveries: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    cursor_before: datetime | None = None
    cursor_after: datetime | None = None
    last_event_at: datetime | None = None
    contract_version: str = ""
    finished_at: datetime | None = None

    @property
    def is_refused(self) -> bool:
        """Nothing of it landed because the whole of it could not be trusted."""
        return any(flag.startswith("refused") for flag in self.flags)

    def to_json(self) -> str:
        """The entry as written under _loads: one line, as every engine reads JSON."""
        values = asdict(self)
        values |= {name: moment_text(values[name]) for name in MOMENTS}
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Load:
        """The entry as read back; fields of later versions are ignored."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in known}
        for name in MOMENTS:
            values[name] = moment_of(values.get(name))
        for name in ("flags", "new_columns", "deliveries", "replaces"):
            values[name] = tuple(values.get(name) or ())
        return cls(**values)


@dataclass(frozen=True)
class Freshness:
    """How old what we know of a stream is. Moments are UTC; None means never.

    is_silent: when last asked it did not even repeat what the overlap must bring again: it may be broken.
    """

    stream: str
    loads: int
    last_loaded_at: datetime | None
    last_event_at: datetime | None
    last_checked_at: datetime | None
    last_flags: tuple[str, ...]
    is_silent: bool


def moment_text(moment: datetime | None) -> str | None:
    """UTC without a zone, to the microsecond, so that texts sort as moments do."""
    return moment.isoformat(" ", "microseconds") if moment else None


def moment_of(text: str | None) -> datetime | None:
    """A moment from ISO text; UTC without a zone."""
    return plain_utc(datetime.fromisoformat(text)) if text else None


def plain_utc(moment: datetime) -> datetime:
    """Naive means UTC; anything else is turned into it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def stream_folder(root: Path, stream: str) -> Path:
    """The folder of "source.stream" under landing, raw, quarantine or inbox."""
    source, _, name = stream.partition(".")
    return root / source / name


def committed_loads(home: Home, stream: str) -> list[Load]:
    """Every load of a stream that exists and was not merged into another, in the order of loading."""
    entries = stream_folder(home.raw, stream).glob("_loads/*.json")
    loads = [Load.from_json(entry.read_text(encoding="utf-8")) for entry in entries]
    replaced = {name for load in loads for name in load.replaces}
    kept = [load for load in loads if load.load_id not in replaced]
    return sorted(kept, key=lambda load: (load.loaded_at, load.load_id))


def data_version(home: Home, contracts: Iterable[StreamContract] | None = None) -> str:
    """SHA-256 over every load that brought rows from outside: which data there was to read.

    Empty deliveries and our own streams do not count: neither tells the models anything new about the world. What a
    person asks to be forgotten does.
    """
    declared = load_contracts().values() if contracts is None else contracts
    outside = sorted(c.name for c in declared if c.delivery != "own" or c.name == "downbeat.erasures")
    names = [
        f"{name}/{load.load_id}"
        for name in outside
        for load in committed_loads(home, name)
        if load.rows_kept > 0
    ]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def freshness(home: Home, stream: str, loads: Sequence[Load] | None = None) -> Freshness:
    """The stream's last delivery with rows, the newest event in it, and when it was last asked."""
    known = committed_loads(home, stream) if loads is None else loads
    delivered = [load for load in known if load.rows_kept > 0]
    events = [load.last_event_at for load in delivered if load.last_event_at]
    checked = [load.loaded_at for load in known if load.kind != "empty"]
    asked_at, answered = last_asked(home, stream)
    return Freshness(
        stream=stream,
        loads=len(delivered),
        last_loaded_at=max((load.loaded_at for load in delivered), default=None),
        last_event_at=max(events, default=None),
        last_checked_at=max([*checked, *([asked_at] if asked_at else [])], default=None),
        last_flags=known[-1].flags if known else (),
        is_silent=asked_at is not None and answered == 0 and any(load.kind == "pull" for load in delivered),
    )


def last_asked(home: Home, stream: str) -> tuple[datetime | None, int]:
    """When the stream was last asked and had no news, and with how many known rows it answered."""
    path = asked_path(stream_folder(home.raw, stream))
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return moment_of(said.get("asked_at")), said.get("rows", 0)


def asked_path(raw: Path) -> Path:
    """Where a stream's last pull without news is noted."""
    return raw / "_asked.json"
