"""A fresh set of tools per test, and small clients that know how each tool wants to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from sandbox.tools import Toolbox

MORNING = datetime(2026, 3, 2, 6, tzinfo=UTC)


class Client:
    """Asks one tool with the right key; `ask` returns the raw response and follows no redirect."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = url
        self.headers = headers
        self.session = requests.Session()

    def ask(self, method: str, path: str, body: object = None, **more: object) -> requests.Response:
        headers = {**self.headers, **dict(more.pop("headers", {}))}  # type: ignore[call-overload]
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        options = {"timeout": 10, "allow_redirects": False, **more}
        return self.session.request(method, self.url + path, data=data, headers=headers, **options)  # type: ignore[arg-type]


def klaviyo_headers(key: str) -> dict[str, str]:
    return {
        "Authorization": f"Klaviyo-API-Key {key}",
        "revision": "2026-07-15",
        "Content-Type": "application/vnd.api+json",
    }


@pytest.fixture
def toolbox(tmp_path: Path) -> Iterator[Toolbox]:
    with Toolbox.start(tmp_path / "tools") as started:
        started.set_time(MORNING)
        yield started


@pytest.fixture
def shop(toolbox: Toolbox) -> Client:
    known = toolbox.environment
    return Client(known["SHOP_URL"], {"Authorization": f"Bearer {known['SHOP_TOKEN']}"})


@pytest.fixture
def desk(toolbox: Toolbox) -> Client:
    known = toolbox.environment
    return Client(known["DESK_URL"], {"Authorization": f"Bearer {known['DESK_TOKEN']}"})


@pytest.fixture
def klaviyo(toolbox: Toolbox) -> Client:
    known = toolbox.environment
    return Client(known["KLAVIYO_URL"], klaviyo_headers(known["KLAVIYO_API_KEY"]))


@pytest.fixture
def meta(toolbox: Toolbox) -> Client:
    known = toolbox.environment
    headers = {"Authorization": f"Bearer {known['META_ACCESS_TOKEN']}", "Content-Type": "application/json"}
    return Client(known["META_URL"] + "/v26.0", headers)


@pytest.fixture
def till(toolbox: Toolbox) -> Client:
    known = toolbox.environment
    return Client(known["TILL_URL"], {"Authorization": f"Bearer {known['TILL_TOKEN']}"})
