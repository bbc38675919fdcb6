"""The project's models, macros and seeds once more in another folder, to be tried with something changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.paths import PROJECT

PARTS = ("models", "macros", "seeds", "syncs", "tests", "dbt_project.yml", "profiles.yml")
"""What dbt and lint read of a project."""


def copy_project(place: Path) -> Path:
    """Copy the parts into a folder that is not there yet; returns the folder."""
    place.mkdir(parents=True)
    for name in PARTS:
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, place / name)
    return place
