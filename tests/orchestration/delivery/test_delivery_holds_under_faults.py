"""In this process: a receiver that fails as tools fail, shrinking to a story, and seeded soaks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.orchestration.delivery.loop import Loop, soak

TestDeliveryHolds = Loop.TestCase
TestDeliveryHolds.settings = settings(
    max_examples=6,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("seed", range(3))
def test_a_seeded_soak_loses_nobody_and_wrongs_nobody(seed):
    soak(Loop(), seed, 15)
