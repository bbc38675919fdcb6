"""What a delivery costs: against pre-built bodies down one connection, the obvious loop, dlt, and its own full push.

    python -m tests.benchmarks.speak [--members 200000] [--batch 1000] [--answer-ms 100]

One loopback server in a process of its own reads every body and answers after as long as tools take, or at once.
The bare client sends bodies built beforehand; the loop builds each and posts it with `requests`, remembering nothing;
dlt (`make setup-peers`) has a destination of its own for this and remembers nothing of what a tool holds either.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import requests
from rich.console import Console
from rich.table import Table

from orchestration.delivery.deliver import deliver
from orchestration.paths import PROJECT, Home
from syncs.connector import Connector
from syncs.rows import all_accepted
from syncs.shape import Member, Outcome
from tests.benchmarks.speak_server import body_of, serve
from tests.orchestration.delivery.receiver import AUDIENCE, LISTS, NOON, OPEN, SmallRelease

PEERS = os.environ.get("DOWNBEAT_PEERS", str(PROJECT / ".venv-peers" / "bin" / "python"))


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


@dataclass(frozen=True)
class Cost:
    seconds: float
    cpu_seconds: float
    requests: int
    bytes: int


def timed(work: Callable[[], Any], requests: int = 0, size: int = 0) -> Cost:
    """Wall and CPU seconds of this process, the tool's not among them."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - begun, time.process_time() - used, requests, size)


def bare(port: int, bodies: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for body in bodies:
        connection.request("POST", "/", body)
        connection.getresponse().read()


def loop(url: str, wanted: SmallRelease, batch: int) -> None:
    for rows in rows_of(wanted, batch):
        requests.post(url, body_of("add", rows))


def peer(url: str, wanted: SmallRelease, batch: int) -> Cost:
    """dlt, in the environment of the peers."""
    [file] = Path(wanted.table("sync_members")).parent.glob("*.parquet")
    command = [PEERS, "-m", "tests.benchmarks.speak_peer", url, str(file), str(batch)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT).stdout
    return Cost(**json.loads(told.strip().splitlines()[-1]))


def ours(home: Home, wanted: SmallRelease, url: str, batch: int) -> Cost:
    sink = Sink({"URL": url, "DOWNBEAT_ALLOW_LOOPBACK": "1"})
    sink.batch_rows = batch  # type: ignore[misc]
    cost = timed(lambda: deliver(home, wanted, "tool", NOON, sink, OPEN))
    return Cost(cost.seconds, cost.cpu_seconds, sink.sent, sink.size)


def measure(folder: Path, port: int, members: int, batch: int, answer_ms: int) -> None:
    """Every way once, in one table."""
    url, home = f"http://127.0.0.1:{port}", Home(folder / "home")
    first, second = release(folder / "r1", members, 0), release(folder / "r2", members, members // 100)
    bodies = [body_of("add", rows) for rows in rows_of(first, batch)]
    told = len(bodies), sum(map(len, bodies))
    costs = {"bodies built beforehand": timed(lambda: bare(port, bodies), *told)}
    bodies.clear()
    costs["the obvious loop over requests"] = timed(lambda: loop(url, first, batch), *told)
    if Path(PEERS).exists():
        costs["dlt"] = peer(url, first, batch)
    costs |= {
        "Downbeat, full push": ours(home, first, url, batch),
        "Downbeat, nothing new": ours(home, first, url, batch),
        "Downbeat, 1 % new": ours(home, second, url, batch),
    }
    show(f"{members:,} members, {batch:,} to a request, answered after {answer_ms} ms", costs)


def show(title: str, costs: dict[str, Cost]) -> None:
    table = Table(title=title)
    for column in ("what", "seconds", "CPU seconds", "requests", "bytes"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, cost in costs.items():
        cells = f"{cost.seconds:.2f}", f"{cost.cpu_seconds:.2f}", f"{cost.requests:,}", f"{cost.bytes:,}"
        table.add_row(what, *cells)
    full, part = costs["Downbeat, full push"], costs["Downbeat, 1 % new"]
    Console(width=110).print(table)
    for what, cost in costs.items():
        if not what.startswith("Downbeat"):
            Console(width=110).print(
                f"full push: {cost.seconds / full.seconds:.1%} of the throughput of {what}"
            )
    Console(width=110).print(
        f"1 % new: {part.bytes / full.bytes:.2%} of the bytes, {part.seconds / full.seconds:.1%} of the time and"
        f" {part.cpu_seconds / full.cpu_seconds:.1%} of the CPU of a full push"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--answer-ms", type=int, default=100, help="How long the tool takes to answer.")
    asked = parser.parse_args()
    told: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(told, asked.answer_ms / 1000), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), told.get(), asked.members, asked.batch, asked.answer_ms)
    server.terminate()


if __name__ == "__main__":
    main()
