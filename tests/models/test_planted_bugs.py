"""A comparison is worth what it notices: every planted bug is caught, in random worlds or in one of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestration.replay.compiled import Models
from tests.models.decision_comparison import faults
from tests.models.decision_engine import Engine, compiled
from tests.models.decision_world import World
from tests.models.mailbox_world import capacity_world, mailbox_world
from tests.models.planted_bugs import BUGS, Bug, caught_after


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compiled(str(tmp_path_factory.mktemp("compiled")))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(models: Models, bug: Bug) -> None:
    assert caught_after(models, bug, most_worlds=60) is not None


@pytest.mark.parametrize("world", [mailbox_world, capacity_world])
def test_what_others_took_is_not_there_for_a_micro_run(models: Models, world: Callable[[], World]) -> None:
    assert faults(Engine(models), world()) == []
