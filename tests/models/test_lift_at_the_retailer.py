"""Lift as the models compute it at the sandbox's retailer, beside what its people would have done otherwise."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.models.retailer_trials import LIVES, draw, judged, live, lives_of, load, with_a_past
from tests.models.test_lift import column

WORLDS, PEOPLE, DRAWS = 24, 700, 6


@pytest.fixture(scope="module")
def found() -> pa.Table:
    with duckdb.connect() as connection:
        load(connection, range(50, 50 + WORLDS), PEOPLE)
        draw(connection, DRAWS)
        return judged(connection)


def test_what_people_do_does_not_depend_on_how_others_were_drawn() -> None:
    retailer = with_a_past(3, 600)
    of_person = np.random.default_rng(3).integers(0, len(LIVES), retailer.world.people.count)
    masks = {life: of_person == number for number, life in enumerate(LIVES)}
    together = live(retailer.branch(), masks)
    for name, alone in lives_of(retailer).items():
        for kind in ("orders", "wins", "mails"):
            mixed, single = getattr(together, kind), getattr(alone, kind)
            for column_name in mixed:
                ours = mixed[column_name][masks[name][mixed["person"]]]
                theirs = single[column_name][masks[name][single["person"]]]
                assert sorted(ours) == sorted(theirs), (name, kind, column_name)


@pytest.mark.parametrize("analysis", ["intention to treat", "ghosts"])
@pytest.mark.parametrize("control", ["held_out", "replaced"])
def test_intervals_hold_what_was_true(found: pa.Table, control: str, analysis: str) -> None:
    own = found.filter(
        (pc.field("control_arm") == control) & (pc.field("analysis") == analysis) & ~pc.field("is_leaking")
    )
    assert len(own) == WORLDS * DRAWS
    question = "against silence" if control == "held_out" else "against what would have been sent instead"
    assert set(own["estimand"].to_pylist()) == {question}
    truth = column(own, "truth")
    held = (column(own, "fixed_low") <= truth) & (truth <= column(own, "fixed_high"))
    # three standard deviations of the share that 144 intervals of 95 % hold
    assert held.mean() >= 0.895
    ever = (column(own, "low") <= truth) & (truth <= column(own, "high"))
    assert ever.mean() >= 0.98


def test_a_holdout_that_leaks_tells_the_effect_on_those_reached(found: pa.Table) -> None:
    own = found.filter(pc.field("is_leaking") & (pc.field("analysis") == "intention to treat"))
    reached, leaked = column(own, "reached_rate").mean(), column(own, "contamination_rate").mean()
    assert leaked / reached == pytest.approx(0.3, abs=0.05)
    bias = (column(own, "complier_effect") - column(own, "of_reached")).mean()
    assert abs(bias) < column(own, "complier_error").mean()
