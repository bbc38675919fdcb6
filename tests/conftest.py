"""What every test may lean on: the project's manifest, parsed once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
# PySpark takes a main module without a file for a doctest of its own, and ends the process: workers have none.
vars(sys.modules["__main__"]).setdefault("__file__", __file__)

PROJECT = Path(__file__).resolve().parent.parent
SHARED_WORLD = "orchestration/test_two_engines"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project as it stands."""
    from orchestration.paths import Home
    from orchestration.transform import manifest_path

    home = Home(tmp_path_factory.mktemp("manifest"))
    parsed: dict[str, Any] = json.loads(manifest_path(home).read_text())
    return parsed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark comes first: it takes longest, and whoever is free does the rest meanwhile."""
    items.sort(
        key=lambda item: "built" not in getattr(item, "fixturenames", ()) and "spark" not in item.keywords
    )


class ByWorld(LoadFileScheduling):
    """One worker takes a whole file, because a file builds its world once; what shares a world shares a worker."""

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        return SHARED_WORLD if SHARED_WORLD in scope else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWorld:
    return ByWorld(config, log)
