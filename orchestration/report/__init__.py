"""One honest page of numbers: a single HTML file that opens without a server, on a phone, in light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.paths import Home
from orchestration.report.figures import figures
from orchestration.report.measured import measured
from orchestration.report.page import page
from orchestration.shelf import Release
from orchestration.whole import replace_text

Scoreboard = Mapping[str, Mapping[str, float]]
"""By column (siloed, with Downbeat, truth) the sandbox's own figures by name."""

__all__ = ["Scoreboard", "write_report"]


def write_report(home: Home, release: Release, scoreboard: Scoreboard | None = None) -> Path:
    """Writes reports/numbers.html about a release and what the tools acknowledged since; returns its path."""
    target = home.reports / "numbers.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_text(target, page(figures(home, release), scoreboard or {}, measured(release)))
    return target
