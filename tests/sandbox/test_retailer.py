"""The retailer as a whole: repeatable, branching, and telling its systems no more than they could know."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from sandbox.columns import STAGING, schema
from sandbox.retailer import Retailer
from sandbox.sends import Sends
from sandbox.streams import CATALOGUES, REGISTERS, STREAMS
from tests.sandbox.worlds import GO_LIVE, files, live_siloed, lived

KEYS = {
    f"{source['name']}.{table['name']}": table["config"]["meta"]["key"]
    for path in STAGING.glob("*/_*__sources.yml")
    for source in yaml.safe_load(path.read_text())["sources"]
    for table in source["tables"]
}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    Retailer.create(300, 3, GO_LIVE, 40).write_history(folder)
    return folder


def test_the_same_seed_writes_the_same_bytes(landing: Path, tmp_path: Path) -> None:
    Retailer.create(300, 3, GO_LIVE, 40).write_history(tmp_path)
    first, second = files(landing), files(tmp_path)
    assert [f.relative_to(landing) for f in first] == [f.relative_to(tmp_path) for f in second]
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(first, second, strict=True))


def test_another_seed_has_other_people(landing: Path, tmp_path: Path) -> None:
    Retailer.create(300, 4, GO_LIVE, 40).write_history(tmp_path)
    name = "shop/accounts/history-2026-09.parquet"
    assert (landing / name).read_bytes() != (tmp_path / name).read_bytes()


def test_history_has_every_stream(landing: Path) -> None:
    written = {".".join(f.relative_to(landing).parts[:2]) for f in files(landing)}
    letters = {
        "mailhouse.mailings",
        "pos.coupon_redemptions",
    }  # go to those who have not bought for two months
    assert written | letters == {*STREAMS, *REGISTERS, *CATALOGUES}


def test_branches_with_the_same_sends_live_identical_days() -> None:
    ours, theirs = lived(), lived()
    for number in range(5):
        day = GO_LIVE + timedelta(days=number)
        ours_wrote, theirs_wrote = (r.live_day(day, r.siloed_sends(day)) for r in (ours, theirs))
        assert ours_wrote.keys() == theirs_wrote.keys()
        assert all(ours_wrote[stream].equals(theirs_wrote[stream]) for stream in ours_wrote)


def test_branches_share_their_luck_and_differ_only_by_what_is_sent() -> None:
    ours, theirs = lived(), lived()
    a = ours.live_day(GO_LIVE, Sends.none())
    b = theirs.live_day(GO_LIVE, theirs.siloed_sends(GO_LIVE))
    assert len(a["klaviyo.events"]) == 0
    assert len(b["klaviyo.events"]) > 0
    nothing_sent, siloed = ours.books.chunks["lines"][-1], theirs.books.chunks["lines"][-1]
    anyway = siloed["cause"] < 0
    assert len(nothing_sent["person"]) > 0
    assert np.array_equal(siloed["person"][anyway], nothing_sent["person"])
    assert np.array_equal(siloed["product"][anyway], nothing_sent["product"])


def test_a_branch_keeps_its_future_to_itself() -> None:
    retailer = lived()
    before = retailer.state.fatigue.copy()
    branch = retailer.branch()
    live_siloed(branch, 3)
    assert np.array_equal(retailer.state.fatigue, before)
    assert retailer.next_day == branch.next_day - 3
    assert len(retailer.books.chunks["lines"]) == len(branch.books.chunks["lines"]) - 3


def test_days_are_lived_in_order() -> None:
    retailer = lived()
    with pytest.raises(ValueError, match="next day"):
        retailer.live_day(GO_LIVE + timedelta(days=1), Sends.none())


def test_a_past_is_written_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="past is over"):
        lived().write_history(tmp_path)


def test_a_live_day_fills_every_required_column_and_repeats_no_key() -> None:
    retailer = lived(2000, 45)
    for number in range(4):
        day = GO_LIVE + timedelta(days=number)
        for stream, table in retailer.live_day(day, retailer.siloed_sends(day)).items():
            assert table.schema == schema(stream), stream
            required = KEYS[stream]
            for column in required:
                assert table[column].null_count == 0, (stream, column)
            if stream != "pos.receipt_lines" and len(table):
                assert len(table.group_by(required).aggregate([])) == len(table), stream


def test_what_is_exported_does_not_name_true_persons() -> None:
    retailer = lived()
    told = retailer.live_day(GO_LIVE, retailer.siloed_sends(GO_LIVE))
    words = {column for table in told.values() for column in table.column_names}
    assert not words & {"person", "person_id", "cause", "caused", "is_known", "household_id"}
    cards = pc.drop_null(retailer.world.contacts.cards).to_pylist()
    assert cards != sorted(cards), "card numbers would give the order of persons away"


def test_addresses_and_numbers_can_reach_nobody() -> None:
    contacts = lived(2000, 45).world.contacts
    domains = {address.split("@")[1] for address in contacts.emails.to_pylist() if address}
    assert all(re.search(r"(^|\.)(example\.(com|net|org)|test)$", domain) for domain in domains)
    american = [number for number in contacts.phones.to_pylist() if number and number.startswith("+1")]
    assert all(re.fullmatch(r"\+1[2-9]\d{2}55501\d{2}", number) for number in american)


def test_numbers_beyond_the_fictional_ones_have_area_codes_nobody_has() -> None:
    from sandbox.contacts import _american

    numbers = _american(np.arange(60_000, 400_000))
    reserved = numbers[numbers % 10_000_000 // 100 != 55501]
    assert len(np.unique(numbers)) == len(numbers)
    assert set(np.unique(reserved // 10_000_000 // 10 % 10)) == {9}


def test_the_tools_drop_what_their_own_subscribers_refused() -> None:
    retailer = lived()
    people = np.arange(retailer.world.people.count)
    retailer.state.subscribed[:, 0] = False
    told = retailer.live_day(GO_LIVE, Sends.of(people, retailer.world.messages.index("promo_email"), 1))
    assert len(told["klaviyo.events"]) == 0
    assert retailer.books.dropped[retailer.next_day - 1] == len(people)


def test_decision_ids_come_back_with_what_people_did() -> None:
    retailer = lived(2000, 45)
    people = np.flatnonzero(retailer.state.subscribed[:, 0])
    sends = Sends.of(people, retailer.world.messages.index("promo_email"), 3)
    sends.decision_id[:] = [f"d-{number}" for number in people]
    told = retailer.live_day(GO_LIVE, sends)
    events = told["klaviyo.events"].filter(
        pc.not_equal(told["klaviyo.events"]["contact_type"], "unsubscribed")
    )
    assert events["decision_id"].null_count == 0
    owners, _ = retailer.world.contacts.owner("emails", events["email"].to_pylist())
    assert events["decision_id"].to_pylist() == [f"d-{owner}" for owner in owners]
    clicks = pc.sum(pc.equal(events["contact_type"], "clicked")).as_py()
    visits = told["site.events"].filter(pc.is_valid(told["site.events"]["utm_decision_id"]))
    assert len(visits) == clicks > 0


def test_old_logs_are_forgotten_but_no_opt_out_is(tmp_path: Path) -> None:
    retailer = Retailer.create(1500, 3, GO_LIVE, 60)
    retailer.write_history(tmp_path, log_days=10)
    events = pq.read_table(tmp_path / "klaviyo" / "events")
    old = events.filter(
        pc.less(events["occurred_at"], datetime.combine(GO_LIVE - timedelta(days=10), time()))
    )
    assert set(old["contact_type"].to_pylist()) == {"bounced", "complained", "unsubscribed"}
    in_tool = retailer.books.all("optouts")["origin"] == 0
    assert pc.sum(pc.equal(events["contact_type"], "unsubscribed")).as_py() == in_tool.sum()
