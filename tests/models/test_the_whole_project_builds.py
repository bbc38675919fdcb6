"""Every model, data test and unit test of the project, by dbt itself: over people with a past, and over nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from orchestration.paths import Home
from orchestration.transform import Run, dbt
from sandbox.retailer import Retailer
from tests.landed import take_in

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 2, 6)


def built(home: Home) -> Home:
    """dbt build with every test; TransformFailed shows what failed."""
    take_in(home, MORNING)
    dbt(home, ["build"], "duckdb", Run("everything", MORNING, "duckdb", ""))
    return home


def test_every_dbt_test_passes_over_people_with_a_past(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("past") / "home")
    Retailer.create(400, 5, date(2026, 11, 2), 90).write_history(home.landing)
    built(home)


def test_every_dbt_test_passes_over_nothing_at_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    built(Home(tmp_path_factory.mktemp("nothing") / "home"))
