"""Seeds whose rows are learned: a version is added whole, for people to review, and never changed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from orchestration.lint.rows import Seeds
from orchestration.whole import replace_text


class VersionTaken(Exception):
    """The seed has a version of that name, and was not changed."""


def append_version(
    seed: str, column: str, version: str, rows: Sequence[Sequence[str]], project: Path
) -> Path:
    """Append the rows of a version to a seed, whole or not at all. column: where it holds its versions' names."""
    path = project / "seeds" / f"{seed}.csv"
    if version in Seeds(project).known(seed, column):
        raise VersionTaken(f"version {version} is in {path.name} already: give the new one another name")
    with path.open(encoding="utf-8", newline="") as file:
        known = list(csv.reader(file))
    replace_text(path, "".join(",".join(row) + "\n" for row in [*known, *rows]))
    return path
