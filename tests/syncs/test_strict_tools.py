"""The sandbox's vendors take exactly what their contracts say: a field or row too many is refused, and no hash too."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import requests

from sandbox.tools.vendors import vendor_kinds
from syncs.catalogue import connector_for
from syncs.errors import BadSetup, TryLater
from syncs.shape import Answer
from tests.syncs.conftest import WRITERS, exercise, meet, member, people

PROJECT = Path(__file__).parents[2]
VENDORS = sorted({*WRITERS} & {*vendor_kinds()} - {"webhook"})
ONE_BY_ONE = {
    "shopify",
    "slack_alert",
    "square",
    "hubspot",
}  # or, for HubSpot, limited where people are looked up
AD_PLATFORMS = [name for name in WRITERS if getattr(connector_for(name, {}), "is_ad_platform", False)]


@pytest.fixture
def replay(connect, toolbox, sent):
    """Sends a connector's own write again, its body changed by a function. Returns whether the tool refused it."""

    def replay(name, change):
        connector = connect(name)
        meet(toolbox, connector, people(connector, 1))
        exercise(connector, "write")
        last = next(each for each in reversed(sent) if isinstance(each.body, dict))
        answer = requests.request(
            last.method,
            connector.base_url + last.path,
            json=change(copy.deepcopy(last.body)),
            headers=connector.headers(),
            params={"id_type": "email"} if name == "customerio" else {},
            timeout=20,
        )
        return answer.status_code >= 400 or not connector.codes.is_fine(
            Answer(200, answer.headers, answer.json())
        )

    return replay


def longest_list(body):
    """The list of a body that grows with its rows."""
    found = [value for value in body.values() if isinstance(value, list)]
    found += [
        inner
        for value in body.values()
        if isinstance(value, dict)
        for inner in [longest_list(value)]
        if inner
    ]
    return max(found, key=len, default=[])


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "square"])
def test_the_request_as_it_was_is_taken_again(replay, name):
    assert not replay(name, lambda body: body)


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "square"])  # its write has no body
def test_a_field_nobody_knows_is_refused(replay, name):
    assert replay(name, lambda body: {**body, "surprise": True})


@pytest.mark.parametrize("name", [name for name in VENDORS if name not in ONE_BY_ONE])
def test_a_row_more_than_the_limit_is_refused(replay, connect, name):
    def too_long(body):
        rows = longest_list(body)
        rows.extend(rows[:1] * (connect(name).batch_rows + 1 - len(rows)))
        return body

    assert replay(name, too_long)


@pytest.mark.parametrize("name", VENDORS)
def test_another_version_is_not_there(connect, sent, name):
    connector = connect(name)
    if not connector.version or connector.version not in sent_path(connector, sent):
        pytest.skip("its version is not in the path")
    path = sent_path(connector, sent).replace(connector.version, "v0.9")
    answer = requests.get(connector.base_url + path, headers=connector.headers(), timeout=10)
    assert answer.status_code == 404 or answer.json().get("code") == 40002


def sent_path(connector, sent):
    if not sent:
        exercise(connector, "write")
    return sent[-1].path


@pytest.mark.parametrize("name", AD_PLATFORMS)
def test_an_ad_platform_never_sees_an_address_or_a_number(connect, sent, name):
    connector = connect(name)
    if name == "meta":
        pytest.skip(
            "its people come hashed from the warehouse, and its sandbox counts what is no hash as invalid"
        )
    person = {"email": "ann.secret@example.com", "phone_number": "+15550100199"}
    payload = {"customer_consent": True}
    connector.write(
        "add",
        "downbeat_hashed",
        [member(1, person, payload), member(2, {"email": "", "phone_number": "+49"})],
    )
    connector.write("remove", "downbeat_hashed", [member(1, person)])
    written = str([each.body for each in sent])
    assert "@" not in written
    assert "5550100199" not in written
    assert "e3b0c442" not in written


@pytest.mark.parametrize("name", AD_PLATFORMS)
def test_an_ad_platform_is_not_told_what_a_list_is_about(connect, sent, name):
    connector = connect(name)
    with pytest.raises(BadSetup, match="neutral name"):
        connector.write("add", "people with diabetes", people(connector, 1))
    assert not sent


def test_the_models_know_which_tools_show_ads():
    """Theirs is the consent to paid social: a platform they do not know would be asked for another one."""
    macro = (PROJECT / "macros" / "house" / "is_ad_platform.sql").read_text()
    assert set(re.findall(r"'(\w+)'", macro)) == set(AD_PLATFORMS)


def test_nobody_is_unsubscribed_or_subscribed_to_move_a_list(connect, toolbox, sent):
    """Iterable's channel-wide unsubscribing stays off, and no consent, status or tag field ever leaves."""
    for name in VENDORS:
        connector = connect(name)
        meet(toolbox, connector, people(connector, 1))
        exercise(connector, "write")
        if name != "slack_alert":
            exercise(connector, "write", "remove")
    written = [each for each in sent if each.body]
    assert [each.body["channelUnsubscribe"] for each in written if "channelUnsubscribe" in each.body] == [
        False
    ]
    told = str([each.body for each in written])
    for word in ("subscription", "sync_tags", "status", "unsubscribed", "double_opt", "'tags': [{'"):
        assert word not in told.lower().replace("'termsofservice': {'customermatchtermsofservicestatus'", "")
    assert all(
        each.body.get("updateExistingUsersOnly") for each in written if each.path.endswith("lists/subscribe")
    )


def test_hubspot_is_never_asked_to_erase_an_address_it_does_not_know(connect, toolbox):
    """It would bar the address for good, and whoever has it could never be written to again."""
    hubspot, held = connect("hubspot"), toolbox.tool("hubspot")
    held.meet(["known@example.com"])
    assert hubspot.erase([{"email": "stranger@example.com"}, {"email": "known@example.com"}]) == 1
    assert held.store.count("select count(*) from messages where body = 'barred an address'") == 0


def test_a_zendesk_user_deleted_only_halfway_is_deleted_for_good_the_next_time(connect, toolbox):
    zendesk, held = connect("zendesk"), toolbox.tool("zendesk")
    held.meet(["half@example.com"])
    toolbox.misbehave("zendesk", "500_before", times=50, path_contains="deleted_users")
    with pytest.raises(TryLater):
        zendesk.erase([{"email": "half@example.com"}])
    toolbox.behave()
    assert held.held()["deleted users"]
    assert zendesk.erase([{"email": "HALF@example.com"}]) == 1
    assert not held.held()["deleted users"]
    assert zendesk.erase([{"email": "half@example.com"}]) == 0


def test_a_braze_address_of_several_profiles_is_erased_with_all_of_them(connect, toolbox, sent):
    braze = connect("braze")
    toolbox.tool("braze").meet(["ann.secret@example.com", "customer-77"])
    assert braze.erase([{"email": "ann.secret@example.com"}, {"external_id": "customer-77"}]) == 2
    (deleted,) = [each.body for each in sent if each.path == "/users/delete"]
    assert len(deleted["braze_ids"]) == 2
