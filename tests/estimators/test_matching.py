"""Weights learned without labels: sound on any input, blind to order, right about a world whose shares are known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.matching import UNKNOWN, Weight, learn_weights

LEVELS = {
    "name": ["same and rare", "same", "one off", "different"],
    "birth_date": ["same", "one off", "different"],
    "street": ["same", "different"],
}
BLOCKS = {"by lot": "", "compared": "", "names": "name", "dates": "birth_date"}

row = st.fixed_dictionaries(
    {f"{field}_level": st.sampled_from([*levels, UNKNOWN]) for field, levels in LEVELS.items()}
    | {"pair_count": st.integers(1, 10**9), "rule": st.sampled_from(list(BLOCKS))}
).map(lambda row: row | {"own_fields": BLOCKS[str(row["rule"])]})
tables = st.lists(row, min_size=1, max_size=40).filter(
    lambda rows: {"by lot", "compared"} <= {row["rule"] for row in rows}
)


@settings(max_examples=40, deadline=None)
@given(tables, st.integers(2, 10**8))
def test_weights_are_finite_and_shares_sum_to_one(rows: list[dict[str, Any]], records: int) -> None:
    weights = learn_weights(rows, LEVELS, records)
    assert [(one.field, one.level) for one in weights] == [
        ("prior", "any"),
        *((field, level) for field, levels in LEVELS.items() for level in levels),
    ]
    assert all(math.isfinite(one.weight) and 0 < one.m < 1 and 0 < one.u < 1 for one in weights)
    for field in ("prior", *LEVELS):
        own = [one for one in weights if one.field == field]
        if field == "prior":
            assert own[0].m + own[0].u == pytest.approx(1)
        else:
            assert sum(one.m for one in own) == pytest.approx(1)
            assert sum(one.u for one in own) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert learn_weights(rows, LEVELS, 1000) == learn_weights(shuffled, LEVELS, 1000)


def test_a_field_nobody_fills_in_tells_nothing() -> None:
    rows = [
        {"rule": rule, "own_fields": "", "pair_count": 10, "name_level": "same", "birth_date_level": "same"}
        | {"street_level": UNKNOWN}
        for rule in ("by lot", "compared")
    ]
    assert {one.weight for one in learn_weights(rows, LEVELS, 20) if one.field == "street"} == {0}


def test_no_pairs_are_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="no pairs to learn from"):
        learn_weights([], LEVELS, 0)


TRUE_M = {"name": [0.3, 0.6, 0.07, 0.03], "birth_date": [0.9, 0.07, 0.03], "street": [0.7, 0.3]}
TRUE_U = {
    "name": [0.0001, 0.01, 0.02, 0.9699],
    "birth_date": [0.0005, 0.002, 0.9975],
    "street": [0.001, 0.999],
}
RECORDS, PERSONS_TWICE = 2_001, 6_000


def known_world() -> list[dict[str, Any]]:
    """Pattern counts of 6,000 true pairs among all pairs of 2,001 records whose fields agree independently."""
    rng = np.random.default_rng(3)

    def draw(shares: dict[str, list[float]], count: int) -> list[tuple[str, ...]]:
        columns = [rng.choice(LEVELS[field], count, p=shares[field]) for field in LEVELS]
        return list(zip(*(column.tolist() for column in columns), strict=True))

    strangers, same = draw(TRUE_U, 400_000), draw(TRUE_M, PERSONS_TWICE)
    others = draw(TRUE_U, RECORDS * (RECORDS - 1) // 2 - PERSONS_TWICE)
    met = [pair for pair in others if pair[0].startswith("same") or pair[1] == "same"]
    found = [pair for pair in same if pair[0].startswith("same") or pair[1] == "same"]
    rows = counted("by lot", "", strangers) + counted("compared", "", met + found)
    rows += counted("names", "name", [pair for pair in met + found if pair[0].startswith("same")])
    return rows + counted("dates", "birth_date", [pair for pair in met + found if pair[1] == "same"])


def counted(rule: str, own: str, pairs: Sequence[tuple[str, ...]]) -> list[dict[str, Any]]:
    patterns, counts = np.unique(np.array(pairs), axis=0, return_counts=True)
    return [
        {"rule": rule, "own_fields": own, "pair_count": int(count)}
        | {f"{field}_level": str(level) for field, level in zip(LEVELS, pattern, strict=True)}
        for pattern, count in zip(patterns, counts, strict=True)
    ]


def test_shares_of_a_known_world_are_found_without_labels() -> None:
    weights = {(one.field, one.level): one for one in learn_weights(known_world(), LEVELS, RECORDS)}
    for field, levels in LEVELS.items():
        for place, level in enumerate(levels):
            one: Weight = weights[field, level]
            assert one.m == pytest.approx(TRUE_M[field][place], abs=0.04), (field, level)
            assert one.u == pytest.approx(TRUE_U[field][place], rel=0.25, abs=2e-4), (field, level)
    found = (1 - 0.1 * 0.1) * PERSONS_TWICE  # the others share no block
    assert weights["prior", "any"].m == pytest.approx(found / (RECORDS * (RECORDS - 1) / 2), rel=0.05)
