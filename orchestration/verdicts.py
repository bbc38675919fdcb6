"""What the gates said of a release, kept beside the releases so that every lane reads the same verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from orchestration.gates import Verdict
from orchestration.paths import Home
from orchestration.release import Release


def write_verdicts(home: Home, release: Release, verdicts: Mapping[str, Verdict]) -> None:
    """Whole or not at all."""
    file = home.root / "verdicts" / f"{release.release_id}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps({name: asdict(verdict) for name, verdict in verdicts.items()}, indent=1))
    beside.replace(file)


def read_verdicts(home: Home, release: Release) -> dict[str, Verdict]:
    """By list; a release that no gate has judged has none, and so nothing permissive leaves."""
    file = home.root / "verdicts" / f"{release.release_id}.json"
    if not file.exists():
        return {}
    told = json.loads(file.read_text())
    return {
        name: Verdict(v["sync_id"], v["passed"], tuple(v["reasons"]), v["approved_by"])
        for name, v in told.items()
    }
