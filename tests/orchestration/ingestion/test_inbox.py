"""What the inbox answers 2xx to is on disk and lands once; what is not signed is refused and stands in quarantine."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.inbox import Inbox, ingest_inbox
from orchestration.ingestion.loads import Load, committed_loads
from orchestration.ingestion.signature import key_of, sign
from orchestration.paths import Home
from tests.orchestration.ingestion.conftest import SIX, Kiosk

STREAM = "preferences.consents"
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = SIX

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path, clock: Clock) -> Iterator[Inbox]:
    with Inbox.start(Home(tmp_path), SECRET, clock=clock) as inbox:
        yield inbox


def consent(number: int, **more: Any) -> dict[str, Any]:
    known = {
        "contact_type": "email",
        "contact_point": "ann@example.com",
        "channel": "email",
        "purpose": "marketing",
    }
    return (
        {"event_id": f"c{number}", "status": "withdrawn", "occurred_at": "2026-11-01T05:00:00Z"}
        | known
        | more
    )


def post(inbox: Inbox, said: object, name: str = "msg_1", stream: str = STREAM, **headers: str) -> int:
    """A signed delivery; headers given replace the right ones, empty ones are left out."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    moment = headers.get("timestamp", str(int(SIX.replace(tzinfo=UTC).timestamp())))
    signed = {
        "id": name,
        "timestamp": moment,
        "signature": sign(key_of(SECRET), name, moment, body),
    } | headers
    sent = {f"webhook-{key}": value for key, value in signed.items() if value}
    return requests.post(
        f"{inbox.url}/{stream.replace('.', '/')}", data=body, headers=sent, timeout=5
    ).status_code


def taken_in(inbox: Inbox) -> list[Load]:
    return ingest_inbox(inbox.home, load_contracts()[STREAM], SIX)


def kiosk_of(inbox: Inbox) -> Kiosk:
    return Kiosk(inbox.home, load_contracts()[STREAM])


def test_signed_bodies_land_in_one_load_once(inbox: Inbox) -> None:
    assert post(inbox, consent(1), "msg_1") == 202
    assert post(inbox, [consent(2), consent(3)], "msg_2") == 202
    assert post(inbox, {"type": "consent.changed", "data": consent(4)}, "msg_3") == 202
    (load,) = taken_in(inbox)
    assert (load.kind, load.rows_kept, len(load.deliveries)) == ("webhook", 4, 3)
    assert sorted(row[0] for row in kiosk_of(inbox).rows("event_id")) == ["c1", "c2", "c3", "c4"]
    assert taken_in(inbox) == []


def test_an_id_is_remembered_before_and_after_it_was_taken_in(inbox: Inbox) -> None:
    assert [post(inbox, consent(1)), post(inbox, consent(1))] == [202, 200]
    taken_in(inbox)
    assert post(inbox, consent(1)) == 200
    assert taken_in(inbox) == []
    assert inbox.counts == {"accepted": 1, "repeated": 2}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"signature": ""}, "not signed"),
        ({"id": ""}, "not signed"),
        ({"timestamp": ""}, "not signed"),
        ({"signature": sign(key_of("another"), "msg_1", "1793512800", b"{}")}, "signature does not match"),
        ({"signature": "v1,"}, "signature does not match"),
        ({"signature": "nonsense v2,nonsense"}, "signature does not match"),
        ({"timestamp": "soon"}, "timestamp is not in seconds"),
        (
            {"timestamp": str(int((SIX - timedelta(seconds=301)).replace(tzinfo=UTC).timestamp()))},
            "five minutes off",
        ),
        (
            {"timestamp": str(int((SIX + timedelta(seconds=301)).replace(tzinfo=UTC).timestamp()))},
            "five minutes off",
        ),
    ],
)
def test_an_opt_out_that_is_not_proven_is_refused_and_stands_in_quarantine(
    inbox: Inbox, headers: dict[str, str], reason: str
) -> None:
    assert post(inbox, consent(1), **headers) == 401
    (load,) = taken_in(inbox)
    assert (load.rows_kept, load.rows_quarantined, load.is_refused) == (0, 1, True)
    ((why, raw),) = kiosk_of(inbox).quarantine("reasons, raw_text")
    assert reason in why
    assert json.loads(raw)["status"] == "withdrawn"
    assert kiosk_of(inbox).rows() == []
    assert inbox.counts == {"refused": 1}


def test_a_changed_body_does_not_match_its_signature(inbox: Inbox) -> None:
    right = sign(key_of(SECRET), "msg_1", "1793512800", json.dumps(consent(1)).encode())
    assert post(inbox, consent(2), timestamp="1793512800", signature=right) == 401
    assert post(inbox, consent(1), timestamp="1793512800", signature=f"v1,AAAA {right}") == 202


def test_a_refused_id_is_not_remembered_as_delivered(inbox: Inbox) -> None:
    assert post(inbox, consent(1), signature="v1,AAAA") == 401
    assert post(inbox, consent(1)) == 202


def test_each_refusal_has_its_own_reason(inbox: Inbox) -> None:
    post(inbox, consent(1), signature="v1,AAAA")
    post(inbox, consent(2), signature="")
    post(inbox, consent(3))
    assert [load.rows_kept for load in taken_in(inbox)] == [1, 0, 0]
    reasons = {why for (why,) in kiosk_of(inbox).quarantine("reasons")}
    assert reasons == {"refused: webhook: signature does not match", "refused: webhook: not signed"}


def test_a_signed_body_that_does_not_fit_is_quarantined_and_the_others_land(inbox: Inbox) -> None:
    bodies: list[object] = [
        b"{cut",
        b"",
        [consent(1), "x", 7],
        consent(2, channel="fax"),
        consent(3, status="perhaps"),
    ]
    assert [post(inbox, body, f"msg_{n}") for n, body in enumerate(bodies)] == [202] * 5
    (load,) = taken_in(inbox)
    assert (load.rows_in, load.rows_kept, load.rows_quarantined) == (7, 2, 6)
    assert kiosk_of(inbox).rows("event_id, status") == [("c1", "withdrawn"), ("c3", "unknown")]


def test_a_body_that_is_too_long_or_has_no_address_is_turned_away(inbox: Inbox) -> None:
    assert post(inbox, b"x" * ((1 << 20) + 1)) == 413
    assert post(inbox, consent(1), stream="preferences.nothing") == 404
    assert post(inbox, consent(1), stream="downbeat.decisions") == 404
    assert taken_in(inbox) == []


def test_half_a_request_is_no_delivery(inbox: Inbox) -> None:
    with socket.create_connection(("127.0.0.1", inbox.server_port), timeout=5) as line:
        line.sendall(b"POST /preferences/consents HTTP/1.1\r\nContent-Length: 900\r\n\r\n{")
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")
    assert taken_in(inbox) == []


def test_a_body_that_cannot_be_kept_is_not_acknowledged(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("orchestration.ingestion.spooled_bodies.os.fsync", full)
    assert post(inbox, consent(1)) == 503


def test_a_flood_of_refused_bodies_is_counted_and_not_kept(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.ingestion.spooled_bodies.MOST_REFUSED", 2)
    assert [post(inbox, consent(n), signature="") for n in range(5)] == [401] * 5
    assert inbox.counts["refused"] == 5
    assert sum(load.rows_quarantined for load in taken_in(inbox)) == 2


def test_the_inbox_does_not_start_without_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INBOX_SECRET", raising=False)
    with pytest.raises(ValueError, match="INBOX_SECRET"), Inbox.start(Home(tmp_path)):
        pass
    with pytest.raises(ValueError, match="base64"), Inbox.start(Home(tmp_path), "whsec_?"):
        pass


def test_looking_into_an_empty_inbox_leaves_no_trace(tmp_path: Path) -> None:
    assert ingest_inbox(Home(tmp_path), load_contracts()[STREAM], SIX) == []
    assert committed_loads(Home(tmp_path), STREAM) == []
    assert list(tmp_path.iterdir()) == []
