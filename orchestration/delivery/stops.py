"""The stop list: people who withdrew since the release was decided. Read again before every permissive request.

`stop_list.ndjson` in the home holds one JSON object per line: customer_id, identifier (one of them at least),
stopped_at; `lifted_at` takes an earlier stop back. Appended and flushed, never rewritten.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.paths import Home
from orchestration.whole import replace_text


class StopListUnreadable(Exception):
    """A line is torn or no JSON: nothing permissive goes out until a person has mended the file."""


@dataclass(frozen=True)
class Stops:
    """Customers, and identifiers in every form in which a tool may see them."""

    customers: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()

    def covers(self, customer_id: str | None, identity: Mapping[str, object]) -> bool:
        if customer_id in self.customers:
            return True
        return bool(self.identifiers) and any(str(v) in self.identifiers for v in identity.values())


@dataclass
class StopList:
    """The file, parsed again only when it has changed."""

    file: Path
    _seen: tuple[int, int] = (-1, -1)
    _stops: Stops = field(default_factory=Stops)

    @classmethod
    def of(cls, home: Home) -> StopList:
        return cls(home.root / "stop_list.ndjson")

    def now(self) -> Stops:
        """Who is stopped at this moment. Raises StopListUnreadable."""
        if not self.file.exists():
            if self._seen != (-1, -1):
                raise StopListUnreadable("the stop list has disappeared")
            return self._stops
        state = self.file.stat()
        if (state.st_mtime_ns, state.st_size) != self._seen:
            self._stops = _parse(self.file.read_bytes())
            self._seen = (state.st_mtime_ns, state.st_size)
        return self._stops

    def stop(self, moment: datetime, customer_id: str = "", identifier: str = "") -> None:
        """Stop everything permissive to this person from now on; on disk when this returns."""
        line = {"customer_id": customer_id, "identifier": identifier, "stopped_at": moment.isoformat()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def forget(self, values: Collection[str]) -> None:
        """Take every line that names one of these out of the file: an erased person is recognised by nothing."""
        if self.file.exists():
            lines = self.file.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if not set(values) & {*map(str, json.loads(line).values())}]
            if len(kept) < len(lines):
                replace_text(self.file, "".join(kept))


def _parse(content: bytes) -> Stops:
    if content and not content.endswith(b"\n"):
        raise StopListUnreadable("the last line of the stop list is torn")
    customers: dict[str, bool] = {}
    identifiers: dict[str, bool] = {}
    for number, line in enumerate(content.splitlines(), 1):
        try:
            entry = json.loads(line)
            is_stopped = not entry.get("lifted_at")
        except (ValueError, AttributeError):
            raise StopListUnreadable(f"line {number} of the stop list is no JSON object") from None
        customers[entry.get("customer_id") or ""] = is_stopped
        identifiers[entry.get("identifier") or ""] = is_stopped
    shown = (form for identifier in _stopped(identifiers) for form in forms_of(identifier))
    return Stops(frozenset(_stopped(customers)), frozenset(shown))


def _stopped(entries: Mapping[str, bool]) -> Iterable[str]:
    return (entry for entry, is_stopped in entries.items() if entry and is_stopped)


def forms_of(identifier: str) -> list[str]:
    """As it is, without the leading + of a phone, and both hashed as ad platforms want them."""
    plain = identifier.strip().lower()
    bare = plain.lstrip("+")
    return [identifier, plain, bare, *(hashlib.sha256(form.encode()).hexdigest() for form in (plain, bare))]
