"""One erasure on its way: whom it concerns, until everything is done; after that only digests and counts remain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.paths import Home
from orchestration.recognition.erasure import digest
from orchestration.whole import replace_text


@dataclass
class Case:
    """`identifiers` are (kind, value); `records` (stream, record id). `done`: by place what was erased there.

    `asked`: by tool what was asked of it.
    """

    case_id: str
    requested_at: str
    customer_ids: list[str]
    identifiers: list[tuple[str, str]]
    keys: list[str] = field(default_factory=list)
    records: list[tuple[str, str]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def note(self, home: Home, place: str, rows: int) -> None:
        """Add to what was erased at a place. Done again after a kill, a place has nothing left to add."""
        if rows or place not in self.done:
            self.done[place] = self.done.get(place, 0) + rows
            save(home, self)

    def covers(self, spellings: tuple[str, ...]) -> bool:
        """Whether one of these is this person."""
        return bool(set(spellings) & {*self.customer_ids, *(value for _, value in self.identifiers)})


def folder(home: Home) -> Path:
    return home.root / "erasures"


def file_of(home: Home, case_id: str) -> Path:
    """Where an open case stands: it names the person, so nobody else may read it, and it goes when all is done."""
    return folder(home) / "open" / f"{case_id}.json"


def save(home: Home, case: Case) -> None:
    """Whole or not at all."""
    file = file_of(home, case.case_id)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_text(file, json.dumps(asdict(case)))
    file.chmod(0o600)


def open_cases(home: Home) -> Iterator[Case]:
    """Every case that was begun and not ended, oldest first."""
    found = [json.loads(file.read_text()) for file in (folder(home) / "open").glob("*.json")]
    for told in sorted(found, key=lambda each: (each["requested_at"], each["case_id"])):
        pairs = {name: [(a, b) for a, b in told[name]] for name in ("identifiers", "records")}
        yield Case(**{**told, **pairs})


def close(home: Home, case: Case, remaining: dict[str, int], salt: str, moment: datetime) -> Path:
    """Write the receipt and let the case go. The receipt proves itself: it ends with the digest of what it says."""
    told = {
        "case_id": case.case_id,
        "requested_at": case.requested_at,
        "finished_at": moment.isoformat(sep=" "),
        "identifier_digests": sorted(digest(kind, value, salt) for kind, value in case.identifiers),
        "erased_rows_by_place": dict(sorted(case.done.items())),
        "asked_of_tools": dict(sorted(case.asked.items())),
        "rows_found_afterwards_by_place": dict(sorted(remaining.items())),
    }
    told["sha256"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    receipt = folder(home) / f"{case.case_id}.json"
    replace_text(receipt, json.dumps(told, indent=1))
    file_of(home, case.case_id).unlink()
    return receipt
