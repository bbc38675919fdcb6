"""Releases: immutable folders of Parquet that everyone but the warehouse reads. Certified, then one pointer flips."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.export import Earlier, Part, Reader, duckdb_reader, export_table, settle, sha256_of
from orchestration.paths import PROJECT, Home

CONTRACT_TABLES = (
    "dim_customers dim_customer_identifiers fct_identity_links fct_identity_changes fct_consents"
    " dim_customer_consents dim_customer_context fct_contacts fct_contact_events fct_purchases fct_cases"
    " fct_text_signals fct_audience_members fct_candidates fct_ledger fct_decisions fct_decision_runs"
    " fct_assignments dim_reasons sync_members fct_sync_members fct_touches fct_conversions fct_last_click"
    " fct_daily_numbers messages syncs"
).split()
KEEP_RELEASES = 10


class ReleaseRefused(Exception):
    """The release did not certify: the pointer stays where it was and `reasons` says why, without values."""

    def __init__(self, release: Release, reasons: Sequence[str]) -> None:
        super().__init__(f"release {release.release_id} was refused: {'; '.join(reasons)}")
        self.release, self.reasons = release, list(reasons)


@dataclass(frozen=True)
class Check:
    """One thing that must hold before a release is certified. `reason` counts and names tables, never values."""

    name: str
    passed: bool
    reason: str = ""


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
        files = (file for table in self.manifest["tables"].values() for file in table["files"])
        return {file["path"]: Part(**file) for file in files}

    def changed_files(self) -> list[str]:
        """Paths whose bytes are no longer those of the manifest; empty while the release is whole."""
        return [
            path
            for path, part in self.parts().items()
            if not (self.folder / path).is_file() or sha256_of(self.folder / path) != part.sha256
        ]


def publish(
    home: Home,
    run_id: str,
    as_of: datetime,
    target: str,
    tables: Sequence[str] = CONTRACT_TABLES,
    checks: Sequence[Check] = (),
    reader: Reader = duckdb_reader,
    keep: int = KEEP_RELEASES,
) -> Release:
    """Exports the contract tables, certifies them and flips the pointer; a kill anywhere leaves CURRENT untouched.

    `checks` are those of the run (dbt tests); a missing table is one more. Raises ReleaseRefused when one failed.
    """
    release_id = _free_id(home, run_id)
    building = home.releases / f".building-{release_id}"
    _sweep(home)
    building.mkdir(parents=True, mode=0o700)
    earlier = current_release(home)
    files = _export(home, building, tables, reader, earlier)
    missing = [table for table in tables if table not in files]
    found = Check(
        "every contract table is there", not missing, f"missing: {', '.join(missing)}" if missing else ""
    )
    manifest = {
        "release_id": release_id,
        "sequence": max((release.manifest["sequence"] for release in all_releases(home)), default=0) + 1,
        "run_id": run_id,
        "as_of": as_of.replace(tzinfo=None).isoformat(sep=" "),
        "engine": target,
        "data_version": data_version(home),
        "policy_version": policy_version(),
        "tables": files,
        "checks": [asdict(check) for check in (found, *checks)],
        "verdict": "certified" if all(check.passed for check in (found, *checks)) else "refused",
    }
    release = _seal(home, building, manifest)
    if not release.is_certified:
        raise ReleaseRefused(
            release, [check.reason or check.name for check in (found, *checks) if not check.passed]
        )
    _point(home, release)
    _prune(home, keep)
    return release


def current_release(home: Home) -> Release | None:
    """The certified release that CURRENT names, or None before the first one."""
    pointer = home.releases / "CURRENT"
    return _open(home.releases / pointer.read_text().strip()) if pointer.is_file() else None


def all_releases(home: Home) -> list[Release]:
    """Every finished release, oldest first, refused ones included."""
    found = [_open(path.parent) for path in home.releases.glob("[!.]*/manifest.json")]
    return sorted(found, key=lambda release: release.manifest["sequence"])


def previous_release(home: Home, release: Release) -> Release | None:
    """The newest certified release older than this one."""
    older = [
        r
        for r in all_releases(home)
        if r.is_certified and r.manifest["sequence"] < release.manifest["sequence"]
    ]
    return older[-1] if older else None


def policy_version(project: Path = PROJECT) -> str:
    """First 12 hex digits over the seeds, blind to the order of their rows: which dials were set."""
    digest = hashlib.sha256()
    for path in sorted((project / "seeds").glob("**/*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines() or [""]
        digest.update("\n".join([path.name, header, *sorted(rows), ""]).encode())
    return digest.hexdigest()[:12]


def data_version(home: Home) -> str:
    """First 12 hex digits over the names of the committed loads: which data was there to read."""
    loads = sorted(path.relative_to(home.raw).as_posix() for path in home.raw.glob("*/*/_loads/*.json"))
    return hashlib.sha256("\n".join(loads).encode()).hexdigest()[:12]


def _export(
    home: Home, building: Path, tables: Sequence[str], reader: Reader, earlier: Release | None
) -> dict[str, dict[str, Any]]:
    before = Earlier(earlier.folder, earlier.parts()) if earlier else Earlier()
    connection, relations = reader(home, tables)
    exported = {}
    with connection:
        for table in (table for table in tables if table in relations):
            parts = export_table(connection, table, relations[table], building, before)
            whole = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
            exported[table] = {
                "rows": sum(part.rows for part in parts),
                "sha256": parts[0].sha256 if len(parts) == 1 else whole,
                "files": [asdict(part) for part in parts],
            }
    return exported


def _seal(home: Home, building: Path, manifest: dict[str, Any]) -> Release:
    """The manifest goes last, then the folder gets its name: a release is there entirely or not at all."""
    _write_file(building / "manifest.json", json.dumps(manifest, indent=1))
    for folder in [path for path in building.rglob("*") if path.is_dir()]:
        settle(folder)
    settle(building)
    folder = building.rename(home.releases / manifest["release_id"])
    settle(home.releases)
    return Release(folder, manifest)


def _point(home: Home, release: Release) -> None:
    _write_file(home.releases / "CURRENT", release.release_id + "\n")


def _write_file(path: Path, text: str) -> None:
    """Whole or not at all: beside it first, then renamed over it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    settle(beside)
    beside.replace(path)
    settle(path.parent)


def _prune(home: Home, keep: int) -> None:
    """Keeps the newest `keep` releases. One that goes loses its name first, so nobody opens half of it."""
    for release in all_releases(home)[:-keep]:
        shutil.rmtree(release.folder.rename(home.releases / f".removed-{release.release_id}"))


def _sweep(home: Home) -> None:
    for leftover in [*home.releases.glob(".building-*"), *home.releases.glob(".removed-*")]:
        shutil.rmtree(leftover)


def _free_id(home: Home, run_id: str) -> str:
    """The run's id as a folder name; a run that publishes again gets -2, -3, …"""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip("-.") or "run"
    taken = {path.name for path in home.releases.glob("[!.]*")}
    return next(c for n in range(1, len(taken) + 2) if (c := name if n == 1 else f"{name}-{n}") not in taken)


def _open(folder: Path) -> Release:
    return Release(folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
