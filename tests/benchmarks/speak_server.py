"""The tool that `speak` pushes to: it reads every body and answers at once, or after as long as tools take."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


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


def body_of(change: str, rows: Sequence[tuple[object, object]]) -> bytes:
    told = [{"change": change, "identity": identity, "payload": payload} for identity, payload in rows]
    return json.dumps(told, separators=(",", ":")).encode()
