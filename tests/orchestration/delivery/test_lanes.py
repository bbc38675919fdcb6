"""Several tools at once over one pool: one that hangs and one that is down keep nobody else waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pytest

from orchestration.delivery.deliver import DeliveryReport, deliver
from orchestration.delivery.lanes import Halted, deliver_all
from orchestration.delivery.ledger import looked_at
from orchestration.delivery.progress import Step
from orchestration.delivery.report import Gate
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.rows import all_accepted
from tests.orchestration.delivery.receiver import MEMBERS, NOON, SmallRelease, _write

TOOLS = ("hangs", "down", "well", "also_well")
GATES = {f"{tool}_list": Gate(True) for tool in TOOLS}


class Tools(ThreadingHTTPServer):
    """All four behind one socket: the first part of the path says which."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.go_on, self.asked, self.sockets = Event(), dict.fromkeys(TOOLS, 0), set[Any]()
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def connector(self, tool: str) -> Connector:
        url = f"http://127.0.0.1:{self.server_address[1]}/{tool}"
        return Tool({"URL": url, "DOWNBEAT_ALLOW_LOOPBACK": "1"})


class Handler(BaseHTTPRequestHandler):
    server: Tools
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None: ...

    def do_POST(self) -> None:
        json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tool = self.path.split("/")[1]
        self.server.asked[tool] += 1
        self.server.sockets.add(self.client_address)
        if tool == "hangs":
            self.server.go_on.wait()
        self.send_response(503 if tool == "down" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


class Tool(Connector):
    name = "tool"
    base_url_variable = "URL"
    batch_rows = 2
    attempts = 1

    def headers(self):
        return {}

    def write(self, change, object, members):
        self.call("POST", f"/{object}/{change}", [m.identity for m in members])
        return all_accepted(members)


@pytest.fixture
def tools() -> Iterator[Tools]:
    running = Tools()
    yield running
    running.go_on.set()
    running.shutdown()
    running.server_close()


@pytest.fixture
def wanted(tmp_path):
    found = SmallRelease(tmp_path / "r", "r")
    lists = [
        {"sync_id": f"{tool}_list", "destination": tool, "object": "vip", "mode": "mirror", "polarity": "permissive"}
        for tool in TOOLS
    ]  # fmt: skip
    rows = [
        (f"{tool}_list", who, json.dumps({"email": f"{who}@example.com"}), "{}", "h", who, None, "permissive")
        for tool in TOOLS
        for who in ("ann", "bob", "cid", "dan")
    ]
    members = [dict(zip(MEMBERS.names, row, strict=True)) for row in rows]
    _write(found, "sync_members", pa.Table.from_pylist(members, MEMBERS))
    _write(found, "syncs", pa.Table.from_pylist(lists))
    return found


def test_a_tool_that_hangs_and_one_that_is_down_keep_nobody_waiting(tools, wanted, tmp_path):
    connectors = {tool: tools.connector(tool) for tool in TOOLS}
    ends = deliver_all(Home(tmp_path / "home"), wanted, connectors, NOON, GATES)
    first = dict(next(ends) for _ in range(3))
    assert set(first) == {"down", "well", "also_well"}, "these end while the other still hangs"
    assert [first[tool].rows("accepted") for tool in ("well", "also_well", "down")] == [4, 4, 0]
    assert "503" in first["down"].stopped
    tools.go_on.set()
    [(last, report)] = ends
    assert (last, report.rows("accepted")) == ("hangs", 4)
    assert tools.asked == {"hangs": 2, "down": 1, "well": 2, "also_well": 2}


def test_the_lanes_share_one_pool_and_one_host_gets_few_connections(tools, wanted, tmp_path):
    connectors = {tool: tools.connector(tool) for tool in TOOLS}
    assert len({id(connector.session) for connector in connectors.values()}) == 1
    tools.go_on.set()
    for turn in range(3):
        dict(deliver_all(Home(tmp_path / f"home{turn}"), wanted, connectors, NOON, GATES))
    assert sum(tools.asked.values()) == 21
    assert len(tools.sockets) <= 4


def test_what_goes_wrong_in_one_lane_is_told_and_the_others_go_on(tools, wanted, tmp_path):
    class Broken(Tool):
        @property
        def batch_rows(self):
            raise RuntimeError("nobody expects this")

    connectors = {"well": tools.connector("well"), "down": Broken({})}
    ends = dict(deliver_all(Home(tmp_path / "home"), wanted, connectors, NOON, GATES))
    assert isinstance(ends["well"], DeliveryReport)
    assert isinstance(ends["down"], RuntimeError)


def test_progress_counts_every_row_once(tools, wanted, tmp_path):
    steps: list[Step] = []
    home = Home(tmp_path / "home")
    deliver(home, wanted, "well", NOON, tools.connector("well"), GATES, watcher=steps.append)
    assert [(step.done, step.rows) for step in steps] == [(0, 4), (2, 4), (4, 4)]
    steps.clear()
    deliver(home, wanted, "well", NOON, tools.connector("well"), GATES, watcher=steps.append)
    assert steps == [], "nothing new: nothing to tell"


def test_whoever_stops_watching_stops_the_lane_and_loses_no_receipt(tools, wanted, tmp_path):
    home = Home(tmp_path / "home")

    def until_the_first(step: Step) -> None:
        if step.done:
            raise Halted

    with pytest.raises(Halted):
        deliver(home, wanted, "well", NOON, tools.connector("well"), GATES, watcher=until_the_first)
    with looked_at(home, "well") as connection:
        assert connection.execute("select outcome, count(*) from operations group by 1").fetchall() == [
            ("accepted", 2)
        ]
    assert tools.asked["well"] == 1
