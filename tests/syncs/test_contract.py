"""What every connector promises, tested over all of them by existing."""

from __future__ import annotations

import traceback

import pytest

from sandbox.tools.vendors import vendor_kinds
from syncs.__main__ import table
from syncs.catalogue import connector_for, connector_names
from syncs.connector import Connector
from syncs.errors import BadRows, BadSetup, SyncError, TryLater
from tests.syncs.conftest import (
    ERASERS,
    EXERCISES,
    MATCHERS,
    WRITERS,
    exercise,
    meet,
    people,
    speaks_http,
    tool,
)

EVERY = pytest.mark.parametrize(("verb", "name"), EXERCISES, ids=lambda value: value)
WRITING = pytest.mark.parametrize("name", WRITERS)

SHORTER_THAN_THE_FAULT = (1.0, 0.4)


@pytest.fixture(autouse=True)
def known_people(toolbox):
    for name in WRITERS:
        connector = connector_for(name, {})
        meet(toolbox, connector, people(connector, 1))


def test_the_table_for_people_names_every_tool():
    told = table().splitlines()
    assert [line.split("`")[1] for line in told[2:]] == connector_names()
    assert len({line.count("|") for line in told}) == 1


def test_every_connector_is_exercised_here():
    assert {name for name in connector_names() if speaks_http(name)} == {name for _, name in EXERCISES}


@pytest.mark.parametrize("name", connector_names())
def test_a_connector_states_its_facts(name):
    connector = connector_for(name, {})
    assert connector.name == name
    assert connector.base_url_variable
    assert connector.secret_variables
    assert type(connector).__doc__
    assert bool(connector.streams) == (type(connector).read is not Connector.read)
    if speaks_http(name):
        assert (connector.example is not None) == (type(connector).write is not Connector.write)
    assert connector.can_list == (type(connector).list_members is not Connector.list_members)
    assert connector.can_erase == (type(connector).erase is not Connector.erase)


@EVERY
def test_the_ordinary_thing_works(connect, verb, name):
    done = exercise(connect(name), verb)
    if verb == "write":
        assert [outcome.outcome for outcome in done] == ["accepted"]


@EVERY
def test_a_missing_secret_is_named_and_nothing_is_sent(toolbox, verb, name):
    connector = connector_for(name, {})
    before = toolbox.requests(tool(name))
    with pytest.raises(BadSetup, match=r"environment variable [A-Z_]+ is not set"):
        exercise(connector, verb)
    assert toolbox.requests(tool(name)) == before


@EVERY
@pytest.mark.parametrize("fault", ["401", "403"])
def test_a_refused_key_needs_a_person_and_is_not_tried_again(connect, toolbox, verb, name, fault):
    toolbox.misbehave(tool(name), fault, times=9)
    before = toolbox.requests(tool(name))
    with pytest.raises(BadSetup):
        exercise(connect(name), verb)
    assert toolbox.requests(tool(name)) == before + 1


@EVERY
@pytest.mark.parametrize("fault", ["404", "409"])
def test_what_is_not_there_or_there_already_is_not_asked_for_again(connect, toolbox, verb, name, fault):
    toolbox.misbehave(tool(name), fault, times=9)
    before = toolbox.requests(tool(name))
    try:
        done = exercise(connect(name), verb)
    except (BadSetup, BadRows):
        done = []
    assert toolbox.requests(tool(name)) == before + 1
    assert not any(outcome.outcome == "accepted" for outcome in done)


@EVERY
@pytest.mark.parametrize("fault", ["429", "429_date"])
def test_it_waits_as_long_as_it_is_told(connect, toolbox, waiting, verb, name, fault):
    toolbox.misbehave(tool(name), fault, seconds=20)
    exercise(connect(name), verb)
    assert waiting.waits
    assert 18 <= waiting.waits[0] <= 21


@EVERY
def test_a_longer_wait_than_the_deadline_is_left_to_the_next_run(connect, toolbox, waiting, verb, name):
    toolbox.misbehave(tool(name), "429", times=9, seconds=21_600)
    with pytest.raises(TryLater) as told:
        exercise(connect(name), verb)
    assert told.value.retry_after == 21_600
    assert not told.value.is_ambiguous
    assert not waiting.waits


@EVERY
@pytest.mark.parametrize("fault", ["500_before", "503"])
def test_a_tool_that_is_down_is_tried_again_and_then_left(connect, toolbox, verb, name, fault):
    if verb == "read" or connect(name).is_repeatable:
        toolbox.misbehave(tool(name), fault, times=2)
        exercise(connect(name), verb)
    toolbox.misbehave(tool(name), fault, times=50)
    with pytest.raises(TryLater):
        exercise(connect(name), verb)


@WRITING
@pytest.mark.parametrize("fault", ["timeout_after", "reset_after", "500_after"])
def test_a_write_of_which_nothing_was_heard_is_ambiguous(connect, toolbox, name, fault):
    connector = connect(name)
    exercise(connector, "write")
    connector.attempts = 2
    connector.timeout = SHORTER_THAN_THE_FAULT if fault == "timeout_after" else connector.timeout
    for method in ("POST", "PUT"):
        toolbox.misbehave(tool(name), fault, times=50, seconds=0.5, method=method)
    with pytest.raises(TryLater) as told:
        exercise(connector, "write")
    assert told.value.is_ambiguous


@EVERY
def test_a_tool_that_cannot_be_reached_has_seen_nothing(connect, verb, name):
    connector = connect(name)
    connector.environment = {**connector.environment, connector.base_url_variable: "http://127.0.0.1:9"}
    with pytest.raises(TryLater) as told:
        exercise(connector, verb)
    assert not told.value.is_ambiguous


@EVERY
def test_a_redirect_is_refused_and_not_followed(connect, toolbox, verb, name):
    toolbox.misbehave(tool(name), "redirect", times=9)
    before = toolbox.requests(tool(name))
    with pytest.raises(BadSetup, match="redirect"):
        exercise(connect(name), verb)
    assert toolbox.requests(tool(name)) == before + 1


@EVERY
@pytest.mark.parametrize("fault", ["html_200", "cut_json"])
def test_an_answer_that_is_no_json_is_no_success(connect, toolbox, verb, name, fault):
    toolbox.misbehave(tool(name), fault, times=50)
    with pytest.raises(TryLater):
        exercise(connect(name), verb)


@EVERY
def test_an_empty_200_is_no_proof(connect, toolbox, verb, name):
    if verb == "write" and connect(name).example.status == 204:
        pytest.skip("a webhook's receiver owes nothing but its status")
    toolbox.misbehave(tool(name), "empty_200", times=50)
    with pytest.raises(TryLater):
        exercise(connect(name), verb)


@EVERY
def test_no_error_shows_a_secret_or_a_person(connect, toolbox, verb, name):
    texts = []
    for fault in (
        "401",
        "429",
        "500_before",
        "redirect",
        "html_200",
        "reset_after",
        "refuse",
        "timeout_before",
    ):
        toolbox.misbehave(tool(name), fault, times=50, seconds=0.5)
        connector = connect(name)
        connector.attempts = 1
        connector.timeout = SHORTER_THAN_THE_FAULT if fault == "timeout_before" else connector.timeout
        with pytest.raises(SyncError) as told:
            exercise(connector, verb)
        texts += [f"{told.value} {told.value!r}", "".join(traceback.format_exception(told.value))]
        toolbox.behave()
    connector = connect(name)
    hidden = [toolbox.environment[variable] for variable in connector.secret_variables]
    hidden += [str(value) for value in connector.example.identity.values()] if connector.example else []
    for shown in texts:
        assert not any(secret in shown for secret in [*hidden, "http://"])


@WRITING
def test_a_write_sent_twice_is_there_once(connect, toolbox, name):
    connector = connect(name)
    if not connector.is_repeatable:
        pytest.skip("the connector says so itself, and the engine never repeats it blindly")
    exercise(connector, "write")
    held = what_tools_hold(toolbox)
    exercise(connector, "write")
    assert what_tools_hold(toolbox) == held


@WRITING
def test_its_batch_is_not_larger_than_the_tool_takes(connect, toolbox, name):
    connector = connect(name)
    many = people(connector, connector.batch_rows)
    meet(toolbox, connector, many)
    outcomes = connector.write("add", connector.example.object, many)
    assert {outcome.outcome for outcome in outcomes} == {"accepted"}
    assert [outcome.op_id for outcome in outcomes] == [each.op_id for each in many]


@WRITING
def test_the_tools_own_way_of_saying_too_fast_is_heard(connect, toolbox, waiting, name):
    toolbox.misbehave(tool(name), "throttled", seconds=20)
    exercise(connect(name), "write")
    assert waiting.waits


MESSENGERS = {"slack_alert", "webhook"}  # what they sent is not taken back
VENDORS = pytest.mark.parametrize("name", sorted({*WRITERS} & {*vendor_kinds()} - MESSENGERS))


@VENDORS
def test_a_removal_takes_what_we_put_there_and_nobody_else(connect, toolbox, name):
    connector, held = connect(name), toolbox.tool(name)
    object = connector.example.object
    exercise(connector, "write")
    held.meet(["somebody-else@example.com"])
    held.put(object, ["somebody-else@example.com"])
    taken = exercise(connector, "write", "remove")
    again = exercise(connector, "write", "remove")
    assert [outcome.outcome for outcome in taken + again] == ["accepted", "accepted"]
    assert held.held()[object] & {"somebody-else@example.com"}
    assert not held.held()[object] & set(connector.example.identity.values())
    held.drop(object, held.held()[object])


@pytest.mark.parametrize("name", ERASERS)
def test_who_is_erased_is_gone_and_nobody_else(connect, toolbox, name):
    connector = connect(name)
    if name == "klaviyo":
        connector.write("add", "A list", [*people(connector, 1), *people(connector, 2)[1:]])
    exercise(connector, "write")
    one, other = (each.identity for each in people(connector, 2))
    meet(toolbox, connector, people(connector, 2)[1:])
    connector.write("add", connector.example.object, people(connector, 2)[1:])
    assert connector.erase([one, dict.fromkeys(one, ""), one]) == 1
    assert connector.erase([]) == 0
    known = str(whom_it_knows(toolbox.tool(name)))
    assert not [value for value in one.values() if value in known]
    assert [value for value in other.values() if value in known]
    connector.erase([one, other])


def whom_it_knows(held):
    if hasattr(held, "people"):
        return held.people(), held.held()
    return held.lists(), held.store.rows("select * from profiles"), held.store.rows("select * from events")


@VENDORS
def test_of_a_batch_half_taken_no_row_is_called_accepted_that_is_not_there(connect, toolbox, name):
    connector, held = connect(name), toolbox.tool(name)
    exercise(connector, "write")
    before = held.held().get(connector.example.object, set())
    many = people(connector, 9)[1:]
    meet(toolbox, connector, many)
    toolbox.misbehave(name, "partial", method="PUT" if name == "hubspot" else "POST")
    try:
        outcomes = connector.write("add", connector.example.object, many)
    except SyncError:
        outcomes = []
    there = held.held().get(connector.example.object, set()) - before
    assert sum(outcome.outcome == "accepted" for outcome in outcomes) <= len(there)


@WRITING
def test_a_tool_that_lists_its_people_shows_whom_we_put_there(connect, name):
    connector = connect(name)
    if not connector.can_list:
        pytest.skip("it does not show who is on a list")
    key = connector.identity_key(connector.example.identity)
    connector.write("add", "a list to look at", people(connector, 1))
    assert key in set(connector.list_members("a list to look at"))
    assert connector.identity_of(key) == connector.example.identity
    assert list(connector.list_members("nobody has made this one")) == [] or name == "till"


@VENDORS
def test_a_job_that_outlasts_the_run_is_staged_and_its_end_is_told_later(connect, name):
    connector = connect(name)
    if type(connector).job_status is Connector.job_status:
        pytest.skip("it keeps no jobs")
    connector.job_seconds = 0
    (staged,) = exercise(connector, "write")
    assert (staged.outcome, bool(staged.job_id)) == ("staged", True)
    (ended,) = connector.job_status(staged.job_id, people(connector, 1))
    assert ended.outcome == "accepted"


@VENDORS
def test_a_job_the_tool_has_forgotten_is_sent_again(connect, name):
    connector = connect(name)
    if type(connector).job_status is Connector.job_status:
        pytest.skip("it keeps no jobs")
    (ended,) = connector.job_status("999999", people(connector, 1))
    assert ended.outcome == "not_sent"


@VENDORS
def test_its_batch_weighs_no_more_than_the_tool_takes(connect, toolbox, name):
    assert connect(name).batch_bytes <= toolbox.tool(name).max_bytes


@pytest.mark.parametrize("name", ["braze", "slack_alert", "shopify"])
def test_who_says_how_long_is_waited_for_as_long(connect, toolbox, waiting, name):
    """An epoch, seconds, and points that come back so many a second."""
    toolbox.misbehave(name, "throttled", seconds=20)
    exercise(connect(name), "write")
    assert 18 <= waiting.waits[0] <= 21


@EVERY
def test_no_patience_outlasts_the_deadline(connect, toolbox, waiting, verb, name):
    toolbox.misbehave(tool(name), "503", times=50)
    connector = connect(name)
    connector.attempts = 50
    with pytest.raises(TryLater):
        exercise(connector, verb)
    assert sum(waiting.waits) <= connector.deadline_seconds


@pytest.mark.parametrize("name", ["mailchimp", "hubspot", "square", "shopify"])
def test_every_page_is_read_and_every_member_listed(connect, toolbox, name):
    connector, held = connect(name), toolbox.tool(name)
    keys = [connector.identity_key(each.identity) for each in people(connector, 1203)]
    held.meet(keys)
    records = exercise(connector, "read")
    assert len({str(record) for record in records}) == len(records) >= 1203
    exercise(connector, "write")
    held.put(connector.example.object, keys)
    listed = list(connector.list_members(connector.example.object))
    assert set(keys) <= set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", MATCHERS)
def test_who_counts_matches_says_how_many_and_nothing_of_a_small_or_unknown_list(connect, toolbox, name):
    connector, object = connect(name), "downbeat_matched"
    assert connector.matched(object) is None
    many = people(connector, 1100)
    for start in range(0, 1100, 1000):
        connector.write("add", object, many[start : start + 1000])
    found = connector.matched(object)
    counts = {found.people_from, found.people_to} - {None}
    assert counts <= {1100}
    assert {found.percent_from, found.percent_to} - {None} == (set() if counts else {100})
    connector.write("remove", object, many[:1000])
    small = connector.matched(object)
    assert small is None or small.people_to in (100, None)
    for fault in ("empty_200", "html_200", "503"):
        toolbox.misbehave(tool(name), fault, times=50)
        with pytest.raises(TryLater):
            connector.matched(object)
        toolbox.behave()


def what_tools_hold(toolbox):
    """Everything that a repeated write might have doubled or changed."""
    today = toolbox.clock.now().date()
    return [
        toolbox.klaviyo.messages(today),
        toolbox.meta.audiences(),
        toolbox.till.cards(),
        len(toolbox.onsite.received(today)),
        *(vendor.held() for vendor in toolbox.vendors),
    ]
