"""The scoreboard against counting by hand, and the quality of recognition on made-up answers."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sandbox.catalogue import PAID
from sandbox.history import day_number
from sandbox.retailer import Retailer
from sandbox.scoreboard import identity_quality, scoreboard
from sandbox.service import BAD_SCORE_DAYS
from sandbox.truth import contact_points
from tests.sandbox.worlds import GO_LIVE, live_siloed, lived

DAYS = 9
Row = dict[str, int]


@pytest.fixture(scope="module")
def retailer() -> Retailer:
    retailer = lived(700, 45)
    live_siloed(retailer, DAYS)
    return retailer


@pytest.fixture(scope="module")
def score(retailer: Retailer) -> dict[str, float]:
    return scoreboard(retailer.books, GO_LIVE, GO_LIVE + timedelta(days=DAYS - 1))


def rows(retailer: Retailer, kind: str) -> list[Row]:
    return pa.table(retailer.books.all(kind)).to_pylist()


def live_sends(retailer: Retailer) -> list[Row]:
    return [s for s in rows(retailer, "sends") if s["day"] >= day_number(GO_LIVE)]


def test_messages_to_yesterdays_buyers_are_counted_one_by_one(
    retailer: Retailer, score: dict[str, float]
) -> None:
    bought = {(r["person"], r["day"] + 1, r["product"]) for r in rows(retailer, "lines") if r["is_known"]}
    by_hand = sum((s["person"], s["day"], s["product"]) in bought for s in live_sends(retailer))
    assert score["messages_to_yesterdays_buyers_of_same_product"] == by_hand > 0


def test_referral_asks_in_a_bad_case_are_counted_one_by_one(
    retailer: Retailer, score: dict[str, float]
) -> None:
    referral = retailer.world.messages.index("referral_email")
    tickets = defaultdict(list)
    for ticket in rows(retailer, "tickets"):
        tickets[ticket["person"]].append(ticket)

    def is_bad(ticket: Row, day: int) -> bool:
        is_open = ticket["kind"] in (0, 1) and ticket["day"] < day <= ticket["solved_on"]
        rated = 1 <= ticket["score"] <= 2 and ticket["rated_on"] < day <= ticket["rated_on"] + BAD_SCORE_DAYS
        return is_open or rated

    asks = [s for s in live_sends(retailer) if s["message"] == referral]
    by_hand = sum(any(is_bad(t, s["day"]) for t in tickets[s["person"]]) for s in asks)
    assert score["referral_asks_with_open_bad_case"] == by_hand > 0


def test_days_over_a_cap_are_counted_one_by_one(retailer: Retailer, score: dict[str, float]) -> None:
    counts = retailer.world.messages.counts_to_caps
    got: dict[tuple[int, int], int] = defaultdict(int)
    for send in rows(retailer, "sends"):
        got[send["person"], send["day"]] += int(counts[send["message"]])
    start = day_number(GO_LIVE)
    by_hand = sum(
        day >= start
        and number > 0
        and any(sum(got.get((person, day - b), 0) for b in range(w)) > most for w, most in ((1, 2), (7, 4)))
        for (person, day), number in dict(got).items()
    )
    assert score["days_over_cap"] == by_hand > 0


def test_collisions_opt_outs_and_messages_are_counted_one_by_one(
    retailer: Retailer, score: dict[str, float]
) -> None:
    messages = retailer.world.messages
    campaigns = defaultdict(set)
    sends = [s for s in live_sends(retailer) if messages.channel[s["message"]] != PAID]
    for send in sends:
        if messages.is_marketing[send["message"]]:
            campaigns[send["person"], send["day"]].add(messages.campaigns[send["message"]])
    assert score["messages"] == len(sends)
    assert score["collisions"] == sum(len(names) >= 2 for names in campaigns.values()) > 0
    assert score["opt_outs"] == sum(r["day"] >= day_number(GO_LIVE) for r in rows(retailer, "optouts"))


def test_money_is_counted_line_by_line(retailer: Retailer, score: dict[str, float]) -> None:
    start = day_number(GO_LIVE)
    sold = sum(r["cents"] for r in rows(retailer, "lines") if r["day"] >= start)
    back = sum(r["cents"] for r in rows(retailer, "returns") if r["returned_on"] >= start)
    assert score["net_revenue"] == pytest.approx((sold - back) / 100)
    cost = sum(retailer.world.messages.cost_cents[s["message"]] for s in live_sends(retailer))
    assert score["marketing_cost"] == pytest.approx(cost / 100, abs=0.01)


def customers(retailer: Retailer, folder: Path, one_for_all: bool) -> str:
    truth = contact_points(retailer.world)
    customer = pa.repeat("c", len(truth)) if one_for_all else pc.cast(truth["person_id"], pa.string())
    table = truth.drop_columns("person_id").append_column("customer_id", customer)
    table = table.append_column("is_shared", pa.repeat(False, len(table)))
    pq.write_table(table, folder / "found.parquet")
    return str(folder / "found.parquet")


def test_knowing_everyone_scores_one(retailer: Retailer, tmp_path: Path) -> None:
    quality = identity_quality(customers(retailer, tmp_path, one_for_all=False), retailer)
    assert (quality["precision"], quality["recall"]) == (1.0, 1.0)


def test_taking_everyone_for_one_finds_all_pairs_and_is_hardly_ever_right(
    retailer: Retailer, tmp_path: Path
) -> None:
    quality = identity_quality(customers(retailer, tmp_path, one_for_all=True), retailer)
    assert quality["recall"] == 1.0
    assert quality["precision"] < 0.02


def test_identifiers_given_to_nobody_lower_only_the_recall_of_all(retailer: Retailer, tmp_path: Path) -> None:
    path = customers(retailer, tmp_path, one_for_all=False)
    table = pq.read_table(path)
    nobody = pc.if_else(pc.equal(table["identifier_type"], "cookie"), None, table["customer_id"])
    place = table.schema.get_field_index("customer_id")
    pq.write_table(table.set_column(place, "customer_id", nobody), path)
    quality = identity_quality(path, retailer)
    assert (quality["precision"], quality["recall"]) == (1.0, 1.0)
    assert quality["recall_of_all"] < 0.9
