"""The service desk, as Zendesk speaks: incremental, cursor-based ticket export.

GET /api/v2/incremental/tickets/cursor.json?start_time=<epoch> or ?cursor=<after_cursor>, `per_page` up to 1,000,
`include=users` and `include=dates`. The requester's e-mail and phone are on the user; order number and the five-step
score are custom fields; `satisfaction_rating` says good or bad. Ten requests a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

from sandbox.tools.clock import parse
from sandbox.tools.pace import State, Window
from sandbox.tools.store import Row
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Request, cursor_of, json_bytes, moment_text, read_cursor

ORDER_FIELD = 360001
SCORE_FIELD = 360002
INCLUDES = {"users", "dates"}
PARAMETERS = {"start_time", "cursor", "per_page", "include", "exclude_deleted"}
PATH = "/api/v2/incremental/tickets/cursor.json"


class Desk(Tool):
    name = "desk"
    schema = """
    create table if not exists requesters (
      id integer primary key, email text not null, phone text not null, unique (email, phone)
    );
    create table if not exists tickets (
      sequence integer primary key, ticket_id text not null unique, requester_id integer not null,
      changed_at integer not null, record blob not null
    );
    create index if not exists tickets_by_change on tickets (changed_at, sequence);
    """
    plan: ClassVar[Window] = Window(700, 60)
    exports: ClassVar[Window] = Window(10, 60)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("GET", PATH.replace(".", r"\."), self._export)]

    def error(self, status: int, code: str, message: str, /, **_: str) -> Answer:
        names = {
            401: "Couldn't authenticate you",
            403: "Forbidden",
            404: "RecordNotFound",
            429: "TooManyRequests",
        }
        return Answer(status, {"error": names.get(status, code), "description": message})

    def admit(self, request: Request) -> dict[str, str]:
        self.need_bearer(request)
        (overall,), (exports,) = self.pace.take("plan", self.plan), self.pace.take("exports", self.exports)
        if overall.is_over or exports.is_over:
            raise self.too_fast(exports.resets_in)
        return _rate_headers(overall, exports)

    def publish(self, stream: str, records: Iterable[Mapping[str, object]]) -> int:
        """Show these tickets from now on (columns of the stream contract). Returns how many."""
        if stream != "tickets":
            raise KeyError(f"the desk has no stream {stream}")
        with self.store.write() as db:
            rows = []
            for record in records:
                person = (str(record.get("email") or ""), str(record.get("phone") or ""))
                db.execute("insert or ignore into requesters (email, phone) values (?, ?)", person)
                found = db.execute(
                    "select id from requesters where email = ? and phone = ?", person
                ).fetchone()
                changed = int(parse(moment_text(record["updated_at"])).timestamp())
                rows.append((str(record["ticket_id"]), found[0], changed, json_bytes(dict(record))))
            db.executemany(
                "insert or replace into tickets (ticket_id, requester_id, changed_at, record) values (?, ?, ?, ?)",
                rows,
            )
        return len(rows)

    def _export(self, request: Request) -> Answer:
        includes = set(filter(None, request.query.get("include", "").split(",")))
        if set(request.query) - PARAMETERS or includes - INCLUDES:
            raise self.refusal(400, "InvalidParameter", "A parameter or include is unknown.")
        limit = self.number_of(request, "per_page", 1000, 1, 1000)
        changed_at, sequence = self._place(request)
        found = self.store.rows(
            "select changed_at, sequence, requester_id, record from tickets"
            " where (changed_at, sequence) > (?, ?) order by changed_at, sequence limit ?",
            (changed_at, sequence, limit + 1),
        )
        shown, more = found[:limit], len(found) > limit
        after = cursor_of(shown[-1][0], shown[-1][1]) if shown else cursor_of(changed_at, sequence)
        body: dict[str, object] = {
            "tickets": [_ticket(row, "dates" in includes) for row in shown],
            "after_url": f"{request.base_url}{PATH}?cursor={after}",
            "after_cursor": after,
            "end_of_stream": not more,
        }
        if "users" in includes:
            body["users"] = self._users({row[2] for row in shown})
        return Answer(200, body)

    def _place(self, request: Request) -> tuple[int, int]:
        if cursor := request.query.get("cursor"):
            parts = read_cursor(cursor)
            if not parts or len(parts) != 2:
                raise self.refusal(400, "InvalidValue", "The cursor is not ours.")
            return int(parts[0]), int(parts[1])
        text = request.query.get("start_time", "")
        if not text.isdigit():
            raise self.refusal(400, "InvalidValue", "start_time must be a number of seconds since 1970.")
        if int(text) > (self.clock.now() - timedelta(seconds=60)).timestamp():
            raise self.refusal(422, "InvalidValue", "Too recent start_time. Use one older than 60 seconds.")
        return int(text), -1

    def _users(self, ids: set[int]) -> list[dict[str, object]]:
        rows = self.store.rows("select id, email, phone from requesters")
        return [
            {"id": row[0], "email": row[1] or None, "phone": row[2] or None, "role": "end-user"}
            for row in rows
            if row[0] in ids
        ]


def _ticket(row: Row, with_dates: bool) -> dict[str, object]:
    record = json.loads(row[3])
    score, key = record.get("csat_score"), str(record["ticket_id"])
    ticket: dict[str, object] = {
        "id": int(key) if key.isdigit() else key,
        "external_id": key,
        "requester_id": row[2],
        "subject": record.get("subject"),
        "description": record.get("body"),
        "status": record.get("status"),
        "created_at": record.get("created_at"),
        "updated_at": record.get("updated_at"),
        "generated_timestamp": row[0],
        "satisfaction_rating": _rating(score, record.get("csat_comment")),
        "custom_fields": [
            {"id": ORDER_FIELD, "value": record.get("order_id")},
            {"id": SCORE_FIELD, "value": score},
        ],
    }
    if with_dates:
        ticket["dates"] = {"solved_at": record.get("solved_at")}
    return ticket


def _rating(score: object, comment: object) -> dict[str, object]:
    if score is None:
        return {"score": "unoffered"}
    return {"score": "good" if int(str(score)) > 3 else "bad", "comment": comment}


def _rate_headers(overall: State, exports: State) -> dict[str, str]:
    return {
        "X-Rate-Limit": str(overall.window.limit),
        "X-Rate-Limit-Remaining": str(overall.remaining),
        "ratelimit-limit": str(overall.window.limit),
        "ratelimit-remaining": str(overall.remaining),
        "ratelimit-reset": str(overall.resets_in),
        "Zendesk-RateLimit-incremental-exports": (
            f"total={exports.window.limit}; remaining={exports.remaining}; resets={exports.resets_in}"
        ),
    }
