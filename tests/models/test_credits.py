"""Credits by every rule against a plain count, Shapley's against its definition, and under other names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pytest

from tests.models.moments import AS_OF, CHAIN, CHANNELS, DAYS, RULES, counted, load, moments
from tests.models.rendered import build


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def test_heuristics_equal_a_plain_count(connection: duckdb.DuckDBPyConnection) -> None:
    rows = moments(8)
    load(connection, rows)
    build(connection, CHAIN, as_of=AS_OF, journey_days=DAYS)
    seconds = {m.name: m for m in rows}
    expected: dict[str, Counter[int]] = {rule: Counter() for rule in RULES}
    for order, touches in counted(rows):
        steps, size = [seconds[name].step for name in touches], len(touches)
        ages = [(seconds[order].second - seconds[name].second) / 86400 for name in touches]
        middle = 0.2 / (size - 2) if size > 2 else 0.0
        weights = {
            "first": [1.0] + [0.0] * (size - 1),
            "last": [0.0] * (size - 1) + [1.0],
            "linear": [1 / size] * size,
            "position": [1 / size] * size if size < 3 else [0.4, *[middle] * (size - 2), 0.4],
            "time_decay": [2 ** (-age / 7) / sum(2 ** (-a / 7) for a in ages) for age in ages],
            "shapley_channel": [
                1 / len(set(steps)) if step not in steps[:n] else 0.0 for n, step in enumerate(steps)
            ],
        }
        for rule, parts in weights.items():
            for step, part in zip(steps, parts, strict=True):
                expected[rule][step] += part
    for rule in RULES:
        found = connection.execute(
            f"select step_number >> 44, sum({rule}_micro) / 1e6 from fct_journey_credits group by 1"
        ).fetchall()
        # a millionth of an order per touch is rounding
        assert dict(found) == pytest.approx(expected[rule], abs=2e-6 * len(rows))


def brute_force(sets: Sequence[frozenset[int]], players: int) -> list[float]:
    """Shapley's value by its definition: v(S) counts the orders whose channels all lie in S."""
    worth = np.zeros(1 << players)
    for channels in sets:
        worth[sum(1 << channel for channel in channels)] += 1
    for player in range(players):
        for subset in range(1 << players):
            if subset >> player & 1:
                worth[subset] += worth[subset ^ (1 << player)]
    values = []
    for player in range(players):
        others = [subset for subset in range(1 << players) if not subset >> player & 1]
        values.append(
            sum(
                (worth[subset | (1 << player)] - worth[subset])
                / (players * math.comb(players - 1, subset.bit_count()))
                for subset in others
            )
        )
    return values


@pytest.mark.parametrize("players", [3, 7, 12])
def test_shapley_in_closed_form_equals_brute_force(players: int) -> None:
    draw = np.random.default_rng(players)
    sets = [
        frozenset(draw.choice(players, int(draw.integers(1, min(players, 5) + 1)), replace=False).tolist())
        for _ in range(300)
    ]
    closed = [sum(1 / len(s) for s in sets if player in s) for player in range(players)]
    assert brute_force(sets, players) == pytest.approx(closed, abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_other_channels_in_another_order_get_the_same_credit(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    rows = moments(9)
    names = np.random.default_rng(seed).permutation(CHANNELS).tolist()
    credits = []
    for naming in (list(range(CHANNELS)), names):
        load(
            connection,
            [replace(m, step=naming[m.step] if m.step >= 0 else -1) for m in rows],
        )
        build(connection, CHAIN, as_of=AS_OF, journey_days=DAYS)
        sums = ", ".join(f"sum({rule}_micro)" for rule in RULES)
        found = connection.execute(
            f"select step_number >> 44, {sums} from fct_journey_credits group by 1"
        ).fetchall()
        back = {name: channel for channel, name in enumerate(naming)}
        credits.append({back[row[0]]: row[1:] for row in found})
    assert credits[0] == credits[1]
