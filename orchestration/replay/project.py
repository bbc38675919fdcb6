"""Which policies to replay under: the project's own, with other seeds laid over them, or as they were at a commit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from orchestration.paths import PROJECT
from orchestration.project_copy import PARTS, copy_project


class NoSuchPolicies(Exception):
    """The seeds or the commit asked for are not there. The message says what was looked for."""


def project_with(folder: Path, seeds: Path | None = None, commit: str | None = None) -> Path:
    """A copy of the project in `folder`, with these seeds laid over it, or as it was at this commit."""
    place = folder / "project"
    if commit:
        _unpack(commit, place)
    else:
        copy_project(place)
    if seeds is not None:
        files = sorted([*seeds.glob("*.csv"), *seeds.glob("*.yml")])
        if not files:
            raise NoSuchPolicies(f"no seed in {seeds}: name a folder with files such as caps.csv")
        for file in files:
            shutil.copy(file, place / "seeds")
    return place


def _unpack(commit: str, place: Path) -> None:
    archive = subprocess.run(["git", "archive", commit, *PARTS], cwd=PROJECT, capture_output=True)
    if archive.returncode:
        raise NoSuchPolicies(f"git does not know {commit}: fetch it, or name another commit")
    place.mkdir(parents=True)
    subprocess.run(["tar", "-x"], cwd=place, input=archive.stdout, check=True)
