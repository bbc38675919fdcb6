"""Real processes and sockets, killed by SIGKILL and lied to: a short form of `python -m tests.benchmarks.faults`."""

from __future__ import annotations

import pytest

from tests.orchestration.delivery.campaign import POINTS, OverProcesses, Rig, episode
from tests.orchestration.delivery.receiver import AUDIENCE, NOON, OPEN, SUPPRESSION, World, member


@pytest.fixture(scope="module")
def rig():
    running = Rig()
    yield running
    running.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_after_kills_and_faults_every_list_holds_exactly_who_is_wanted(rig, seed):
    kills, faults = rig.killed.total(), rig.server.met.total()
    episode(rig, seed, 16)
    assert rig.killed.total() > kills + 2
    assert rig.server.met.total() > faults + 50


@pytest.mark.slow
def test_killed_at_every_named_point(rig, tmp_path):
    """Each point once, in one story: somebody moves from one list to the other at every turn."""
    world = World(tmp_path)
    rig.server.begin(world.receiver, 0, with_jobs=True)
    rig.server.judge = lambda *_: None
    loop = OverProcesses()
    loop.rig, loop.world, loop.wrongs = rig, world, []
    for turn, point in enumerate(POINTS):
        wanted = world.want(member(AUDIENCE, f"a{turn}"), member(SUPPRESSION, f"s{turn}"))
        died = loop._run(wanted, {"point": point, "nth": 1}, True) is None
        assert died, point
    for _ in range(4):
        world.now = world.now.replace(hour=world.now.hour + 1)
        report = loop.run_once(wanted, OPEN)
    assert report.is_quiet
    assert (world.on(AUDIENCE), world.on(SUPPRESSION)) == (
        {f"a{turn}@example.com"},
        {f"s{turn}@example.com"},
    )


def test_an_attempt_that_lands_after_its_own_repeat_is_put_right(rig, tmp_path):
    """The first attempt was lost, its repeat accepted, then the person left the list, then the first one landed."""
    world = World(tmp_path)
    rig.server.begin(world.receiver, 0, with_jobs=False)
    rig.server.judge = lambda *_: None
    rig.server.planned = ["late"]
    loop = OverProcesses()
    loop.rig, loop.world, loop.wrongs = rig, world, []
    loop.run_once(world.want(member(AUDIENCE, "ann")), OPEN)
    nobody = world.want()
    loop.run_once(nobody, OPEN)
    for change, object, members in world.receiver.late:
        world.receiver.apply(change, object, members)
    assert world.on(AUDIENCE) == {"ann@example.com"}
    world.now = NOON.replace(minute=11)
    loop.run_once(nobody, OPEN)
    assert world.on(AUDIENCE) == set()
