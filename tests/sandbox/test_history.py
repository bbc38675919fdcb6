"""Work does not grow with people: whole populations at once, never one by one."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from sandbox.day import live_through
from sandbox.history import main
from sandbox.noise import Noise
from sandbox.retailer import Retailer
from sandbox.siloed import siloed_sends
from sandbox.streams import STREAMS, decision_texts, facts_by_stream
from tests.sandbox.worlds import GO_LIVE, files

DAYS = 8


def calls(customers: int) -> int:
    """Python calls it takes to settle some people and to live and write some days."""
    profile = cProfile.Profile()
    profile.enable()
    retailer = Retailer.create(customers, 2, GO_LIVE, DAYS)
    world, state = retailer.world, retailer.state
    for day in range(world.first_day, world.go_live):
        sends = siloed_sends(world, state, day)
        happened = live_through(world, state, day, sends, np.full(len(sends), -1))
        for stream, facts in facts_by_stream(world, state, happened):
            STREAMS[stream](world, facts, decision_texts([]), day)
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_ten_times_the_people_take_no_more_python() -> None:
    calls(500)  # whatever is read only once
    assert calls(20_000) < calls(2_000) * 1.3


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    arguments = ["--customers", "120", "--days", "20", "--go-live", "2026-11-01", "--landing", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{len(files(tmp_path))} files")


def test_chance_depends_on_person_and_purpose_not_on_company() -> None:
    noise = Noise(11)
    people = np.arange(100_000)
    together, alone = noise.of(20_700, "click", people), noise.of(20_700, "click", people[77:78])
    assert together[77] == alone[0]
    assert abs(float(together.mean()) - 0.5) < 0.01
    assert not np.array_equal(together, noise.of(20_700, "leave", people))
    assert not np.array_equal(together, noise.of(20_701, "click", people))
    assert np.array_equal(noise.everyone(1, "buys", 50), noise.everyone(1, "buys", 50))
