"""What a delivery does, in which order, and what it never does."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from orchestration.delivery.report import Gate
from orchestration.delivery.stops import StopList
from orchestration.lease import SomebodyElseHoldsIt
from tests.orchestration.delivery.receiver import AUDIENCE, MESSAGES, OPEN, SUPPRESSION, ToolConnector, member


def ledger_rows(world):
    with duckdb.connect(str(world.home.ledgers / "tool.duckdb")) as connection:
        return [
            connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("intents", "outcomes")
        ]


def everyone():
    return [
        *(member(AUDIENCE, f"a{n}", payload={"tier": n}) for n in range(6)),
        *(member(SUPPRESSION, f"s{n}") for n in range(3)),
        *(member(MESSAGES, f"m{n}", decision=f"d{n}") for n in range(5)),
    ]


def test_the_tool_ends_up_with_exactly_what_the_release_wants(world):
    report = world.deliver(world.want(*everyone()))
    assert world.on(AUDIENCE) == {f"a{n}@example.com" for n in range(6)}
    assert world.on(SUPPRESSION) == {f"s{n}@example.com" for n in range(3)}
    assert world.receiver.messages == {f"d{n}": f"m{n}@example.com" for n in range(5)}
    assert report.rows("accepted") == 14
    assert report.is_well


def test_a_second_run_with_nothing_new_asks_nothing_and_writes_nothing(world):
    wanted = world.want(*everyone())
    world.deliver(wanted)
    before, rows = len(world.receiver.seen), ledger_rows(world)
    report = world.deliver(world.want(*everyone()))
    assert (len(world.receiver.seen), ledger_rows(world)) == (before, rows)
    assert report.is_quiet


def test_what_protects_people_goes_first(world):
    world.deliver(world.want(member(AUDIENCE, "ann"), member(SUPPRESSION, "bob")))
    world.receiver.seen.clear()
    world.deliver(
        world.want(member(AUDIENCE, "bob"), member(SUPPRESSION, "ann"), member(MESSAGES, "bob", decision="d"))
    )
    assert [(change, object) for change, object, _ in world.receiver.seen] == [
        ("add", SUPPRESSION),
        ("remove", AUDIENCE),
        ("remove", SUPPRESSION),
        ("add", AUDIENCE),
        ("add", MESSAGES),
    ]


def test_a_failed_gate_freezes_only_what_is_permissive_on_its_list(world):
    world.deliver(world.want(member(AUDIENCE, "ann"), member(SUPPRESSION, "bob")))
    gates = OPEN | {AUDIENCE: Gate(False, "grew too much")}
    report = world.deliver(world.want(member(AUDIENCE, "cid"), member(MESSAGES, "dan", decision="d")), gates)
    assert world.on(AUDIENCE) == set(), "the removal went through, the addition did not"
    assert world.on(SUPPRESSION) == set()
    assert set(world.receiver.messages) == {"d"}
    assert report.frozen == {AUDIENCE: "grew too much"}
    world.deliver(world.want(member(AUDIENCE, "cid"), member(MESSAGES, "dan", decision="d")))
    assert world.on(AUDIENCE) == {"cid@example.com"}


def test_a_list_no_gate_has_looked_at_stays_shut(world):
    report = world.deliver(world.want(member(AUDIENCE, "ann"), member(SUPPRESSION, "bob")), gates={})
    assert (world.on(AUDIENCE), world.on(SUPPRESSION)) == (set(), {"bob@example.com"})
    assert AUDIENCE in report.frozen


def test_a_removal_carries_the_address_as_it_was_added(world):
    world.deliver(world.want(member(AUDIENCE, "ann", email="old@example.com")))
    world.receiver.seen.clear()
    world.deliver(world.want(member(AUDIENCE, "ann", email="new@example.com")))
    assert world.receiver.seen == [
        ("remove", AUDIENCE, ["old@example.com"]),
        ("add", AUDIENCE, ["new@example.com"]),
    ]


def test_a_new_address_on_a_suppression_is_there_before_the_old_one_goes(world):
    world.deliver(world.want(member(SUPPRESSION, "ann", email="old@example.com")))
    world.receiver.seen.clear()
    world.deliver(world.want(member(SUPPRESSION, "ann", email="new@example.com")))
    assert [change for change, _, _ in world.receiver.seen] == ["add", "remove"]


def test_two_customers_with_one_address_are_one_member_until_both_are_gone(world):
    shared = [member(AUDIENCE, who, email="home@example.com") for who in ("ann", "bob")]
    world.deliver(world.want(*shared))
    world.deliver(world.want(shared[1]))
    assert world.on(AUDIENCE) == {"home@example.com"}
    world.deliver(world.want())
    assert world.on(AUDIENCE) == set()


def test_a_changed_payload_is_an_update(world):
    world.deliver(world.want(member(AUDIENCE, "ann", payload={"tier": 1})))
    world.receiver.seen.clear()
    world.deliver(world.want(member(AUDIENCE, "ann", payload={"tier": 2})))
    assert world.receiver.seen == [("update", AUDIENCE, ["ann@example.com"])]
    assert world.receiver.lists[AUDIENCE]["ann@example.com"] == '{"tier": 2}'


def test_a_message_is_sent_once_however_often_it_is_released(world):
    world.deliver(world.want(member(MESSAGES, "ann", decision="d1")))
    world.deliver(world.want(member(MESSAGES, "ann", decision="d1"), member(MESSAGES, "ann", decision="d2")))
    assert [keys for _, _, keys in world.receiver.seen] == [["ann@example.com"], ["ann@example.com"]]
    assert set(world.receiver.messages) == {"d1", "d2"}


def test_an_expired_decision_is_not_sent(world):
    late = {"expires_at": "2026-11-21 11:59:59"}
    due = {"expires_at": "2026-11-21T12:30:00"}
    report = world.deliver(
        world.want(
            member(MESSAGES, "ann", payload=late, decision="d1"),
            member(MESSAGES, "bob", payload=due, decision="d2"),
        )
    )
    assert set(world.receiver.messages) == {"d2"}
    assert report.rows("held", MESSAGES) == 1


def test_one_poisoned_row_does_not_block_the_others(world):
    world.receiver.poison = {"a4@example.com"}
    report = world.deliver(world.want(*everyone()))
    assert world.on(AUDIENCE) == {f"a{n}@example.com" for n in range(6) if n != 4}
    assert report.rows("rejected") == 1
    world.receiver.seen.clear()
    assert world.deliver(world.want(*everyone())).is_quiet, "a refused row is not asked again unchanged"


def test_a_tool_that_refuses_everything_is_not_asked_row_by_row(world, monkeypatch):
    monkeypatch.setattr(ToolConnector, "batch_rows", 400)
    rows = [member(AUDIENCE, f"a{n}") for n in range(400)]
    world.receiver.poison = {f"a{n}@example.com" for n in range(400)}
    report = world.deliver(world.want(*rows))
    assert len(world.receiver.seen) < 40
    assert report.needs_a_person
    assert "refuses every row" in report.stopped


def test_a_protection_that_was_taken_along_with_another_comes_back(world):
    """Some tools remove people, not rows: whoever shares an identifier with a removed one goes with it."""
    old = {"email": "x@example.com", "phone": "1"}
    new = {"email": "x@example.com", "phone": "2"}
    world.deliver(world.want(member(SUPPRESSION, "ann", identity=old)))
    world.receiver.seen.clear()
    world.deliver(world.want(member(SUPPRESSION, "ann", identity=new)))
    assert [change for change, _, _ in world.receiver.seen] == ["add", "remove", "add"]
    assert world.on(SUPPRESSION) == {"x@example.com"}
    assert world.deliver(world.want(member(SUPPRESSION, "ann", identity=new))).is_quiet


def test_a_person_whose_protection_is_refused_gets_nothing_permissive(world):
    world.receiver.poison = {"bad@example.com"}
    report = world.deliver(
        world.want(
            member(SUPPRESSION, "ann", email="bad@example.com"),
            member(MESSAGES, "ann", decision="d1"),
            member(MESSAGES, "bob", decision="d2"),
        )
    )
    assert set(world.receiver.messages) == {"d2"}
    assert not report.is_well
    world.now += timedelta(hours=21)
    world.receiver.seen.clear()
    world.deliver(world.want(member(SUPPRESSION, "ann", email="bad@example.com")))
    assert world.receiver.seen, "a refused protection is asked for again the next day"


def test_while_a_protection_is_unsettled_nothing_permissive_starts(world):
    world.receiver.faults = ["timeout_before"]
    report = world.deliver(world.want(member(SUPPRESSION, "ann"), member(AUDIENCE, "bob")))
    assert world.on(AUDIENCE) == set()
    assert report.stopped
    assert AUDIENCE in report.frozen


def test_an_unknown_outcome_is_asked_again_and_converges(world):
    for fault in ("timeout_before", "timeout_after", "partial", "nonsense", "busy", "key"):
        world.receiver.faults = [fault]
        wanted = world.want(*(member(AUDIENCE, f"{fault}{n}") for n in range(3)))
        world.deliver(wanted)
        world.now += timedelta(minutes=11)
        world.deliver(wanted)
        assert world.on(AUDIENCE) == {f"{fault}{n}@example.com" for n in range(3)}, fault


def test_a_removal_follows_an_addition_of_which_nothing_was_heard(world):
    world.receiver.faults = ["timeout_after"]
    world.deliver(world.want(member(AUDIENCE, "ann")))
    assert world.on(AUDIENCE) == {"ann@example.com"}
    world.deliver(world.want())
    assert world.on(AUDIENCE) == set()


def test_a_request_that_lands_late_is_put_right(world):
    world.receiver.faults = ["late"]
    world.deliver(world.want(member(AUDIENCE, "ann")))
    nobody = world.want()
    world.deliver(nobody)
    for change, object, members in world.receiver.late:
        world.receiver.apply(change, object, members)
    assert world.on(AUDIENCE) == {"ann@example.com"}, "the late request landed after our removal"
    world.now += timedelta(minutes=11)
    world.deliver(nobody)
    assert world.on(AUDIENCE) == set()
    assert world.deliver(nobody).is_quiet


def test_a_bug_in_a_connector_shows_no_person(world):
    world.receiver.faults = ["nonsense"]
    report = world.deliver(world.want(member(AUDIENCE, "ann")))
    assert "example.com" not in report.stopped
    assert report.needs_a_person


def test_a_wrong_key_stops_the_list_and_asks_for_a_person(world):
    world.receiver.faults = ["key"] * 2
    report = world.deliver(world.want(member(SUPPRESSION, "ann"), member(AUDIENCE, "bob")))
    assert report.needs_a_person
    assert world.on(AUDIENCE) == set()


def test_whoever_withdraws_gets_nothing_and_is_taken_off(world):
    wanted = world.want(member(AUDIENCE, "ann"), member(AUDIENCE, "bob"))
    world.deliver(wanted)
    StopList.of(world.home).stop(world.now, customer_id="ann")
    StopList.of(world.home).stop(world.now, identifier="cid@example.com")
    world.deliver(
        world.want(
            member(AUDIENCE, "ann"),
            member(AUDIENCE, "bob"),
            member(MESSAGES, "ann", decision="d1"),
            member(MESSAGES, "cid", decision="d2"),
            member(MESSAGES, "bob", decision="d3"),
        )
    )
    assert world.on(AUDIENCE) == {"bob@example.com"}
    assert set(world.receiver.messages) == {"d3"}


def test_a_withdrawal_during_a_run_stops_the_next_request(world):
    stop_list = StopList.of(world.home)

    def withdraw(point):
        if point == "after_response":
            stop_list.stop(world.now, customer_id="m7")

    world.deliver(
        world.want(*(member(MESSAGES, f"m{n}", decision=f"d{n}") for n in range(8))), passing=withdraw
    )
    assert set(world.receiver.messages) == {f"d{n}" for n in range(7)}


def test_a_torn_stop_list_stops_everything_permissive_and_nothing_else(world):
    world.home.root.mkdir(parents=True)
    (world.home.root / "stop_list.ndjson").write_text('{"customer_id": "an')
    report = world.deliver(world.want(member(AUDIENCE, "ann"), member(SUPPRESSION, "bob")))
    assert (world.on(AUDIENCE), world.on(SUPPRESSION)) == (set(), {"bob@example.com"})
    assert "torn" in report.frozen[AUDIENCE]


def test_a_lost_ledger_freezes_what_is_permissive_until_it_is_rebuilt(world):
    world.deliver(world.want(member(AUDIENCE, "ann"), member(SUPPRESSION, "bob")))
    for file in world.home.ledgers.iterdir():
        file.unlink()
    for _ in range(2):
        report = world.deliver(world.want(member(AUDIENCE, "cid"), member(SUPPRESSION, "dan")))
        assert world.on(AUDIENCE) == {"ann@example.com"}
        assert world.on(SUPPRESSION) == {"bob@example.com", "dan@example.com"}
        assert "lost" in report.frozen[AUDIENCE]


def test_an_older_copy_of_the_ledger_counts_as_lost(world):
    world.deliver(world.want(member(AUDIENCE, "ann")))
    file = world.home.ledgers / "tool.duckdb"
    copy = file.read_bytes()
    world.deliver(world.want(member(AUDIENCE, "ann"), member(AUDIENCE, "bob")))
    file.write_bytes(copy)
    report = world.deliver(world.want(member(AUDIENCE, "cid")))
    assert "lost" in report.frozen[AUDIENCE]


def test_two_runs_of_one_destination_do_not_overlap(world):
    def again(point):
        if point == "after_prepare":
            with pytest.raises(SomebodyElseHoldsIt):
                world.deliver(wanted)

    wanted = world.want(member(AUDIENCE, "ann"))
    world.deliver(wanted, passing=again)
    assert world.on(AUDIENCE) == {"ann@example.com"}


def test_requests_are_cut_by_rows_and_only_where_they_must_by_bytes(world, monkeypatch):
    monkeypatch.setattr(ToolConnector, "batch_rows", 5)
    monkeypatch.setattr(ToolConnector, "batch_bytes", 2100)
    world.deliver(world.want(*(member(AUDIENCE, f"a{n:02}") for n in range(20))))
    assert [len(keys) for _, _, keys in world.receiver.seen] == [5, 5, 5, 5]
    long = {"note": "x" * 700}
    world.receiver.seen.clear()
    world.deliver(world.want(*(member(AUDIENCE, f"b{n}", payload=long) for n in range(4))))
    added = [len(keys) for change, _, keys in world.receiver.seen if change == "add"]
    assert sum(added) == 4
    assert max(added) <= 2
