"""Where everything lives: one folder, named by DOWNBEAT_HOME, with a room for each thing that is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The folders under DOWNBEAT_HOME. Creating a Home creates nothing; writers make what they need."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The folder named by DOWNBEAT_HOME, or .downbeat beside the project."""
        return cls(Path(os.environ.get("DOWNBEAT_HOME") or PROJECT / ".downbeat").resolve())

    @property
    def landing(self) -> Path:
        """Where outside systems drop files: landing/<source>/<stream>/<file>."""
        return self.root / "landing"

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The folder of the warehouse; the DuckDB file inside it has one writer and no other reader."""
        return self.root / "warehouse"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def ledgers(self) -> Path:
        """One append-only ledger file per destination."""
        return self.root / "ledgers"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def sandbox(self) -> Path:
        """The sandbox's own truth and its tools' state. Nothing outside sandbox/ reads it."""
        return self.root / "sandbox"
