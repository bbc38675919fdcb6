"""Releases as they stand on disk: immutable folders of Parquet, and the pointer that names one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.export import Part, sha256_of
from orchestration.paths import Home


@dataclass(frozen=True)
class Release:
    """One immutable folder of Parquet with its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def release_id(self) -> str:
        return str(self.manifest["release_id"])

    @property
    def as_of(self) -> datetime:
        """Naive UTC, as the models saw it."""
        return datetime.fromisoformat(self.manifest["as_of"])

    @property
    def is_certified(self) -> bool:
        return bool(self.manifest["verdict"] == "certified")

    def table(self, name: str) -> str:
        """Glob of the table's Parquet files. KeyError names a table that this release does not hold."""
        if name not in self.manifest["tables"]:
            raise KeyError(f"release {self.release_id} holds no table {name}")
        return str(self.folder / name / "**" / "*.parquet")

    def rows(self, name: str) -> int:
        return int(self.manifest["tables"][name]["rows"])

    def parts(self) -> dict[str, Part]:
        """Every file of the release by its path."""
        files = (file for table in self.manifest["tables"].values() for file in table["files"])
        return {file["path"]: Part(**file) for file in files}

    def changed_files(self) -> list[str]:
        """Paths whose bytes are no longer those of the manifest; empty while the release is whole."""
        return [
            path
            for path, part in self.parts().items()
            if not (self.folder / path).is_file() or sha256_of(self.folder / path) != part.sha256
        ]


def current_release(home: Home) -> Release | None:
    """The certified release that CURRENT names, or None before the first one."""
    pointer = home.releases / "CURRENT"
    return _open(home.releases / pointer.read_text().strip()) if pointer.is_file() else None


def all_releases(home: Home) -> list[Release]:
    """Every finished release, oldest first, refused ones included."""
    found = [_open(path.parent) for path in home.releases.glob("[!.]*/manifest.json")]
    return sorted(found, key=lambda release: int(release.manifest["sequence"]))


def previous_release(home: Home, release: Release) -> Release | None:
    """The newest certified release older than this one."""
    sequence = release.manifest["sequence"]
    older = [r for r in all_releases(home) if r.is_certified and r.manifest["sequence"] < sequence]
    return older[-1] if older else None


def _open(folder: Path) -> Release:
    return Release(folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
