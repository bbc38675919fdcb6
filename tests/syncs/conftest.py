"""The sandbox's tools, and connectors that wait on a clock of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from sandbox.tools.toolbox import Toolbox
from sandbox.tools.vendors import vendor_kinds
from syncs.catalogue import connector_for, connector_names
from syncs.connector import Connector
from syncs.shape import Member
from syncs.waits import Clock
from tests.syncs.stand_in import stand_in_for

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
HASH = "8e621e3d0368631d263d07a351fa8d34fba0d17c15fbcdec11a5f58008d022a0"


@dataclass
class Waiting:
    """A clock that jumps when it is asked to sleep, and remembers how long."""

    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        begun = datetime.now(UTC)
        return Clock(
            monotonic=lambda: sum(self.waits),
            wall=lambda: begun + timedelta(seconds=sum(self.waits)),
            sleep=self.waits.append,
            chance=lambda: 0.0,
        )


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory):
    """Every tool of the sandbox; a connector without one there gets a stand-in that gives its example's answer."""
    with Toolbox.start(tmp_path_factory.mktemp("tools")) as running:
        running.set_time(NOW)
        for kind in vendor_kinds().values():
            running.add(kind)
        for name in connector_names():
            if speaks_http(name) and f"{name.upper()}_URL" not in running.environment:
                running.add(stand_in_for(connector_for(name, {})))
        yield running


@pytest.fixture(autouse=True)
def well_behaved(request):
    yield
    if "toolbox" in request.fixturenames:
        request.getfixturevalue("toolbox").behave()


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def connect(toolbox, waiting):
    def connect(name: str, **changed: str) -> Connector:
        environment = {**toolbox.environment, "DOWNBEAT_ALLOW_LOOPBACK": "1", **changed}
        connector = connector_for(name, environment, waiting.clock())
        connector.timeout = (5.0, 20.0)  # a busy machine is no fault
        return connector

    return connect


@dataclass(frozen=True)
class Sent:
    """One request as it went out."""

    method: str
    path: str
    body: Any


@pytest.fixture
def sent(monkeypatch) -> list[Sent]:
    """Every request a connector sends in this test."""
    seen: list[Sent] = []
    once: Callable[..., Any] = Connector._once

    def noted(self, method, path, content, *rest):
        seen.append(Sent(method, path, json.loads(content) if content else None))
        return once(self, method, path, content, *rest)

    monkeypatch.setattr(Connector, "_once", noted)
    return seen


def member(number: int, identity: dict, payload: dict | None = None, decision: str | None = None) -> Member:
    return Member(f"run-1.{number}", f"customer-{number}", identity, payload or {}, decision)


def speaks_http(name: str) -> bool:
    return not connector_for(name, {}).base_url_variable.endswith("_HOST")


def tool(name: str) -> str:
    """The sandbox's name of a connector's tool."""
    return name.removesuffix("_webhook")


WRITERS = [name for name in connector_names() if connector_for(name, {}).example]
READERS = [name for name in connector_names() if connector_for(name, {}).streams]
ERASERS = [name for name in connector_names() if connector_for(name, {}).can_erase]
MATCHERS = [name for name in WRITERS if getattr(connector_for(name, {}), "tells_matches", False)]
EXERCISES = [
    *(("write", name) for name in WRITERS),
    *(("read", name) for name in READERS),
    *(("erase", name) for name in ERASERS),
]


def exercise(connector: Connector, verb: str, change: str = "add", rows: int = 1) -> list:
    """Do the ordinary thing. Returns outcomes or records."""
    if verb == "write":
        return connector.write(change, connector.example.object, people(connector, rows))
    if verb == "erase":
        connector.erase([each.identity for each in people(connector, rows)])
        return []
    return [record for page in connector.read(connector.streams[0], None) for record in page.records]


def people(connector: Connector, rows: int) -> list[Member]:
    """The person of the connector's example, and others like that one."""
    example = connector.example
    one = member(0, dict(example.identity), dict(example.payload), "decision-0")
    others = [
        {kind: _another(value, number) for kind, value in example.identity.items()}
        for number in range(1, rows)
    ]
    return [one] + [
        member(number, identity, dict(example.payload), f"decision-{number}")
        for number, identity in enumerate(others, 1)
    ]


def meet(toolbox, connector: Connector, members: list[Member]) -> None:
    """Let the tool know these people, where it takes only those it knows."""
    known = toolbox.tool(tool(connector.name))
    if hasattr(known, "meet"):
        known.meet([connector.identity_key(each.identity) for each in members])


def _another(value: str, number: int) -> str:
    if "@" in value:
        return f"p{number}@example.com"
    if re.fullmatch(r"[0-9a-f]{64}", value):
        return sha256(str(number).encode()).hexdigest()
    if re.search(r"\d+$", value):
        return re.sub(r"\d+$", lambda digits: str(int(digits[0]) + number), value)
    return f"{value}-{number}"
