"""The till's cards and the web site's signed webhook."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import pytest

from sandbox.tools import Toolbox
from sandbox.tools.onsite import signature
from tests.sandbox.tools.conftest import MORNING, Client

TODAY = date(2026, 3, 2)


def card(number: int, **fields: object) -> dict[str, object]:
    return {"card": f"L{number}", "lifecycle_stage": "active", "has_open_case": False, **fields}


def test_cards_are_put_replaced_and_taken_away(toolbox: Toolbox, till: Client) -> None:
    assert till.ask("PUT", "/v1/cards", [card(1), card(2)]).json() == {"accepted": 2, "errors": []}
    till.ask("PUT", "/v1/cards", [card(1, has_open_case=True)])
    gone = till.ask("DELETE", "/v1/cards", {"cards": ["L2", "L9"]})
    assert (gone.status_code, gone.json()["accepted"]) == (200, 2)
    assert toolbox.till.cards() == {"L1": card(1, has_open_case=True)}


def test_a_refused_row_is_named_and_the_others_are_kept(toolbox: Toolbox, till: Client) -> None:
    rows = [card(1), card(2, email="ann@example.com"), {"card": ""}, card(4, has_open_case="yes"), "text"]
    answer = till.ask("PUT", "/v1/cards", rows)
    assert answer.status_code == 207
    assert answer.json() == {
        "accepted": 1,
        "errors": [
            {"card": "L2", "code": "unknown_field"},
            {"card": "", "code": "invalid_card"},
            {"card": "L4", "code": "invalid_value"},
            {"card": "", "code": "not_an_object"},
        ],
    }
    assert set(toolbox.till.cards()) == {"L1"}


def test_cards_are_listed_in_pages(till: Client) -> None:
    for start in (0, 500, 1000):
        till.ask("PUT", "/v1/cards", [card(n) for n in range(start, start + 500)])
    found, path, pages = [], "/v1/cards", 0
    while path:
        page = till.ask("GET", path).json()
        found += [row["card"] for row in page["data"]]
        path = f"/v1/cards?cursor={page['next_cursor']}" if page["next_cursor"] else ""
        pages += 1
    assert pages == 3
    assert sorted(found) == sorted(f"L{n}" for n in range(1500))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/v1/cards", [card(n) for n in range(501)], 400),
        ("PUT", "/v1/cards", [], 400),
        ("PUT", "/v1/cards", {"cards": []}, 400),
        ("PUT", "/v1/cards", b"[", 400),
        ("DELETE", "/v1/cards", {"card": ["L1"]}, 400),
        ("DELETE", "/v1/cards", {"cards": ["x"] * 501}, 400),
        ("PATCH", "/v1/cards", [], 405),
        ("PUT", "/v2/cards", [], 404),
        ("PUT", "/v1/cards", b" " * 1_000_001, 413),
    ],
)
def test_the_till_refuses_what_it_does_not_know(
    till: Client, method: str, path: str, body: object, status: int
) -> None:
    assert till.ask(method, path, body).status_code == status


def test_the_till_wants_its_token(till: Client) -> None:
    assert till.ask("PUT", "/v1/cards", [card(1)], headers={"Authorization": "Bearer x"}).status_code == 401


class Sender:
    """Signs and posts to the web site's receiver."""

    def __init__(self, toolbox: Toolbox) -> None:
        self.secret = toolbox.environment["ONSITE_WEBHOOK_SECRET"]
        self.client = Client(toolbox.environment["ONSITE_WEBHOOK_URL"], {})

    def send(self, webhook_id: str, data: object, **wrong: str) -> int:
        body = json.dumps(
            {"type": "decision.send", "timestamp": "2026-03-02T06:00:00Z", "data": data}
        ).encode()
        moment = wrong.get("timestamp", str(int(time.time())))
        signed = signature(wrong.get("secret", self.secret), webhook_id, moment, body)
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": moment,
            "webhook-signature": wrong.get("signature", signed),
        }
        return self.client.ask(
            "POST", "", wrong.get("body", "").encode() or body, headers=headers
        ).status_code


def test_a_signed_message_is_taken_once(toolbox: Toolbox) -> None:
    sender = Sender(toolbox)
    row = {"cookie": "k1", "message_id": "cart_onsite"}
    assert [sender.send("w1", row), sender.send("w1", row), sender.send("w2", [row, row])] == [200, 200, 200]
    assert [(r["webhook_id"], r["cookie"]) for r in toolbox.onsite.received(TODAY)] == [
        ("w1", "k1"),
        ("w2", "k1"),
        ("w2", "k1"),
    ]
    assert toolbox.onsite.received(TODAY + timedelta(days=1)) == []


def test_the_sandboxes_time_will_do_as_a_timestamp(toolbox: Toolbox) -> None:
    assert Sender(toolbox).send("w1", {"a": 1}, timestamp=str(int(MORNING.timestamp()) + 60)) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "v1,AAAA"},
        {"signature": ""},
        {"secret": "whsec_AAAA"},
        {"timestamp": "1000"},
        {"timestamp": "soon"},
        {"body": '{"type":"decision.send","data":{"cookie":"forged"}}'},
    ],
)
def test_a_message_that_is_forged_or_old_is_not_taken(toolbox: Toolbox, wrong: dict[str, str]) -> None:
    assert Sender(toolbox).send("w1", {"a": 1}, **wrong) == 401
    assert toolbox.onsite.received(TODAY) == []


@pytest.mark.parametrize("data", ["text", [], [1], [{"a": 1}] * 1001])
def test_a_message_of_the_wrong_shape_is_refused(toolbox: Toolbox, data: object) -> None:
    assert Sender(toolbox).send("w1", data) == 400
