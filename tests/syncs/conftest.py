"""The sandbox's tools, and connectors that wait on a clock of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.tools.toolbox import Toolbox
from syncs.connector import Connector, connector_for
from syncs.shape import Member
from syncs.waits import Clock

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
EMAIL, PHONE = "ann.secret@example.com", "+15550100199"
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
    with Toolbox.start(tmp_path_factory.mktemp("tools")) as running:
        running.set_time(NOW)
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
        connector.timeout = (1.0, 0.4)  # type: ignore[misc]
        return connector

    return connect


def member(number: int, identity: dict, payload: dict | None = None, decision: str | None = None) -> Member:
    return Member(f"run-1.{number}", f"customer-{number}", identity, payload or {}, decision)


# What each tool is asked in the contract tests: one ordinary write, or one ordinary read.
WRITES = {
    "klaviyo": ("add", "Downbeat Message", [member(1, {"email": EMAIL}, {"channel": "email"}, "d1")]),
    "meta": ("add", "downbeat_a", [member(1, {"EMAIL": HASH}, {"customer_consent": True})]),
    "till": ("add", "cards", [member(1, {"card": "9900112233"}, {"lifecycle_stage": "active"})]),
    "onsite_webhook": ("add", "banners", [member(1, {"cookie_id": "ck-secret"}, {"message_id": "m"}, "d1")]),
}
READS = {"shop": "orders", "desk": "tickets", "klaviyo": "events", "meta": "campaign_insights"}
EXERCISES = [("write", name) for name in WRITES] + [("read", name) for name in READS]


def exercise(connector: Connector, verb: str) -> list:
    """Do the ordinary thing. Returns outcomes or records."""
    if verb == "write":
        return connector.write(*WRITES[connector.name])
    return [record for page in connector.read(READS[connector.name], None) for record in page.records]
