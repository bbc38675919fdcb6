"""A receiver behind a real socket that fails in every way tools fail, one drawn fault per request."""

from __future__ import annotations

import json
import random
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, ClassVar

from syncs.shape import Member
from tests.orchestration.delivery.receiver import AUDIENCE, SUPPRESSION, Receiver

REFUSALS: dict[str, tuple[int, dict[str, str]]] = {
    "401": (401, {}),
    "403": (403, {}),
    "404": (404, {}),
    "408": (408, {}),
    "409": (409, {}),
    "429": (429, {}),
    "429_seconds": (429, {"Retry-After": "3"}),
    "429_date": (429, {"Retry-After": "Sat, 21 Nov 2026 12:00:05 GMT"}),
    "429_for_hours": (429, {"Retry-After": "21600"}),
    "500": (500, {}),
    "502": (502, {}),
    "503": (503, {"Retry-After": "2"}),
    "504": (504, {}),
    "redirect": (307, {"Location": "http://169.254.169.254/"}),
}
BEFORE = (
    *REFUSALS,
    "reset_before",
    "html_200",
    "empty_200",
    "error_200",
    "late",
    "timeout_before",
    "die_before",
)
AFTER = ("500_after", "502_after", "429_after", "reset_after", "cut_json", "short_body", "wrong_request",
         "partial", "partial_500", "answer_lost", "duplicate", "timeout_after", "die_after")  # fmt: skip
NONSENSE = {
    "html_200": "<html>busy</html>",
    "empty_200": "",
    "cut_json": '{"request": "x", "rows": [{"op',
    "error_200": '{"error": {"code": "throttled"}}',
    "short_body": '{"request": "x", "rows": []}',
    "wrong_request": '{"request": "other", "rows": []}',
    "job_runs_on": '{"state": "running"}',
}
JOBS = ("job_runs_on",)
RARE = {"timeout_before", "timeout_after", "die_before", "die_after"}  # they cost real time, or the process
ENDING = {
    "401",
    "403",
    "404",
    "redirect",
    "429_for_hours",
    "partial",
    "error_200",
    "empty_200",
    "wrong_request",
}  # they end the run
FAULTS = (*BEFORE, *AFTER, *JOBS)


class ModelServer:
    """Serves one receiver at a time. `share` of the requests meet a fault, drawn from `chance`."""

    def __init__(self) -> None:
        self.receiver, self.chance, self.share = Receiver(), random.Random(0), 0.0
        self.with_jobs, self.jobs = False, list[tuple[str, str, str, list[Member]]]()
        self.planned: list[str] = []  # met first, before anything is drawn
        self.met: Counter[str] = Counter()
        self.requests, self.job_number = 0, 0
        self.judge: Callable[[str, str, list[Member]], None] = lambda *_: None
        self.kill: Callable[[], None] = lambda: None
        handler = type("Bound", (_Handler,), {"model": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def begin(self, receiver: Receiver, seed: int, with_jobs: bool) -> None:
        """A new tool for a new episode."""
        self.receiver, self.chance, self.share = receiver, random.Random(seed), 0.0
        self.with_jobs, self.jobs, self.planned = with_jobs, [], []

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault(self, is_write: bool) -> str:
        """What this request meets; nothing while `share` is 0."""
        self.requests += 1
        if self.planned:
            return self.planned.pop(0)
        if self.chance.random() >= self.share:
            return ""
        weights = [1 if fault in RARE else 2 if fault in ENDING else 24 for fault in FAULTS]
        fault = self.chance.choices(FAULTS, weights)[0]
        if (
            is_write == (fault in JOBS)
            or (not is_write and fault in AFTER)
            or (not is_write and fault == "late")
        ):
            return ""
        self.met[fault] += 1
        return fault

    def apply(self, change: str, object: str, members: list[Member]) -> str:
        """Bring the rows in, or take them as a job; jobs of a list are worked off in the order they came."""
        if self.with_jobs and object == AUDIENCE:
            self.job_number += 1
            self.jobs.append((str(self.job_number), change, object, members))
            return str(self.job_number)
        self.receiver.apply(change, object, members)
        return ""

    def work_off(self, up_to: int | None = None) -> None:
        while self.jobs and (up_to is None or int(self.jobs[0][0]) <= up_to):
            _, change, object, members = self.jobs.pop(0)
            self.receiver.apply(change, object, members)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever asked was killed: that is what we are here for."""


class _Handler(BaseHTTPRequestHandler):
    model: ClassVar[ModelServer]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        if self._meets(self.model.fault(is_write=False), lambda: ""):
            return
        kind, name, *_ = self.path.strip("/").split("?")[0].split("/")
        if kind == "jobs":
            self.model.work_off(int(name))
            self._answer(200, {"state": "done"})
            return
        page = int(self.path.rpartition("=")[2])
        found = sorted(self.model.receiver.lists.get(name, {}))
        more = page + 1 if len(found) > 5 * (page + 1) else None
        self._answer(200, {"members": found[5 * page : 5 * page + 5], "next": more})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, _, object, change = self.path.split("/")
        members = [
            Member(r["op"], r["decision"] or "", r["identity"], r["payload"], r["decision"])
            for r in body["rows"]
        ]
        model = self.model
        model.judge(change, object, members)
        fault = model.fault(is_write=True)
        if fault == "409" and (object, change) == (SUPPRESSION, "add"):
            model.receiver.refused |= {str(m.identity["email"]) for m in members}
        if fault == "late":
            model.receiver.late.append((change, object, members))
        if self._meets(fault, lambda: model.apply(change, object, members)):
            return
        if any(str(m.identity["email"]) in model.receiver.poison for m in members):
            self._answer(400, {"error": {"code": "invalid"}})
            return
        if fault.startswith("partial"):
            members = members[: 1 + len(members) // 2]
        job = model.apply(change, object, members)
        if fault == "duplicate":
            model.apply(change, object, members)
        if fault == "partial_500":
            self._answer(500, {})
        elif job:
            self._answer(202, {"job": job})
        else:
            rows = [{"op": m.op_id, "status": "ok"} for m in members]
            self._answer(200, {"request": body["request"], "rows": rows})

    def _meets(self, fault: str, apply: Callable[[], Any]) -> bool:
        """Answer as the fault has it; False where the request is to be answered in the usual way."""
        if not fault or fault.startswith("partial") or fault == "duplicate":
            return False
        if fault in AFTER:
            apply()
        if fault in REFUSALS:
            status, headers = REFUSALS[fault]
            self._answer(status, {}, headers)
        elif fault in ("500_after", "502_after", "429_after"):
            self._answer(int(fault[:3]), {})
        elif fault.startswith("timeout"):
            time.sleep(0.5)
            self._reset()
        elif fault.startswith("die"):
            self.model.kill()
            self._reset()
        elif fault in ("late", "reset_before", "reset_after", "answer_lost"):
            self._reset()
        else:
            self._say_nonsense(fault)
        return True

    def _say_nonsense(self, fault: str) -> None:
        text = NONSENSE[fault].encode()
        length = len(text) + 40 if fault == "short_body" else len(text)
        self._send(200, text, {"Content-Length": str(length)})
        if fault == "short_body":
            self._reset()

    def _answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self._send(status, text, {"Content-Length": str(len(text))} | (headers or {}))

    def _send(self, status: int, text: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True  # whoever asked is gone

    def _reset(self) -> None:
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
