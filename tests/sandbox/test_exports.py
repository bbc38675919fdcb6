"""A live day's files, records and webhooks; tills that forget, mix up and send again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from sandbox.exports import export_day
from sandbox.retailer import DayExports
from sandbox.till_exports import store_group
from tests.sandbox.worlds import GO_LIVE, files, lived

DAYS = 16


@dataclass
class Server:
    got: dict[str, list[Mapping[str, object]]] = field(default_factory=lambda: defaultdict(list))

    def publish(self, stream: str, records: Iterable[Mapping[str, object]]) -> int:
        self.got[stream] += records
        return len(self.got[stream])

    def publish_events(self, records: Iterable[Mapping[str, object]]) -> int:
        return self.publish("events", records)

    def publish_insights(self, records: Iterable[Mapping[str, object]]) -> int:
        return self.publish("insights", records)


@dataclass
class Tools:
    shop: Server = field(default_factory=Server)
    desk: Server = field(default_factory=Server)
    klaviyo: Server = field(default_factory=Server)
    meta: Server = field(default_factory=Server)


@pytest.fixture(scope="module")
def lived_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tools, list[DayExports]]:
    retailer, tools, landing = lived(3000, 80), Tools(), tmp_path_factory.mktemp("landing")
    told = []
    for number in range(DAYS):
        day = GO_LIVE + timedelta(days=number)
        told.append(retailer.live_day(day, retailer.siloed_sends(day)))
        export_day(told[-1], landing, tools, day)
    return landing, tools, told


def test_each_stream_goes_its_own_way(lived_days: tuple[Path, Tools, list[DayExports]]) -> None:
    landing, tools, told = lived_days
    assert set(tools.shop.got) == {"accounts", "orders", "order_lines", "refunds"}
    assert len(tools.desk.got["tickets"]) == sum(len(t["desk.tickets"]) for t in told)
    assert len(tools.klaviyo.got["events"]) == sum(len(t["klaviyo.events"]) for t in told)
    assert tools.meta.got["insights"]
    assert {f.parent.relative_to(landing).as_posix() for f in files(landing)} == {
        "pos/receipt_lines", "pos/coupon_redemptions", "loyalty/members", "site/events", "mailhouse/mailings",
        "preferences/consents",
    }  # fmt: skip


def test_records_are_json_with_moments_and_money_as_text(
    lived_days: tuple[Path, Tools, list[DayExports]],
) -> None:
    order = lived_days[1].shop.got["orders"][0]
    assert str(order["placed_at"]).endswith("Z")
    assert str(order["total_amount"]).count(".") == 1


def test_an_order_is_told_again_as_it_travels(lived_days: tuple[Path, Tools, list[DayExports]]) -> None:
    seen = defaultdict(list)
    orders, until = lived_days[1].shop.got["orders"], str(GO_LIVE + timedelta(days=5))
    for order in orders:
        seen[order["order_id"]].append(order["status"])
    early = {order["order_id"] for order in orders if str(order["placed_at"]) < until}
    new = [seen[key] for key in early if "placed" in seen[key]]
    assert new
    assert all(story == ["placed", "shipped", "delivered"] for story in new)


def test_a_ticket_is_told_again_when_solved_and_rated(
    lived_days: tuple[Path, Tools, list[DayExports]],
) -> None:
    stories = defaultdict(list)
    for ticket in lived_days[1].desk.got["tickets"]:
        stories[ticket["ticket_id"]].append((ticket["status"], ticket["csat_score"]))
    rated = [story for story in stories.values() if story[-1][1]]
    assert rated
    assert all(story[0][1] is None for story in rated if len(story) > 1)
    assert {status for story in rated for status, score in story if score} == {"closed"}


def receipts(landing: Path, pattern: str) -> dict[str, pa.Table]:
    text = csv.ConvertOptions(column_types={"loyalty_card": pa.string(), "amount": pa.string()})
    found = sorted((landing / "pos" / "receipt_lines").glob(pattern))
    return {path.name: csv.read_csv(path, convert_options=text) for path in found}


def test_each_store_group_sends_one_file_a_night(lived_days: tuple[Path, Tools, list[DayExports]]) -> None:
    nightly = receipts(lived_days[0], "*-group-?.csv.gz")
    assert len(nightly) == DAYS * 4
    for name, table in nightly.items():
        groups = store_group(table["store_id"].combine_chunks())
        assert set(groups.tolist()) == {int(name.split("group-")[1][0])}
        assert {str(day) for day in pc.strftime(table["sold_at"], "%Y-%m-%d").to_pylist()} == {name[:10]}


def test_some_files_come_again_identical_and_some_corrected(
    lived_days: tuple[Path, Tools, list[DayExports]],
) -> None:
    folder = lived_days[0] / "pos" / "receipt_lines"
    kinds = set()
    for again in folder.glob("*-again-*.csv.gz"):
        first = folder / (again.name.split("-again-")[0] + ".csv.gz")
        if first.exists():
            same = hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()
            kinds.add("identical" if same else "corrected")
    assert kinds == {"identical", "corrected"}


def test_a_corrected_file_has_the_same_lines_and_the_right_amounts(
    lived_days: tuple[Path, Tools, list[DayExports]],
) -> None:
    wrong = 0
    for name, right in receipts(lived_days[0], "*-again-*.csv.gz").items():
        first = receipts(lived_days[0], name.split("-again-")[0] + ".csv.gz")
        for table in first.values():
            assert table["receipt_line_id"].to_pylist() == right["receipt_line_id"].to_pylist()
            pairs = zip(table["amount"].to_pylist(), right["amount"].to_pylist(), strict=True)
            differing = [(a, b) for a, b in pairs if a != b]
            assert all(float(a) == pytest.approx(float(b) * 10) for a, b in differing)
            wrong += len(differing)
    assert wrong > 0


def test_tills_often_lack_the_card_and_cashiers_lend_theirs() -> None:
    retailer = lived(4000, 80)
    told = pa.concat_tables(
        retailer.live_day(day, retailer.siloed_sends(day))["pos.receipt_lines"]
        for day in (GO_LIVE + timedelta(days=n) for n in range(8))
    )
    receipts_of = told.group_by(["receipt_id", "loyalty_card", "payment_hash"]).aggregate([])
    without = receipts_of["loyalty_card"].null_count / len(receipts_of)
    assert 0.3 < without < 0.8
    by_card = receipts_of.filter(pc.is_valid(receipts_of["loyalty_card"])).group_by("loyalty_card")
    payers = by_card.aggregate([("payment_hash", "count_distinct")])
    assert pc.max(payers["payment_hash_count_distinct"]).as_py() >= 4, "a cashier's card serves strangers"
