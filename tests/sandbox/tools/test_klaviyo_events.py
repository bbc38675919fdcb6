"""Klaviyo: messages go in as events, once each; what people did comes out by time."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from sandbox.tools import Toolbox
from tests.sandbox.tools.conftest import MORNING, Client

PATH = "/api/event-bulk-create-jobs"
TODAY = date(2026, 3, 2)


def event(unique_id: str, profile: dict[str, object], **more: object) -> dict[str, object]:
    attributes: dict[str, object] = {
        "metric": {"data": {"type": "metric", "attributes": {"name": "Downbeat Message"}}},
        "properties": {"channel": "email", "message_id": "promo_email", "decision_id": unique_id},
        "unique_id": unique_id,
        **more,
    }
    events = {"data": [{"type": "event", "attributes": attributes}]}
    person = {"data": {"type": "profile", "attributes": profile}}
    return {"type": "event-bulk-create", "attributes": {"profile": person, "events": events}}


def bulk(*events: dict[str, object]) -> dict[str, object]:
    attributes = {"events-bulk-create": {"data": list(events)}}
    return {"data": {"type": "event-bulk-create-job", "attributes": attributes}}


def test_messages_arrive_with_the_identifier_they_were_sent_to(toolbox: Toolbox, klaviyo: Client) -> None:
    body = bulk(
        event("d1", {"email": "ann@example.com"}),
        event("d2", {"phone_number": "+15550100199"}),
        event("d3", {"external_id": "token-3"}),
    )
    taken = klaviyo.ask("POST", PATH, body)
    assert (taken.status_code, taken.content) == (202, b"")
    found = toolbox.klaviyo.messages(TODAY)
    assert [(m["email"], m["phone"], m["device_token"]) for m in found] == [
        ("ann@example.com", None, None),
        (None, "+15550100199", None),
        (None, None, "token-3"),
    ]
    assert found[0]["decision_id"] == "d1"
    assert found[0]["received_at"] == "2026-03-02T06:00:00.000Z"
    assert toolbox.klaviyo.messages(TODAY + timedelta(days=1)) == []


def test_a_message_sent_twice_is_kept_once(toolbox: Toolbox, klaviyo: Client) -> None:
    body = bulk(event("d1", {"email": "ann@example.com"}), event("d2", {"email": "ann@example.com"}))
    assert [klaviyo.ask("POST", PATH, body).status_code for _ in range(2)] == [202, 202]
    toolbox.set_time(MORNING + timedelta(days=1))
    assert klaviyo.ask("POST", PATH, body).status_code == 202
    assert len(toolbox.klaviyo.messages(TODAY)) == 2
    assert toolbox.klaviyo.messages(TODAY + timedelta(days=1)) == []


def test_the_same_id_for_another_person_is_another_message(toolbox: Toolbox, klaviyo: Client) -> None:
    klaviyo.ask(
        "POST",
        PATH,
        bulk(event("d1", {"email": "ann@example.com"}), event("d1", {"email": "bob@example.com"})),
    )
    assert len(toolbox.klaviyo.messages(TODAY)) == 2


def test_an_id_repeated_in_one_request_refuses_the_request(toolbox: Toolbox, klaviyo: Client) -> None:
    answer = klaviyo.ask("POST", PATH, bulk(*[event("d1", {"email": "ann@example.com"})] * 2))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["pointer"].endswith("/unique_id")
    assert toolbox.klaviyo.messages(TODAY) == []


def test_every_bad_row_is_pointed_at_and_none_is_kept(toolbox: Toolbox, klaviyo: Client) -> None:
    body = bulk(
        event("d1", {"email": "ann@example.com"}),
        event("d2", {"email": "ann@nowhere"}),
        event("d3", {"phone_number": "0155"}),
        event("d4", {"first_name": "Ann"}),
    )
    answer = klaviyo.ask("POST", PATH, body)
    root = "/data/attributes/events-bulk-create/data"
    assert answer.status_code == 400
    assert [error["source"]["pointer"] for error in answer.json()["errors"]] == [
        f"{root}/1/attributes/profile/data/attributes/email",
        f"{root}/2/attributes/profile/data/attributes/phone_number",
        f"{root}/3/attributes/profile/data/attributes",
    ]
    assert "nowhere" not in answer.text
    assert toolbox.klaviyo.messages(TODAY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        event("d1", {"email": "a@b.co"}, channel="email"),
        event("d1", {"email": "a@b.co"}, properties="text"),
        event("d1", {"email": "a@b.co"}, time="soon"),
        event("d1", {"email": "a@b.co"}, time="1999-12-31T00:00:00Z"),
        event("d1", {"email": "a@b.co"}, time="2030-01-01T00:00:00Z"),
        event("d1", {"email": "a@b.co"}, metric={"name": "x"}),
        event("d1", {"email": "a@b.co"}, properties={f"p{n}": n for n in range(401)}),
        event("d1", {"email": "a@b.co", "mood": "good"}),
    ],
)
def test_events_outside_the_contract_are_refused(klaviyo: Client, wrong: dict[str, object]) -> None:
    assert klaviyo.ask("POST", PATH, bulk(wrong)).status_code == 400


def test_a_thousand_events_are_the_limit(toolbox: Toolbox, klaviyo: Client) -> None:
    many = [event(f"d{n}", {"email": f"p{n}@example.com"}) for n in range(1001)]
    assert klaviyo.ask("POST", PATH, bulk(*many)).status_code == 400
    assert klaviyo.ask("POST", PATH, bulk(*many[:1000])).status_code == 202
    assert len(toolbox.klaviyo.messages(TODAY)) == 1000


def happened(number: int, contact_type: str = "opened", channel: str = "email") -> dict[str, object]:
    return {
        "event_id": f"e{number}", "channel": channel, "contact_type": contact_type, "profile_id": "p1",
        "email": f"p{number % 7}@example.com", "phone": None, "device_token": None, "message_id": "promo_email",
        "campaign": "weekly_promo", "decision_id": f"d{number}", "is_machine": number % 2 == 0,
        "occurred_at": MORNING + timedelta(minutes=number // 2),
    }  # fmt: skip


def test_what_people_did_is_read_by_time_with_profile_and_metric(toolbox: Toolbox, klaviyo: Client) -> None:
    toolbox.klaviyo.publish_events([happened(n) for n in range(25)])
    found, params = [], {
        "filter": "greater-or-equal(datetime,2026-03-02T06:02:00Z),less-than(datetime,2026-03-02T06:10:00Z)",
        "sort": "datetime", "page[size]": "7", "include": "profile,metric",
    }  # fmt: skip
    page = klaviyo.ask("GET", "/api/events", params=params).json()
    while True:
        found += page["data"]
        if not page["links"]["next"]:
            break
        page = klaviyo.ask("GET", page["links"]["next"].removeprefix(klaviyo.url)).json()
    assert [row["id"] for row in found] == [f"e{n}" for n in range(4, 20)]
    said = found[0]["attributes"]
    assert said["datetime"] == "2026-03-02T06:02:00.000+00:00"
    assert said["event_properties"]["decision_id"] == "d4"
    assert said["event_properties"]["is_machine"] is True
    kinds = {row["type"]: row for row in page["included"]}
    assert kinds["metric"]["attributes"]["name"] == "Opened Email"
    assert kinds["profile"]["attributes"]["email"].endswith("@example.com")


def test_newest_events_come_first_unless_asked_otherwise(toolbox: Toolbox, klaviyo: Client) -> None:
    toolbox.klaviyo.publish_events([happened(n) for n in range(6)])
    toolbox.klaviyo.publish_events([happened(3)])
    rows = klaviyo.ask("GET", "/api/events", params={"page[size]": "1000"}).json()["data"]
    assert [row["id"] for row in rows] == ["e5", "e4", "e3", "e2", "e1", "e0"]


def test_our_own_messages_are_events_too_and_their_metric_can_be_asked_for(
    toolbox: Toolbox, klaviyo: Client
) -> None:
    klaviyo.ask("POST", PATH, bulk(event("d1", {"email": "ann@example.com"})))
    toolbox.klaviyo.publish_events([happened(1, "bounced", "sms")])
    page = klaviyo.ask("GET", "/api/events", params={"include": "metric"}).json()
    names = {row["attributes"]["name"]: row["id"] for row in page["included"]}
    assert set(names) == {"Downbeat Message", "Failed to Deliver SMS"}
    only = {"filter": f'equals(metric_id,"{names["Failed to Deliver SMS"]}")'}
    assert [row["id"] for row in klaviyo.ask("GET", "/api/events", params=only).json()["data"]] == ["e1"]


def test_the_journal_holds_no_query_and_no_body(toolbox: Toolbox, klaviyo: Client) -> None:
    klaviyo.ask("GET", "/api/profiles", params={"filter": 'equals(email,"ann@example.com")'})
    klaviyo.ask("POST", PATH, bulk(event("d1", {"email": "ann@example.com"})))
    lines = toolbox.klaviyo.store.rows("select * from requests")
    assert len(lines) == 2
    assert "ann" not in json.dumps(lines)
    assert toolbox.requests("klaviyo", path_contains="event-bulk") == 1
    assert toolbox.requests("klaviyo", method="GET") == 1
