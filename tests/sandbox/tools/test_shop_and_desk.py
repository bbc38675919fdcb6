"""The two tools that are only read: the shop's REST streams and the desk's incremental export."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.tools import Toolbox
from tests.sandbox.tools.conftest import MORNING, Client

EXPORT = "/api/v2/incremental/tickets/cursor.json"


def order(number: int, changed: datetime, **more: object) -> dict[str, object]:
    return {"order_id": f"o{number:04}", "updated_at": changed, "total_amount": Decimal("9.90"), **more}


def ticket(number: int, changed: datetime, **more: object) -> dict[str, object]:
    return {
        "ticket_id": str(number), "email": "ann@example.com", "phone": "+15550100199", "order_id": "o1",
        "subject": "Late", "body": "Where is it?", "status": "open", "csat_score": None, "csat_comment": None,
        "created_at": changed, "updated_at": changed, "solved_at": None, **more,
    }  # fmt: skip


def test_the_shop_gives_every_record_once_in_the_order_of_change(toolbox: Toolbox, shop: Client) -> None:
    # Many records share a moment: a cursor by time alone would lose or repeat some.
    toolbox.shop.publish("orders", [order(n, MORNING + timedelta(hours=n % 3)) for n in range(1234)])
    found, query = [], "limit=500"
    while query:
        page = shop.ask("GET", f"/api/v1/orders?{query}").json()
        found += page["data"]
        query = f"limit=500&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert sorted(row["order_id"] for row in found) == [f"o{n:04}" for n in range(1234)]
    assert [row["updated_at"] for row in found] == sorted(row["updated_at"] for row in found)
    assert found[0]["total_amount"] == "9.90"
    assert found[0]["updated_at"] == "2026-03-02T06:00:00.000Z"


def test_the_shop_gives_what_changed_since_a_moment_included(toolbox: Toolbox, shop: Client) -> None:
    toolbox.shop.publish("orders", [order(n, MORNING + timedelta(hours=n)) for n in range(5)])
    since = shop.ask("GET", "/api/v1/orders?updated_since=2026-03-02T09:00:00Z").json()
    assert [row["order_id"] for row in since["data"]] == ["o0003", "o0004"]
    assert since["next_cursor"] is None


def test_a_record_published_again_replaces_itself(toolbox: Toolbox, shop: Client) -> None:
    toolbox.shop.publish("orders", [order(1, MORNING, status="placed")])
    toolbox.shop.publish("orders", [order(1, MORNING + timedelta(hours=1), status="shipped")])
    rows = shop.ask("GET", "/api/v1/orders").json()["data"]
    assert [row["status"] for row in rows] == ["shipped"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/orders?limit=501", 400),
        ("/api/v1/orders?limit=0", 400),
        ("/api/v1/orders?cursor=made-up", 400),
        ("/api/v1/orders?updated_since=yesterday", 400),
        ("/api/v1/orders?since=2026-01-01", 400),
    ],
)
def test_the_shop_refuses_what_it_does_not_know(shop: Client, path: str, status: int) -> None:
    assert shop.ask("GET", path).status_code == status


@pytest.mark.parametrize("key", ["", "Bearer wrong", "Basic x"])
def test_the_shop_wants_its_token(shop: Client, key: str) -> None:
    assert shop.ask("GET", "/api/v1/orders", headers={"Authorization": key}).status_code == 401


def test_the_shop_says_how_long_to_wait(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path, factor=0.05) as slow:  # two requests a second
        known = slow.environment
        client = Client(known["SHOP_URL"], {"Authorization": f"Bearer {known['SHOP_TOKEN']}"})
        answers = [client.ask("GET", "/api/v1/orders") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(int(answer.headers["Retry-After"]) == 1 for answer in refused)


def test_the_desk_exports_tickets_with_requester_and_custom_fields(toolbox: Toolbox, desk: Client) -> None:
    toolbox.desk.publish(
        "tickets", [ticket(7, MORNING - timedelta(days=1), csat_score=1, csat_comment="Bad")]
    )
    page = desk.ask("GET", f"{EXPORT}?start_time=0&include=users,dates").json()
    (found,) = page["tickets"]
    (user,) = page["users"]
    assert page["end_of_stream"] is True
    assert (found["id"], found["external_id"], found["description"]) == (7, "7", "Where is it?")
    assert found["requester_id"] == user["id"]
    assert (user["email"], user["phone"]) == ("ann@example.com", "+15550100199")
    assert {field["id"]: field["value"] for field in found["custom_fields"]} == {360001: "o1", 360002: 1}
    assert found["satisfaction_rating"] == {"score": "bad", "comment": "Bad"}
    assert found["dates"] == {"solved_at": None}


def test_the_desk_goes_on_from_its_cursor_and_shows_only_what_changed(toolbox: Toolbox, desk: Client) -> None:
    toolbox.desk.publish("tickets", [ticket(n, MORNING - timedelta(days=2)) for n in range(5)])
    first = desk.ask("GET", f"{EXPORT}?start_time=0&per_page=3").json()
    second = desk.ask("GET", f"{EXPORT}?cursor={first['after_cursor']}&per_page=3").json()
    assert (len(first["tickets"]), first["end_of_stream"]) == (3, False)
    assert (len(second["tickets"]), second["end_of_stream"]) == (2, True)
    toolbox.desk.publish("tickets", [ticket(1, MORNING - timedelta(days=1), status="solved")])
    third = desk.ask("GET", f"{EXPORT}?cursor={second['after_cursor']}").json()
    assert [(row["id"], row["status"]) for row in third["tickets"]] == [(1, "solved")]
    idle = desk.ask("GET", f"{EXPORT}?cursor={third['after_cursor']}").json()
    assert (idle["tickets"], idle["end_of_stream"]) == ([], True)


def test_the_desk_refuses_a_start_of_less_than_a_minute_ago(desk: Client) -> None:
    recent = int((MORNING - timedelta(seconds=30)).timestamp())
    assert desk.ask("GET", f"{EXPORT}?start_time={recent}").status_code == 422
    assert desk.ask("GET", f"{EXPORT}?start_time={recent - 60}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "?start_time=x", "?cursor=made-up", "?start_time=0&per_page=1001", "?start_time=0&include=slas"],
)
def test_the_desk_refuses_what_it_does_not_know(desk: Client, query: str) -> None:
    assert desk.ask("GET", EXPORT + query).status_code == 400


def test_the_desk_takes_ten_exports_a_minute_and_counts_them_down(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path, factor=1) as strict:
        known = strict.environment
        client = Client(known["DESK_URL"], {"Authorization": f"Bearer {known['DESK_TOKEN']}"})
        answers = [client.ask("GET", f"{EXPORT}?start_time=0") for _ in range(22)]
    assert answers[0].headers["X-Rate-Limit"] == "700"
    assert (
        answers[0]
        .headers["Zendesk-RateLimit-incremental-exports"]
        .startswith("total=10; remaining=9; resets=")
    )
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json()["error"] == "TooManyRequests"
