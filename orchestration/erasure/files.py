"""Parquet and landed files without a person: each is written anew beside itself and then takes its own place."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import duckdb

from orchestration.erasure.needles import Needles
from orchestration.export import settle, sha256_of
from orchestration.ingestion.commit import shelf
from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.fit import literal
from orchestration.ingestion.loads import stream_folder
from orchestration.paths import Home
from orchestration.shelf import Release, all_releases
from orchestration.whole import replace_text


def parquet_files(home: Home) -> Iterator[tuple[str, Path, StreamContract | None]]:
    """(place, file, contract) of every Parquet file that holds rows of people."""
    for contract in load_contracts().values():
        for place, root in (("raw", home.raw), ("quarantine", home.quarantine)):
            for file in sorted(stream_folder(root, contract.name).glob("*.parquet")):
                yield place, file, contract
    for release in all_releases(home):
        for file in sorted(release.folder.rglob("*.parquet")):
            yield "releases", file, None


def condition_of(
    engine: duckdb.DuckDBPyConnection, file: Path, needles: Needles, contract: StreamContract | None
) -> str:
    """The rows of this file that tell of the person, as SQL."""
    columns = engine.execute(f"describe select * from read_parquet({literal(str(file))})").fetchall()
    known = [(str(name), str(kind)) for name, kind, *_ in columns]
    return needles.condition(known, contract.name if contract else "", contract.key if contract else ())


def found_in(engine: duckdb.DuckDBPyConnection, file: Path, condition: str) -> int:
    [(rows,)] = engine.execute(
        f"select count(*) from read_parquet({literal(str(file))}) where {condition}"
    ).fetchall()
    return int(rows)


def clean(engine: duckdb.DuckDBPyConnection, file: Path, condition: str) -> int:
    """Write the file anew without those rows. Returns how many there were; none, and the file is not touched."""
    rows = found_in(engine, file, condition)
    if rows:
        beside = file.with_name(f".{file.name}.without")
        engine.execute(
            f"copy (select * from read_parquet({literal(str(file))}) where not {condition})"
            f" to {literal(str(beside))} (format parquet, compression zstd)"
        )
        shutil.copymode(file, beside)
        settle(beside)
        beside.replace(file)
        settle(file.parent)
    return rows


def clean_stream(
    home: Home, engine: duckdb.DuckDBPyConnection, contract: StreamContract, needles: Needles
) -> dict[str, int]:
    """One stream in raw and quarantine, while nobody takes anything in."""
    told = {"raw": 0, "quarantine": 0}
    if not stream_folder(home.raw, contract.name).is_dir():
        return told
    with shelf(home, contract.name) as held:
        for place, root in (("raw", held.raw), ("quarantine", held.quarantine)):
            for file in sorted(root.glob("*.parquet")):
                told[place] += clean(engine, file, condition_of(engine, file, needles, contract))
    return told


def clean_release(engine: duckdb.DuckDBPyConnection, release: Release, needles: Needles) -> int:
    """One release; its manifest says again what its files are."""
    files = sorted(release.folder.rglob("*.parquet"))
    rows = sum(clean(engine, file, condition_of(engine, file, needles, None)) for file in files)
    changed = set(release.changed_files())
    if changed:
        manifest = json.loads(json.dumps(release.manifest))
        for table in manifest["tables"].values():
            for part in table["files"]:
                if part["path"] in changed:
                    part |= _anew(engine, release, part["path"])
            table["rows"] = sum(part["rows"] for part in table["files"])
        replace_text(release.folder / "manifest.json", json.dumps(manifest, indent=1))
    return rows


def _anew(engine: duckdb.DuckDBPyConnection, release: Release, path: str) -> dict[str, object]:
    file = release.folder / path
    part = replace(
        release.parts()[path], rows=found_in(engine, file, "true"), sha256=sha256_of(file), fingerprint=""
    )
    return asdict(part)


def clean_landing(home: Home, needles: Needles) -> int:
    """Remove delivered files that tell of the person: what they brought stands in raw. Returns the files removed.

    A file that was not taken in yet stays; when it is, `leave_out_erased` looks at it.
    """
    removed = 0
    for contract in load_contracts().values():
        seen = stream_folder(home.raw, contract.name) / "_seen.json"
        taken = json.loads(seen.read_text()) if seen.exists() else {}
        folder = stream_folder(home.landing, contract.name)
        for file in sorted(p for p in folder.glob("*") if p.is_file() and p.name in taken):
            if holds(file, needles):
                file.unlink()
                removed += 1
    return removed


def holds(file: Path, needles: Needles) -> bool:
    """Whether a landed file, plain or gzipped, has one of the person's values in it."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return re.search(needles.pattern, content.decode("utf-8", "replace").lower()) is not None
