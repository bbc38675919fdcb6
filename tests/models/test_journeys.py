"""Journeys as the models build them: against plain Python, in any order, piece by piece, and cut short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from tests.models.moments import AS_OF, CHAIN, DAYS, Moment, counted, load, moments, rows_of
from tests.models.rendered import build, rendered


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize("seed", range(4))
def test_a_touch_belongs_to_the_next_order_within_the_window(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    rows = moments(seed)
    load(connection, rows)
    build(connection, CHAIN, as_of=AS_OF, journey_days=DAYS)
    found = connection.execute(
        "select conversion_id, touch_ids from fct_journeys where outcome = 'converted'"
    ).fetchall()
    assert {order: tuple(touches) for order, touches in found} == dict(counted(rows))
    [(steps,)] = connection.execute("select sum(touch_count) from fct_journeys").fetchall()
    assert steps == sum(m.step >= 0 for m in rows)
    [(longest,)] = connection.execute(
        "select max(last_touch_at - started_at) <= interval 30 day from fct_journeys where outcome <> 'converted'"
    ).fetchall()
    assert longest


def test_neither_order_nor_ties_matter(connection: duckdb.DuckDBPyConnection) -> None:
    rows = moments(5)
    seen = []
    for shuffle in (0, 1, 2):
        load(connection, rows, shuffle)
        build(connection, CHAIN, as_of=AS_OF, journey_days=DAYS)
        seen.append((rows_of(connection, "fct_journeys"), rows_of(connection, "fct_journey_credits")))
    assert seen[0] == seen[1] == seen[2]


def later_worlds(rows: list[Moment]) -> Iterator[list[Moment]]:
    """The same moments some loads later, each time after other news."""
    # late touches, of somebody new too
    rows = [*rows, Moment(3, 5 * 21600, "late", 1, load=2), Moment(900, 5 * 21600, "first", 1, load=2)]
    yield rows
    # an order called off, a customer who turns out to be another, a touch that came with an older load
    rows = [m for m in rows if m.name != next(r.name for r in rows if r.step < 0)]
    rows = [replace(m, customer=8) if m.customer == 9 else m for m in rows]
    rows = [*rows, Moment(20, 9 * 21600, "older", 2, load=1)]
    yield rows
    # what an order paid is corrected without a load, beside touches of the next one
    paid = next(m for m in rows if m.step < 0)
    rows = [replace(m, amount=m.amount + 1) if m == paid else m for m in rows]
    rows = [*rows, *(Moment(n, 7 * 21600, f"next{n}", 3, load=3) for n in range(30, 60))]
    yield rows
    # two people who are told apart again, and one of them has news
    yield [
        *(
            replace(m, customer=9) if m.customer == 8 and m.name.startswith(("t9-", "o9-")) else m
            for m in rows
        ),
        Moment(9, 8 * 21600, "apart", 3, load=4),
    ]
    # nothing new at all
    yield rows


def test_only_customers_with_news_are_built_and_all_is_as_if_built_anew(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = moments(6)
    load(connection, rows)
    build(connection, CHAIN, as_of=AS_OF, journey_days=DAYS)
    for later in later_worlds(rows):
        load(connection, later)
        changed = {f"c{m.customer}" for m in set(rows) ^ set(later)}
        for model in CHAIN[:2]:
            query = rendered(model, is_incremental=True, as_of=AS_OF, journey_days=DAYS)
            connection.execute(f"create or replace temp table news as {query}")
            assert {
                row[0] for row in connection.execute("select customer_id from news").fetchall()
            } == changed
            connection.execute(f"delete from {model} where customer_id in (select customer_id from news)")
            connection.execute(f"insert into {model} select * from news")
        build(connection, CHAIN[2:], as_of=AS_OF, journey_days=DAYS)
        carried = [rows_of(connection, table) for table in CHAIN[2:]]
        stamps = "select customer_id, moment_count, stamp from int_journey_customers where moment_count > 0"
        stamped = connection.execute(f"{stamps} order by all").fetchall()
        with duckdb.connect() as other:
            load(other, later)
            build(other, CHAIN, as_of=AS_OF, journey_days=DAYS)
            assert carried == [rows_of(other, table) for table in CHAIN[2:]]
            assert stamped == other.execute(f"{stamps} order by all").fetchall()
        rows = later


def test_a_cut_thirty_days_earlier_leaves_journeys_open_and_counts_none_as_failed(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [m for m in moments(7) if m.second < 150 * 86400]
    load(connection, rows)
    build(connection, CHAIN, as_of="2026-05-31 00:00:00", journey_days=DAYS)
    outcomes = dict(connection.execute("select outcome, count(*) from fct_journeys group by 1").fetchall())
    assert set(outcomes) == {"converted", "null", "open"}
    [(early,)] = connection.execute(
        "select count(*) from fct_journeys where outcome = 'null' and last_touch_at > timestamp '2026-05-01'"
        " and not exists (from int_journey_moments m where 'c' || m.customer_number = fct_journeys.customer_id"
        " and m.is_order = 1 and m.occurred_at > last_touch_at)"
    ).fetchall()
    assert early == 0
    build(connection, ("fct_path_transitions",), as_of="2026-05-31 00:00:00", journey_days=DAYS)
    [(ended,)] = connection.execute(
        "select sum(move_count) from fct_path_transitions where to_step < -1"
    ).fetchall()
    assert ended == outcomes["converted"] + outcomes["null"]
