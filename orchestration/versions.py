"""What a run depended on, in twelve hex digits each: the dials and the data."""

from __future__ import annotations

import hashlib
from pathlib import Path

from orchestration.paths import PROJECT, Home


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
