"""What the gates said of a release, kept beside the releases so that every lane reads the same verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from orchestration.gates import Verdict
from orchestration.paths import Home
from orchestration.release import Release
from orchestration.whole import replace_text


def write_verdicts(home: Home, release: Release, verdicts: Mapping[str, Verdict]) -> None:
    """Whole or not at all."""
    file = home.root / "verdicts" / f"{release.release_id}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_text(file, json.dumps({name: asdict(verdict) for name, verdict in verdicts.items()}, indent=1))


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
