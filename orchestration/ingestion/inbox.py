"""The webhook inbox: a small server on this machine only. A 2xx means it is on disk; what is unsigned is not let in.

POST /<source>/<stream> with Standard Webhooks headers and a JSON object, a list of objects, or {"type", "data"}.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.inbox_loads import ingest_inbox
from orchestration.ingestion.signature import NotSigned, key_of, verified_id
from orchestration.ingestion.spooled_bodies import Waiting
from orchestration.paths import Home

__all__ = ["Inbox", "ingest_inbox"]

MOST_BYTES = 1 << 20
SECONDS_TO_SEND = 10.0


class Refusal(Exception):
    """The request gets this status and nothing else happens."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Inbox(ThreadingHTTPServer):
    """Listens on 127.0.0.1. counts: accepted, repeated, refused since it started."""

    daemon_threads = True

    def __init__(
        self, home: Home, secret: str, port: int, clock: Callable[[], datetime], streams: Iterable[str]
    ) -> None:
        self.home, self.key, self.clock = home, key_of(secret), clock
        self.streams = frozenset(streams)
        self.counts: Counter[str] = Counter()
        super().__init__(("127.0.0.1", port), Answering)

    @property
    def url(self) -> str:
        """Where it listens; a stream's address is url/<source>/<stream>."""
        return f"http://127.0.0.1:{self.server_port}"

    @classmethod
    @contextmanager
    def start(
        cls,
        home: Home,
        secret: str | None = None,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
        streams: Iterable[str] | None = None,
    ) -> Iterator[Inbox]:
        """Listen until the block ends. secret: by default INBOX_SECRET; ValueError without one. clock: naive UTC."""
        told = [contract.name for contract in load_contracts().values() if contract.delivery == "webhook"]
        inbox = cls(
            home,
            secret or os.environ.get("INBOX_SECRET", ""),
            port,
            clock,
            told if streams is None else streams,
        )
        thread = threading.Thread(target=inbox.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield inbox
        finally:
            inbox.shutdown()
            inbox.server_close()
            thread.join()

    def deliver(self, stream: str, headers: dict[str, str], body: bytes) -> int:
        """Take or refuse one body; the status to answer with."""
        waiting, now = Waiting.of(self.home, stream), self.clock()
        try:
            delivery_id = verified_id(self.key, headers, body, now)
        except NotSigned as reason:
            self.counts["refused"] += 1
            waiting.refuse(body, now, str(reason))
            return 401
        is_new = waiting.accept(delivery_id, body, now)
        self.counts["accepted" if is_new else "repeated"] += 1
        return 202 if is_new else 200


class Answering(BaseHTTPRequestHandler):
    """One connection. Says nothing about why, and nothing to any log."""

    server: Inbox
    timeout = SECONDS_TO_SEND
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "downbeat", ""

    def do_POST(self) -> None:
        """A delivery. Anything but 2xx means: not kept, send it again or correct it."""
        try:
            stream, body = self.stream(), self.body()
            status = self.server.deliver(stream, {k.lower(): v for k, v in self.headers.items()}, body)
        except Refusal as refusal:
            status = refusal.status
            self.close_connection = True
        except OSError:
            status = 503
            self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def stream(self) -> str:
        """The stream that the address names."""
        name = self.path.partition("?")[0].strip("/").replace("/", ".")
        if name not in self.server.streams:
            raise Refusal(404)
        return name

    def body(self) -> bytes:
        """All of the body, if it says how long it is and is not too long."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            raise Refusal(411)
        if int(length) > MOST_BYTES:
            raise Refusal(413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise Refusal(400)
        return body

    def log_message(self, format: str, *args: object) -> None:
        """Bodies and addresses are about people: they go to no log."""
