"""The shape of a sandbox tool: routes, a dialect for saying no, durable state, a journal of requests."""

from __future__ import annotations

import hmac
import json
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from sandbox.tools.clock import Clock
from sandbox.tools.faults import Faults
from sandbox.tools.pace import Pace
from sandbox.tools.store import Store
from sandbox.tools.wire import Answer, Refusal, Request

Handler = Callable[..., Answer]
JOURNAL = """
create table if not exists requests (
  at real not null, method text not null, path text not null, status integer not null,
  bytes_in integer not null, bytes_out integer not null, seconds real not null, fault text not null
);
"""


class Tool:
    """A tool of the sandbox. Subclasses state `name` and `schema`, list `routes`, and say no in their dialect."""

    name: ClassVar[str]
    schema: ClassVar[str] = ""
    media_type: ClassVar[str] = "application/json"
    max_bytes: ClassVar[int] = 20_000_000

    def __init__(self, folder: Path, clock: Clock, secret: str, pace: Pace) -> None:
        self.clock = clock
        self.secret = secret
        self.pace = pace
        self.faults = Faults()
        self.store = Store(folder / f"{self.name}.sqlite", JOURNAL + self.schema)
        self._routes = [(method, re.compile(path + "$"), handler) for method, path, handler in self.routes()]

    def routes(self) -> list[tuple[str, str, Handler]]:
        """(method, regular expression of the path, handler); groups of the path become the handler's arguments."""
        raise NotImplementedError

    def error(self, status: int, code: str, message: str, /, **more: str) -> Answer:
        """No, in this tool's dialect."""
        return Answer(status, {"error": {"code": code, "message": message, **more}})

    def throttled(self, seconds: int) -> Answer:
        """Too fast, in this tool's dialect."""
        body = self.error(429, "rate_limited", "Too many requests.").body
        return Answer(429, body, {"Retry-After": str(seconds)})

    def refusal(self, status: int, code: str, message: str, **more: str) -> Refusal:
        return Refusal(self.error(status, code, message, **more))

    def too_fast(self, seconds: int) -> Refusal:
        return Refusal(self.throttled(seconds))

    def admit(self, request: Request) -> dict[str, str]:
        """Check who asks and how fast. Returns headers for the answer; raises Refusal."""
        self.need_bearer(request)
        return {}

    def answer(self, request: Request) -> Answer:
        """The answer to a request, refusals included."""
        try:
            extra = self.admit(request)
            done = self._dispatch(request)
            return Answer(done.status, done.body, {**extra, **done.headers})
        except Refusal as refusal:
            return refusal.answer
        except Exception:
            # A defect of the sandbox: said as a tool would say it, and told to whoever watches the log.
            logging.getLogger(__name__).exception("%s failed at %s", self.name, request.path)
            return self.error(500, "internal_error", "Something went wrong.")

    def _dispatch(self, request: Request) -> Answer:
        others = False
        for method, path, handler in self._routes:
            if found := path.match(request.path):
                if method == request.method:
                    return handler(request, *found.groups())
                others = True
        if others:
            raise self.refusal(405, "method_not_allowed", "This path does not take this method.")
        raise self.refusal(404, "not_found", "No such path.")

    def need_bearer(self, request: Request, scheme: str = "Bearer") -> None:
        """Raise a 401 unless the request carries this tool's secret."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"{scheme} {self.secret}".encode()):
            raise self.refusal(401, "not_authenticated", "The key is missing or wrong.")

    def json_of(self, request: Request) -> object:
        """The body as JSON; a 400 where it is none."""
        try:
            return json.loads(request.body)
        except ValueError:
            raise self.refusal(400, "parse_error", "The body is not JSON.") from None

    def number_of(self, request: Request, name: str, default: int, low: int, high: int) -> int:
        """A whole number of the query between low and high; a 400 for anything else."""
        text = request.query.get(name, str(default))
        if not text.isdigit() or not low <= int(text) <= high:
            raise self.refusal(400, "invalid", f"{name} must be between {low} and {high}.", parameter=name)
        return int(text)

    def record(self, request: Request, status: int, bytes_out: int, seconds: float, fault: str) -> None:
        """Note a request in the journal: never its query or body, for they carry people."""
        line = (
            time.time(),
            request.method,
            request.path,
            status,
            len(request.body),
            bytes_out,
            seconds,
            fault,
        )
        with self.store.write() as db:
            db.execute("insert into requests values (?, ?, ?, ?, ?, ?, ?, ?)", line)

    def requests(self, path_contains: str = "", method: str = "") -> int:
        """How many requests were seen, misled ones included."""
        return (
            self.store.count(
                "select count(*) from requests where instr(path, ?) > 0 and ? in ('', method)",
                (path_contains, method),
            )
            if path_contains
            else self.store.count("select count(*) from requests where ? in ('', method)", (method,))
        )
