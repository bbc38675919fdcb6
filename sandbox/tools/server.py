"""The loopback HTTP server in front of a tool, and the place where it misbehaves when told to."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.tools.faults import Order
from sandbox.tools.tool import Tool
from sandbox.tools.wire import Answer, Request

HTML = b"<html><body><h1>Welcome to the guest network</h1></body></html>"
SILENT = ("timeout_before", "timeout_after", "reset_after", "late")
CLOSED = 0  # status in the journal of a request that got no answer


class Server:
    """One tool on one loopback port."""

    def __init__(self, tool: Tool, port: int = 0) -> None:
        self.tool = tool
        self._http = _Threads(("127.0.0.1", port), _handler_for(tool))
        self.port: int = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, cut open connections, close the tool's file."""
        self._http.shutdown()
        self._http.server_close()
        self._http.cut()
        self.tool.store.close()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""

    def cut(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # its client may have hung up already
                connection.shutdown(socket.SHUT_RDWR)


def _handler_for(tool: Tool) -> type[BaseHTTPRequestHandler]:
    return type(f"{tool.name.title()}Handler", (_Handler,), {"tool": tool})


class _Handler(BaseHTTPRequestHandler):
    tool: Tool
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def log_message(self, *_: object) -> None:
        """The journal is enough."""

    def _handle(self) -> None:
        started = time.monotonic()
        parts = urlsplit(self.path)
        order = self.tool.faults.take(self.command, parts.path)
        if order and order.fault == "refuse":
            self._hang_up(self._request(parts.path, "", b"", order), started, order)
            return
        if wrong := self._length_problem():
            self.close_connection = True
            self._send(self._request(parts.path, "", b"", order), wrong, started)
            return
        length = int(self.headers.get("Content-Length", "0"))
        request = self._request(parts.path, parts.query, self.rfile.read(length), order)
        self._follow(request, order, started)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    def _request(self, path: str, query: str, body: bytes, order: Order | None) -> Request:
        return Request(
            method=self.command,
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base_url=f"http://{self.headers.get('Host', '127.0.0.1')}",
            is_partial=bool(order and order.fault == "partial"),
        )

    def _length_problem(self) -> Answer | None:
        """Why the body cannot be read, if so: it does not say how long it is, or is longer than the tool takes."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or self.headers.get("Transfer-Encoding"):
            return self.tool.error(411, "length_required", "Say Content-Length.")
        if int(length) > self.tool.max_bytes:
            return self.tool.error(413, "too_large", f"At most {self.tool.max_bytes} bytes.")
        return None

    def _follow(self, request: Request, order: Order | None, started: float) -> None:
        fault = order.fault if order else ""
        if order and (told := _told(self.tool, order, request)):
            self._send(request, told, started, fault)
            return
        if order and fault in SILENT:
            self._fall_silent(request, order, started)
            return
        answer = self.tool.answer(request)
        if fault == "500_after":
            answer = self.tool.error(500, "internal_error", "Something went wrong.")
        if fault == "cut_json":
            content = answer.content() or b'{"data":{"id":"1"}}'
            answer = Answer(200, content[: max(1, len(content) // 2)])
        self._send(request, answer, started, fault)

    def _fall_silent(self, request: Request, order: Order, started: float) -> None:
        """No answer: before the work, after it, or (late) with the work done once the client has given up."""
        if order.fault in ("reset_after", "timeout_after"):
            self.tool.answer(request)
        if order.fault in ("timeout_before", "timeout_after"):
            time.sleep(order.seconds)
        self._hang_up(request, started, order)
        if order.fault == "late":
            time.sleep(order.seconds)
            self.tool.answer(request)

    def _hang_up(self, request: Request, started: float, order: Order) -> None:
        self.tool.record(request, CLOSED, 0, time.monotonic() - started, order.fault)
        self.close_connection = True
        # Linger 0: the client sees a reset, as when a machine dies.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _send(self, request: Request, answer: Answer, started: float, fault: str = "") -> None:
        content = answer.content()
        self.tool.record(request, answer.status, len(content), time.monotonic() - started, fault)
        self.send_response(answer.status)
        headers = {"Content-Type": self.tool.media_type} if content else {}
        for name, value in {**headers, **answer.headers}.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def _told(tool: Tool, order: Order, request: Request) -> Answer | None:
    """The answer of a fault that answers without doing anything."""
    seconds = max(1, round(order.seconds))
    no = tool.error
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    elsewhere = request.base_url.replace("127.0.0.1", "localhost") + "/trap"
    answers = {
        "429": Answer(429, no(429, "rate_limited", "Too many requests.").body, {"Retry-After": str(seconds)}),
        "429_date": Answer(429, no(429, "rate_limited", "Too many requests.").body, {"Retry-After": later}),
        "throttled": tool.throttled(seconds),
        "500_before": no(500, "internal_error", "Something went wrong."),
        "503": no(503, "unavailable", "Down for maintenance."),
        "401": no(401, "not_authenticated", "The key is missing or wrong."),
        "403": no(403, "permission_denied", "The key may not do this."),
        "404": no(404, "not_found", "There is no such thing."),
        "409": no(409, "conflict", "Something of that name is there already."),
        "html_200": Answer(200, HTML, {"Content-Type": "text/html"}),
        "empty_200": Answer(200, b""),
        "redirect": Answer(307, b"", {"Location": elsewhere}),
    }
    return answers.get(order.fault)
