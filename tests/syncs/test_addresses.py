"""Where a request may go, and what an error may say."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from syncs.addresses import checked_base_url, refuse_private
from syncs.catalogue import connector_for
from syncs.errors import BadSetup, TryLater
from syncs.redaction import safe_code
from syncs.waits import is_nearly_used, told_wait

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "ftp://example.com",
        "example.com",
        "https://user:secret@example.com",
        "https://example.com?token=x",
        "file:///etc/passwd",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://169.254.169.254",
        "",
    ],
)
@pytest.mark.parametrize("allow_loopback", [True, False])
def test_an_address_that_is_not_plain_https_is_refused(url, allow_loopback):
    with pytest.raises(BadSetup):
        checked_base_url(url, allow_loopback)


def test_loopback_is_for_whoever_asks_for_it():
    assert checked_base_url("http://127.0.0.1:8080/", allow_loopback=True) == "http://127.0.0.1:8080"
    with pytest.raises(BadSetup):
        checked_base_url("http://127.0.0.1:8080/", allow_loopback=False)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1%eth0",
     "fc00::1", "::ffff:10.0.0.1", "224.0.0.1", "127.0.0.1"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_at_the_socket(address):
    with pytest.raises(BadSetup):
        refuse_private(address, allow_loopback=False)


def test_a_public_address_is_fine():
    refuse_private("93.184.216.34", allow_loopback=False)
    refuse_private("2606:2800:220:1:248:1893:25c8:1946", allow_loopback=False)


def test_the_check_looks_at_the_open_connection_before_anything_is_sent(monkeypatch):
    """A public-looking https name that resolves to this machine: connected, looked at, closed, nothing sent."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        place = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: place)
        till = connector_for("till", {"TILL_URL": f"https://tills.example.com:{port}", "TILL_TOKEN": "t"})
        with pytest.raises(BadSetup, match="private address"):
            till.call("GET", "/v1/cards")
        connection, _ = server.accept()
        connection.settimeout(2)
        heard.append(connection.recv(100))
        connection.close()
    assert heard == [b""]


def test_no_netrc_and_no_proxy_of_the_environment_is_used():
    till = connector_for("till", {"TILL_URL": "https://tills.example.com", "TILL_TOKEN": "t"})
    assert till.session.trust_env is False


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "Sat, 21 Nov 2026 00:01:00 GMT"}, 60),
        ({"Retry-After": "yesterday"}, None),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "nan"}, None),
        ({"RateLimit-Reset": "30"}, 30),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90),
        (
            {
                "X-Business-Use-Case-Usage": '{"1": [{"call_count": 99, "estimated_time_to_regain_access": 2}]}'
            },
            120,
        ),
        ({"X-Business-Use-Case-Usage": "no json"}, None),
        ({}, None),
    ],
)
def test_every_dialect_of_waiting_is_understood(headers, seconds):
    assert told_wait(headers, NOW) == seconds


def test_a_quota_that_is_all_but_used_is_noticed():
    assert is_nearly_used({"RateLimit-Remaining": "0"})
    assert is_nearly_used({"X-Business-Use-Case-Usage": '{"1": [{"call_count": 96}]}'})
    assert is_nearly_used({"X-App-Usage": '{"total_time": 99}'})
    assert not is_nearly_used({"RateLimit-Remaining": "3", "X-App-Usage": '{"total_time": 9}'})
    assert not is_nearly_used({})


@pytest.mark.parametrize(
    "said", ["Invalid ann@example.com", "ann@example.com", "15550100199", "a" * 64, "", None, {"a": 1}]
)
def test_only_plain_codes_are_kept_of_what_a_tool_says(said):
    assert safe_code(said) == "refused"


@pytest.mark.parametrize("said", ["invalid_email", "190", 100, "duplicate_profile"])
def test_a_plain_code_is_kept(said):
    assert safe_code(None, said) == str(said)


def test_errors_say_what_to_do_next():
    assert TryLater("busy", 3).retry_after == 3
    assert TryLater("gone", is_ambiguous=True).is_ambiguous
