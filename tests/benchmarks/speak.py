"""What a delivery costs: against pre-built bodies down one connection, the obvious loop, and its own full push.

    python -m tests.benchmarks.speak [--members 200000] [--batch 1000] [--answer-ms 0]

One loopback server in a process of its own, which reads every body and answers at once, or after as
long as vendors take. The bare client sends bodies
built beforehand; the loop builds each and posts it with `requests`, remembering nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import requests
from rich.console import Console
from rich.table import Table

from orchestration.delivery.deliver import deliver
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.rows import all_accepted
from syncs.shape import Member, Outcome
from tests.orchestration.delivery.receiver import AUDIENCE, LISTS, NOON, OPEN, SmallRelease


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer_seconds = 0.0
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.answer_seconds)
        self.send_response(200)
        self.send_header("Content-Length", "11")
        self.end_headers()
        self.wfile.write(b'{"ok":true}')


def serve(port: Any, answer_seconds: float = 0.0) -> None:
    Handler.answer_seconds = answer_seconds
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.put(server.server_address[1])
    server.serve_forever()


class Sink(Connector):
    """Takes whole batches; counts what it sent."""

    name = "tool"
    base_url_variable = "URL"
    sent, size = 0, 0

    def headers(self) -> dict[str, str]:
        return {}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        body = body_of(change, [(m.identity, m.payload) for m in members])
        self.sent, self.size = self.sent + 1, self.size + len(body)
        self.call("POST", f"/{object}", body)
        return all_accepted(members)


def body_of(change: str, rows: Sequence[tuple[object, object]]) -> bytes:
    told = [{"change": change, "identity": identity, "payload": payload} for identity, payload in rows]
    return json.dumps(told, separators=(",", ":")).encode()


def release(folder: Path, members: int, changed: int) -> SmallRelease:
    """A list of `members`, of whom the first `changed` have another payload than before."""
    found = SmallRelease(folder, folder.name)
    for table in ("sync_members", "syncs"):
        (folder / table).mkdir(parents=True)
    lists = ", ".join(f"('{s}', 'tool', '{s}', '{mode}', '{polarity}')" for s, mode, polarity in LISTS)
    duckdb.execute(
        f"copy (from (values {lists}) t(sync_id, destination, object, mode, polarity)) to '{folder}/syncs/0.parquet'"
    )
    duckdb.execute(
        f"""copy (select '{AUDIENCE}' as sync_id, 'm' || i as member_key,
        '{{"email":"person' || i || '@example.com"}}' as identity,
        '{{"tier":' || (i % 7 + case when i < {changed} then 1 else 0 end) || '}}' as payload,
        md5(identity || payload) as content_hash, 'c' || i as customer_id, null::varchar as decision_id,
        'permissive' as polarity from range({members}) t(i)) to '{folder}/sync_members/0.parquet'"""
    )
    return found


def rows_of(found: SmallRelease, batch: int) -> Iterator[list[tuple[object, object]]]:
    rows = duckdb.execute(f"select identity, payload from '{found.table('sync_members')}'").fetchall()
    for start in range(0, len(rows), batch):
        yield [(json.loads(a), json.loads(b)) for a, b in rows[start : start + batch]]


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bare(port: int, bodies: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for body in bodies:
        connection.request("POST", "/", body)
        connection.getresponse().read()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--answer-ms", type=int, default=0, help="How long the tool takes to answer.")
    asked = parser.parse_args()
    told: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(told, asked.answer_ms / 1000), daemon=True)
    server.start()
    port = told.get()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), port, asked.members, asked.batch)
    server.terminate()


def measure(folder: Path, port: int, members: int, batch: int) -> None:
    """Every way once, in one table."""
    url = f"http://127.0.0.1:{port}"
    first, second = release(folder / "r1", members, 0), release(folder / "r2", members, members // 100)
    bodies = [body_of("add", rows) for rows in rows_of(first, batch)]
    table = Table(title=f"{members:,} members, {batch:,} to a request")
    for column in ("what", "seconds", "members a second", "requests", "bytes"):
        table.add_column(column, justify="left" if column == "what" else "right")

    def show(what: str, seconds: float, rows: int, sent: int, size: int) -> None:
        table.add_row(what, f"{seconds:.2f}", f"{rows / seconds:,.0f}", f"{sent:,}", f"{size:,}")

    at_bare = timed(lambda: bare(port, bodies))
    show("bodies built beforehand", at_bare, members, len(bodies), sum(map(len, bodies)))
    loop = timed(lambda: [requests.post(url, body_of("add", rows)) for rows in rows_of(first, batch)])
    show("the obvious loop over requests", loop, members, len(bodies), sum(map(len, bodies)))
    figures = {}
    for what, wanted, rows in (
        ("full push", first, members),
        ("nothing new", first, 0),
        ("1 % new", second, members // 100),
    ):
        sink = Sink({"URL": url, "DOWNBEAT_ALLOW_LOOPBACK": "1"})
        sink.batch_rows = batch  # type: ignore[misc]
        figures[what] = timed(
            lambda w=wanted, s=sink: deliver(Home(folder / "home"), w, "tool", NOON, s, OPEN)
        )
        show(f"Downbeat, {what}", figures[what], rows, sink.sent, sink.size)
    Console().print(table)
    Console().print(
        f"throughput {at_bare / figures['full push']:.1%} of bodies built beforehand,"
        f" {loop / figures['full push']:.0%} of the loop; 1 % new costs {figures['1 % new'] / figures['full push']:.1%}"
        " of the time of a full push"
    )


if __name__ == "__main__":
    main()
