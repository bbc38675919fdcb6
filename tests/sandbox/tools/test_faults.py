"""Misbehaviour on order: each fault looks as it does in the wild, and does what its name says to the state."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import pytest
import requests

from sandbox.tools import Toolbox
from sandbox.tools.faults import FAULTS
from tests.sandbox.tools.conftest import Client

ROWS = [{"card": f"L{n}"} for n in range(4)]
# fault: (status of the answer, or None for no answer; how many of the four rows are kept)
SHOWN = {
    "refuse": (None, 0),
    "timeout_before": (None, 0),
    "timeout_after": (None, 4),
    "reset_after": (None, 4),
    "429": (429, 0),
    "429_date": (429, 0),
    "throttled": (429, 0),
    "500_before": (500, 0),
    "500_after": (500, 4),
    "503": (503, 0),
    "partial": (207, 2),
    "html_200": (200, 0),
    "empty_200": (200, 0),
    "cut_json": (200, 4),
    "401": (401, 0),
    "403": (403, 0),
    "404": (404, 0),
    "409": (409, 0),
    "redirect": (307, 0),
}


def put(till: Client) -> requests.Response | None:
    try:
        return till.ask("PUT", "/v1/cards", ROWS)
    except requests.ConnectionError:
        return None


@pytest.mark.parametrize("fault", sorted(SHOWN))
def test_a_fault_shows_once_and_then_the_tool_is_well_again(
    toolbox: Toolbox, till: Client, fault: str
) -> None:
    status, kept = SHOWN[fault]
    toolbox.misbehave("till", fault, seconds=0.1)
    answer = put(till)
    assert (answer.status_code if answer is not None else None) == status
    assert len(toolbox.till.cards()) == kept
    well = put(till)
    assert well is not None
    assert well.status_code == 200
    assert len(toolbox.till.cards()) == 4
    assert toolbox.requests("till") == 2


def test_every_fault_is_tried_here() -> None:
    assert set(SHOWN) | {"late"} == set(FAULTS)


def test_a_late_request_lands_after_its_caller_has_given_up(toolbox: Toolbox, till: Client) -> None:
    toolbox.misbehave("till", "late", seconds=0.3)
    assert put(till) is None
    assert toolbox.till.cards() == {}
    deadline = time.monotonic() + 5
    while not toolbox.till.cards() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(toolbox.till.cards()) == 4


def test_a_timeout_holds_the_line_longer_than_the_client_waits(toolbox: Toolbox, till: Client) -> None:
    toolbox.misbehave("till", "timeout_after", seconds=1.0)
    with pytest.raises(requests.ReadTimeout):
        till.ask("PUT", "/v1/cards", ROWS, timeout=0.3)
    assert len(toolbox.till.cards()) == 4


def test_bodies_that_only_look_like_success(toolbox: Toolbox, till: Client) -> None:
    for fault in ("html_200", "empty_200", "cut_json"):
        toolbox.misbehave("till", fault)
        answer = till.ask("PUT", "/v1/cards", ROWS)
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.text)


def test_retry_after_is_said_in_seconds_or_as_a_date(toolbox: Toolbox, till: Client) -> None:
    toolbox.misbehave("till", "429", seconds=7)
    assert till.ask("GET", "/v1/cards").headers["Retry-After"] == "7"
    toolbox.misbehave("till", "429_date", seconds=30)
    until = parsedate_to_datetime(till.ask("GET", "/v1/cards").headers["Retry-After"])
    assert 25 <= until.timestamp() - time.time() <= 30


def test_a_redirect_leads_to_another_host_where_followers_are_counted(toolbox: Toolbox, till: Client) -> None:
    toolbox.misbehave("till", "redirect", times=2)
    answer = till.ask("PUT", "/v1/cards", ROWS)
    assert answer.headers["Location"].startswith("http://localhost:")
    assert toolbox.requests("till", path_contains="/trap") == 0
    till.ask("PUT", "/v1/cards", ROWS, allow_redirects=True)
    assert toolbox.requests("till", path_contains="/trap") == 1


def test_faults_wait_for_the_path_and_method_they_are_meant_for(toolbox: Toolbox, till: Client) -> None:
    toolbox.misbehave("till", "503", times=2, path_contains="/v1/cards", method="DELETE")
    toolbox.misbehave("till", "500_before", path_contains="/elsewhere")
    assert till.ask("GET", "/v1/cards").status_code == 200
    gone = {"cards": ["L1"]}
    assert [till.ask("DELETE", "/v1/cards", gone).status_code for _ in range(3)] == [503, 503, 200]
    toolbox.behave()
    assert till.ask("GET", "/elsewhere").status_code == 404


def test_faults_are_spoken_in_each_tools_own_dialect(toolbox: Toolbox, klaviyo: Client, meta: Client) -> None:
    for fault, status, code in (
        ("401", 401, 190),
        ("403", 403, 200),
        ("500_before", 500, 2),
        ("throttled", 400, 80003),
    ):
        toolbox.misbehave("meta", fault)
        answer = meta.ask("GET", "/1")
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    toolbox.misbehave("klaviyo", "throttled", seconds=3)
    answer = klaviyo.ask("GET", "/api/lists")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json()["errors"][0]["code"] == "throttled"


def test_half_of_a_request_that_has_no_way_to_say_so_ends_in_500(toolbox: Toolbox, klaviyo: Client) -> None:
    people = [{"type": "profile", "attributes": {"email": f"p{n}@example.com"}} for n in range(4)]
    job = {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}}}
    toolbox.misbehave("klaviyo", "partial", path_contains="import")
    number = klaviyo.ask("POST", "/api/profile-bulk-import-jobs", {"data": job}).json()["data"]["id"]
    for _ in range(2):
        shown = klaviyo.ask("GET", f"/api/profile-bulk-import-jobs/{number}").json()["data"]["attributes"]
    assert (shown["completed_count"], shown["failed_count"]) == (2, 2)
    made = klaviyo.ask("POST", "/api/lists", {"data": {"type": "list", "attributes": {"name": "x"}}}).json()[
        "data"
    ]
    refs = [
        {"type": "profile", "id": row["id"]} for row in klaviyo.ask("GET", "/api/profiles").json()["data"]
    ]
    toolbox.misbehave("klaviyo", "partial", path_contains="relationships")
    answer = klaviyo.ask("POST", f"/api/lists/{made['id']}/relationships/profiles", {"data": refs})
    assert answer.status_code == 500
    assert len(toolbox.klaviyo.lists()["x"]) == 1


def test_an_unknown_fault_or_tool_is_said_at_once(toolbox: Toolbox) -> None:
    with pytest.raises(ValueError, match="no fault"):
        toolbox.misbehave("till", "gremlins")
    with pytest.raises(ValueError, match="no HTTP tool"):
        toolbox.misbehave("letters", "503")
