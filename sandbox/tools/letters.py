"""The letter shop: an SFTP inbox that takes a CSV and its manifest, and posts what is complete."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

from sandbox.tools.clock import Clock
from sandbox.tools.store import Store
from sandbox.tools.wire import moment_text

SCHEMA = """
create table if not exists files (name text primary key, received_at text not null) without rowid;
"""


class Letters:
    """What came in over SFTP. `home` is the folder a client starts in."""

    name = "letters"

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.home = folder / "letters" / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self.store = Store(folder / "letters.sqlite", SCHEMA)

    def files(self) -> list[Path]:
        """Every file that has its final name, in the order of names; half-written `.part` files are not there."""
        return sorted(p for p in self.home.rglob("*") if p.is_file() and p.suffix != ".part")

    def look(self) -> None:
        """Stamp what is new in the inbox with the time it is. The SFTP server does not know the sandbox's clock."""
        now = moment_text(self.clock.now())
        rows = [(str(path.relative_to(self.home)), now) for path in self.files()]
        with self.store.write() as db:
            db.executemany("insert or ignore into files values (?, ?)", rows)

    def received(self, day: date) -> list[dict[str, object]]:
        """The letters of the files that came in on a day and agree with their manifest, with file and received_at."""
        self.look()
        found: list[dict[str, object]] = []
        sql = "select name, received_at from files where substr(received_at, 1, 10) = ? order by name"
        for name, received_at in self.store.rows(sql, (day.isoformat(),)):
            path = self.home / str(name)
            if path.suffix == ".csv" and path.exists() and not self.refused(path):
                letters = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
                found += [{**letter, "file": str(name), "received_at": received_at} for letter in letters]
        return found

    def refused(self, path: Path) -> str:
        """Why a CSV is not posted: empty if it is."""
        try:
            manifest = json.loads(self._manifest(path).read_text(encoding="utf-8"))
            content = path.read_bytes()
            rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1
        except (OSError, ValueError) as error:
            return f"no readable manifest or file ({type(error).__name__})"
        if hashlib.sha256(content).hexdigest() != manifest.get("sha256"):
            return "the SHA-256 is not the manifest's"
        said = next((manifest[name] for name in ("rows", "row_count") if name in manifest), None)
        return "" if said == rows else "the number of rows is not the manifest's"

    def _manifest(self, path: Path) -> Path:
        """The manifest beside a CSV: <file>.manifest.json, <stem>.manifest.json or <stem>.json."""
        names = (
            f"{path.name}.manifest.json",
            f"{path.stem}.manifest.json",
            f"{path.stem}.json",
            f"{path.name}.json",
        )
        return next(
            (path.with_name(n) for n in names if path.with_name(n).exists()), path.with_name(names[0])
        )
