"""Publishing: contract tables become an immutable folder, are certified, and then one pointer flips."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.export import Earlier, Part, Reader, duckdb_reader, export_lookups, export_table, settle
from orchestration.ingestion.loads import data_version
from orchestration.paths import Home
from orchestration.shelf import Release, all_releases, current_release, previous_release
from orchestration.versions import policy_version

__all__ = [
    "CONTRACT_TABLES",
    "Check",
    "Release",
    "ReleaseRefused",
    "all_releases",
    "current_release",
    "previous_release",
    "publish",
]

KEEP_RELEASES = 10


class ReleaseRefused(Exception):
    """The release did not certify: the pointer stays where it was and `reasons` says why, without values."""

    def __init__(self, release: Release, reasons: Sequence[str]) -> None:
        super().__init__(f"release {release.release_id} was refused: {'; '.join(reasons)}")
        self.release, self.reasons = release, list(reasons)


@dataclass(frozen=True)
class Check:
    """What must hold before a release is certified. `reason` counts and names; it never shows values."""

    name: str
    passed: bool
    reason: str = ""


def publish(
    home: Home,
    run_id: str,
    as_of: datetime,
    target: str,
    tables: Sequence[str] = CONTRACT_TABLES,
    checks: Sequence[Check] = (),
    reader: Reader = duckdb_reader,
    keep: int = KEEP_RELEASES,
    before_flip: Callable[[Release], None] = lambda _: None,
) -> Release:
    """Exports the contract tables, certifies them, flips the pointer. Killed anywhere, CURRENT is untouched.

    `checks` are the run's own (dbt tests); a missing table is one more. Raises ReleaseRefused if one failed.
    `before_flip` is given the sealed release: what must be remembered before anybody can act on it.
    """
    _sweep(home)
    release_id = _free_id(home, run_id)
    building = home.releases / f".building-{release_id}"
    building.mkdir(parents=True, mode=0o700)
    files = _export(home, building, tables, reader)
    results = [_completeness(tables, files), *checks]
    manifest = _manifest(home, release_id, run_id, as_of, target)
    release = _seal(home, building, manifest | _verdict(files, results))
    if not release.is_certified:
        raise ReleaseRefused(release, [check.reason or check.name for check in results if not check.passed])
    before_flip(release)
    _write_file(home.releases / "CURRENT", release.release_id + "\n")
    _prune(home, keep)
    return release


def _manifest(home: Home, release_id: str, run_id: str, as_of: datetime, target: str) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "sequence": max((release.manifest["sequence"] for release in all_releases(home)), default=0) + 1,
        "run_id": run_id,
        "as_of": as_of.replace(tzinfo=None).isoformat(sep=" "),
        "engine": target,
        "data_version": data_version(home),
        "policy_version": policy_version(),
    }


def _verdict(files: Mapping[str, object], checks: Sequence[Check]) -> dict[str, Any]:
    verdict = "certified" if all(check.passed for check in checks) else "refused"
    return {"tables": files, "checks": [asdict(check) for check in checks], "verdict": verdict}


def _export(home: Home, building: Path, tables: Sequence[str], reader: Reader) -> dict[str, dict[str, Any]]:
    earlier = current_release(home)
    before = Earlier(earlier.folder, earlier.parts()) if earlier else Earlier()
    connection, relations = reader(home, tables)
    with connection:
        exported = {
            table: export_table(connection, table, relations[table], building, before)
            for table in tables
            if table in relations
        }
        exported |= export_lookups(connection, relations, building, before)
    return {table: _listed(parts) for table, parts in exported.items()}


def _listed(parts: Sequence[Part]) -> dict[str, Any]:
    whole = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    return {
        "rows": sum(part.rows for part in parts),
        "sha256": parts[0].sha256 if len(parts) == 1 else whole,
        "files": [asdict(part) for part in parts],
    }


def _completeness(tables: Sequence[str], files: Mapping[str, object]) -> Check:
    missing = ", ".join(table for table in tables if table not in files)
    return Check("every contract table is there", not missing, f"missing: {missing}" if missing else "")


def _seal(home: Home, building: Path, manifest: dict[str, Any]) -> Release:
    """The manifest goes last, then the folder gets its name: a release is there entirely or not at all."""
    _write_file(building / "manifest.json", json.dumps(manifest, indent=1))
    for folder in [path for path in building.rglob("*") if path.is_dir()]:
        settle(folder)
    settle(building)
    folder = building.rename(home.releases / manifest["release_id"])
    settle(home.releases)
    return Release(folder, manifest)


def _write_file(path: Path, text: str) -> None:
    """Whole or not at all: beside it first, then renamed over it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    settle(beside)
    beside.replace(path)
    settle(path.parent)


def _prune(home: Home, keep: int) -> None:
    """Keeps the newest `keep` and the current one. What goes loses its name first: none opens half of it."""
    current = current_release(home)
    for release in all_releases(home)[:-keep]:
        if current is None or release.release_id != current.release_id:
            shutil.rmtree(release.folder.rename(home.releases / f".removed-{release.release_id}"))


def _sweep(home: Home) -> None:
    for leftover in [*home.releases.glob(".building-*"), *home.releases.glob(".removed-*")]:
        shutil.rmtree(leftover)


def _free_id(home: Home, run_id: str) -> str:
    """The run's id as a folder name; a run that publishes again gets -2, -3, …"""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.") or "run"
    taken = {path.name for path in home.releases.glob("[!.]*")}
    return next(c for n in range(1, len(taken) + 2) if (c := name if n == 1 else f"{name}-{n}") not in taken)
