"""Which dials were set: twelve hex digits over the seeds, and over what identity is made with."""

from __future__ import annotations

import hashlib
from pathlib import Path

from orchestration.paths import PROJECT


def policy_version(project: Path = PROJECT) -> str:
    """First 12 hex digits over the seeds, blind to the order of their rows."""
    digest = hashlib.sha256()
    for path in sorted((project / "seeds").glob("**/*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines() or [""]
        digest.update("\n".join([path.name, header, *sorted(rows), ""]).encode())
    return digest.hexdigest()[:12]


def identity_version(project: Path = PROJECT) -> str:
    """First 12 hex digits over what identity is computed by; another version builds it anew instead of going on."""
    files = [*(project / "models" / "identity").glob("*.sql"), *(project / "macros").rglob("*.sql")]
    # its numbers are vars, and rows that no longer agree with them would never be looked at again
    settings = [project / "seeds" / "identifier_types.csv", project / "dbt_project.yml"]
    return _digest([*files, *settings], project)


def blocklist_version(project: Path = PROJECT) -> str:
    """First 12 hex digits over the blocklist; another one is held against every identifier again."""
    return _digest([project / "seeds" / "identifier_blocklist.csv"], project)


def _digest(files: list[Path], project: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(project)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
