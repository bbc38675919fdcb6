"""The preference centre's webhooks: what is signed right is let in, and nothing is sent where nobody listens."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from orchestration.ingestion.inbox import Inbox
from orchestration.paths import Home
from sandbox.exports import records
from sandbox.webhooks import BATCH, post_consents
from tests.sandbox.worlds import GO_LIVE, lived

SECRET = "whsec_c2FuZGJveC10ZXN0cw=="


def rows(count: int) -> list[dict[str, object]]:
    retailer = lived(2000, 45)
    told = records(retailer.live_day(GO_LIVE, retailer.siloed_sends(GO_LIVE))["preferences.consents"])
    return [told[number % len(told)] | {"event_id": f"c-{number}"} for number in range(count)]


def test_signed_batches_are_accepted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_SECRET", SECRET)
    with Inbox.start(Home(tmp_path)) as inbox:
        assert post_consents(inbox.url, rows(BATCH + 1))
        assert inbox.counts == {"accepted": 2}
        assert post_consents(inbox.url, rows(BATCH + 1))
        assert inbox.counts == {"accepted": 2, "repeated": 2}


def test_another_secret_is_refused_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_SECRET", "whsec_c29tZWJvZHkgZWxzZQ==")
    with Inbox.start(Home(tmp_path), secret=SECRET) as inbox, pytest.raises(requests.HTTPError):
        post_consents(inbox.url, rows(3))


def test_nothing_is_posted_without_an_inbox_or_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_SECRET", SECRET)
    assert not post_consents("", rows(1))
    monkeypatch.delenv("INBOX_SECRET")
    assert not post_consents("http://127.0.0.1:1", rows(1))
