"""What every test may lean on: the project's manifest, parsed once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project as it stands."""
    from orchestration.paths import Home
    from orchestration.transform import manifest_path

    home = Home(tmp_path_factory.mktemp("manifest"))
    parsed: dict[str, Any] = json.loads(manifest_path(home).read_text())
    return parsed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes a whole file, because a file builds its world once; what shares a world shares a worker.

    Spark comes first: it takes longest, and whoever is free does the rest meanwhile.
    """
    items.sort(
        key=lambda item: "built" not in getattr(item, "fixturenames", ()) and "spark" not in item.keywords
    )
    for item in items:
        shares = "built" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("built" if shares else item.location[0]))
