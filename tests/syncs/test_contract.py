"""What every connector promises, tested over all of them by existing."""

from __future__ import annotations

import traceback

import pytest

from syncs.connector import Connector, connector_for, connector_names
from syncs.errors import BadSetup, SyncError, TryLater
from tests.syncs.conftest import EMAIL, EXERCISES, HASH, READS, WRITES, exercise

EVERY = pytest.mark.parametrize(("verb", "name"), EXERCISES, ids=lambda value: value)
WRITERS = pytest.mark.parametrize("name", WRITES)


def tool(name):
    return name.removesuffix("_webhook")


def test_every_connector_is_exercised_here():
    assert set(connector_names()) == {*READS, *WRITES, "letters_sftp"}


@pytest.mark.parametrize("name", connector_names())
def test_a_connector_states_its_facts(name):
    connector = connector_for(name, {})
    assert connector.name == name
    assert connector.base_url_variable
    assert connector.secret_variables
    assert bool(connector.streams) == (name in READS)
    assert (type(connector).write is not Connector.write) == (name in WRITES or name == "letters_sftp")


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
    toolbox.misbehave(tool(name), fault, times=2)
    exercise(connect(name), verb)
    toolbox.misbehave(tool(name), fault, times=50)
    with pytest.raises(TryLater):
        exercise(connect(name), verb)


@WRITERS
@pytest.mark.parametrize("fault", ["timeout_after", "reset_after", "500_after"])
def test_a_write_of_which_nothing_was_heard_is_ambiguous(connect, toolbox, name, fault):
    toolbox.misbehave(
        tool(name), fault, times=50, seconds=0.5, path_contains="/users" if name == "meta" else ""
    )
    connector = connect(name)
    connector.attempts = 2
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
    if name == "onsite_webhook":
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
        with pytest.raises(SyncError) as told:
            exercise(connector, verb)
        texts += [f"{told.value} {told.value!r}", "".join(traceback.format_exception(told.value))]
        toolbox.behave()
    secrets = [toolbox.environment[variable] for variable in connect(name).secret_variables]
    for shown in texts:
        assert not any(
            hidden in shown for hidden in [*secrets, EMAIL, HASH, "ck-secret", "9900112233", "http://"]
        )


@WRITERS
def test_a_write_sent_twice_is_there_once(connect, toolbox, name):
    connector = connect(name)
    exercise(connector, "write")
    held = [
        toolbox.klaviyo.messages(toolbox.clock.now().date()),
        toolbox.meta.audiences(),
        toolbox.till.cards(),
    ]
    onsite = len(toolbox.onsite.received(toolbox.clock.now().date()))
    exercise(connector, "write")
    now = [
        toolbox.klaviyo.messages(toolbox.clock.now().date()),
        toolbox.meta.audiences(),
        toolbox.till.cards(),
    ]
    assert now == held
    assert len(toolbox.onsite.received(toolbox.clock.now().date())) == onsite
