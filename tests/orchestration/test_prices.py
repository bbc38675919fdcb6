"""Prices of shared places: solved on a release, committed once, and such that what is chosen at them fits."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.loads import committed_loads
from orchestration.paths import Home
from orchestration.prices import prices_of, solve_prices
from orchestration.release import current_release, publish
from orchestration.shelf import Release
from tests.orchestration.small_warehouse import AS_OF, warehouse

Row = dict[str, object]
ROOMS = ("global", "channel", "category", "campaign", "group", "message", "product", "product_category")


def candidate(customer: int, message: str, channel: str, worth: int) -> Row:
    told: Row = {"customer_id": f"c{customer}", "message_id": message, "channel": channel, "worth": worth}
    told |= {"category": message, "campaign": message, "exclusion_group": "", "product_id": None}
    return told | {"product_category": None} | {f"{scope}_room": 1 for scope in ROOMS}


def place(message: str, policy: int, left: float, takes: float = 1.0) -> Row:
    return {
        "message_id": message,
        "policy_id": policy,
        "scope_key": message,
        "takes": takes,
        "left_over": left,
    }


def released(tmp_path: Path, kind: str, texts: float) -> Release:
    """Ten people: a text is worth 10 to 100 thousandths to them, a mail 5 to each; every one may get one."""
    rows = {
        "fct_price_candidates": [
            row
            for n in range(1, 11)
            for row in (candidate(n, "text", "sms", 10_000 * n), candidate(n, "mail", "email", 5_000))
        ],
        "fct_price_places": [place("text", 181, texts), place("mail", 182, 50.0)],
        "fct_decision_runs": [{"run_id": "r1", "kind": kind}],
    }
    home = warehouse(tmp_path / "home", rows)
    publish(home, "r1", AS_OF, "duckdb")
    release = current_release(home)
    assert release is not None
    return release


def test_a_place_costs_what_the_first_left_out_would_give_for_it(tmp_path: Path) -> None:
    found = {one.policy_id: one.price for one in prices_of(released(tmp_path, "full", 3.0))}
    # three of ten texts: the fourth would bring 0.070 instead of a mail for 0.005
    assert found == {181: pytest.approx(0.065, abs=1e-4), 182: 0.0}


def test_where_there_is_enough_a_place_costs_nothing(tmp_path: Path) -> None:
    assert {one.price for one in prices_of(released(tmp_path, "full", 10.0))} == {0.0}


def test_a_micro_run_knows_too_few_to_set_prices(tmp_path: Path) -> None:
    assert prices_of(released(tmp_path, "micro", 3.0)) == []


def test_prices_are_committed_once_as_a_stream_of_our_own(tmp_path: Path) -> None:
    release = released(tmp_path, "full", 3.0)
    home = Home(tmp_path / "home")
    for _ in range(2):
        solve_prices(home, release)
    [load] = committed_loads(home, "downbeat.prices")
    rows = duckdb.sql(f"select policy_id, price > 0 from '{home.raw}/downbeat/prices/{load.file}' order by 1")
    assert rows.fetchall() == [(181, True), (182, False)]
