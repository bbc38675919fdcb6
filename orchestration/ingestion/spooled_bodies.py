"""Where webhook bodies wait between their answer and the next run: one file each, on disk before the answer."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.ingestion.commit import flush
from orchestration.ingestion.loads import moment_text, stream_folder
from orchestration.paths import Home

MOST_REFUSED = 1000
REMEMBER_SECONDS = 86_400


@dataclass(frozen=True)
class Body:
    """A delivered body as it waits. reason: why it was refused; empty if it was not."""

    path: Path
    arrival: int
    reason: str
    body: bytes

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Waiting:
    """One stream's waiting room: new bodies, refused ones, and the ids of those taken in."""

    folder: Path

    @classmethod
    def of(cls, home: Home, stream: str) -> Waiting:
        """The stream's room, made if it is not there. Only its owner may look inside."""
        room = cls(stream_folder(home.root / "inbox", stream))
        for part in ("new", "refused", "done", "drafts"):
            (room.folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        return room

    def accept(self, delivery_id: str, body: bytes, now: datetime) -> bool:
        """Keep a body durably; False if its id was seen before."""
        name = hashlib.sha256(delivery_id.encode()).hexdigest()[:32]
        target = self.folder / "new" / name
        draft = self.draft(body, now, "")
        try:
            os.link(draft, target)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
            flush(target.parent)
        if (self.folder / "done" / name).exists():
            target.unlink(missing_ok=True)
            return False
        return True

    def refuse(self, body: bytes, now: datetime, reason: str) -> None:
        """Keep a refused body for quarantine; a flood of them is counted, not kept."""
        if sum(1 for _ in os.scandir(self.folder / "refused")) < MOST_REFUSED:
            draft = self.draft(body, now, reason)
            os.replace(draft, self.folder / "refused" / draft.name)

    def draft(self, body: bytes, now: datetime, reason: str) -> Path:
        """The body on disk, under a name nobody reads."""
        draft = self.folder / "drafts" / secrets.token_hex(16)
        said = {"received_at": moment_text(now), "arrival": time.time_ns(), "reason": reason}
        head = json.dumps(said).encode()
        with draft.open("xb") as file:
            file.write(head + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        return draft

    def new(self) -> list[Body]:
        """The accepted bodies that wait, in the order they came."""
        return self.bodies("new")

    def refused(self) -> list[Body]:
        """The refused bodies that wait for quarantine, in the order they came."""
        return self.bodies("refused")

    def bodies(self, part: str) -> list[Body]:
        folder = self.folder / part
        found = [read_body(path) for path in folder.iterdir()] if folder.exists() else []
        return sorted(found, key=lambda body: (body.arrival, body.name))

    def done(self, bodies: list[Body]) -> None:
        """Forget the bodies; remember the ids of accepted ones for a day, longer than a replay could be valid."""
        for body in bodies:
            if body.reason:
                body.path.unlink(missing_ok=True)
            else:
                marker = self.folder / "done" / body.name
                marker.touch()
                body.path.unlink(missing_ok=True)
        for old in (*(self.folder / "done").iterdir(), *(self.folder / "drafts").iterdir()):
            if old.stat().st_mtime < time.time() - REMEMBER_SECONDS:
                old.unlink()


def read_body(path: Path) -> Body:
    """A waiting body as it was written."""
    head, _, body = path.read_bytes().partition(b"\n")
    said = json.loads(head)
    return Body(path, said["arrival"], said["reason"], body)
