"""What is costly to build is built once for all tests of this folder."""

from __future__ import annotations

import pytest

from orchestration.paths import Home
from tests.orchestration.two_engines import built_by_both


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One small world, built by DuckDB and by Spark."""
    return built_by_both(Home(tmp_path_factory.mktemp("two") / "home"))
