"""The web shop's REST API: accounts, orders, order lines, refunds and products, read by last change.

GET /api/v1/<stream>?updated_since=<ISO>&limit=<1..500>&cursor=<opaque>, bearer token. Answers
{"data": [...], "next_cursor": "..." or null}, oldest change first, `updated_since` included. 429 with Retry-After.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sandbox.tools.clock import iso, parse
from sandbox.tools.pace import Window
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Request, cursor_of, json_bytes, moment_text, read_cursor

# stream: (key, last change)
STREAMS = {
    "accounts": ("account_id", "updated_at"),
    "orders": ("order_id", "updated_at"),
    "order_lines": ("order_line_id", "updated_at"),
    "refunds": ("refund_id", "refunded_at"),
    "products": ("product_id", "updated_at"),
}
PARAMETERS = {"updated_since", "limit", "cursor"}


class Shop(Tool):
    name = "shop"
    schema = """
    create table if not exists records (
      sequence integer primary key, stream text not null, key text not null, changed_at text not null,
      record blob not null, unique (stream, key)
    );
    create index if not exists records_by_change on records (stream, changed_at, sequence);
    """
    window: ClassVar[Window] = Window(40, 1)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("GET", "/api/v1/([a-z_]+)", self._list)]

    def admit(self, request: Request) -> dict[str, str]:
        self.need_bearer(request)
        state = self.pace.take("all", self.window)[0]
        if state.is_over:
            raise self.too_fast(state.resets_in)
        return {"X-Shop-Calls-Remaining": str(state.remaining)}

    def publish(self, stream: str, records: Iterable[Mapping[str, object]]) -> int:
        """Show these records from now on; a record whose key was there before replaces it. Returns how many."""
        key, changed = STREAMS[stream]
        rows = [(stream, str(r[key]), moment_text(r[changed]), json_bytes(dict(r))) for r in records]
        with self.store.write() as db:
            db.executemany(
                "insert or replace into records (stream, key, changed_at, record) values (?, ?, ?, ?)", rows
            )
        return len(rows)

    def _list(self, request: Request, stream: str) -> Answer:
        if stream not in STREAMS:
            raise self.refusal(404, "not_found", "No such stream.")
        if strange := set(request.query) - PARAMETERS:
            raise self.refusal(400, "invalid", f"Unknown parameter {min(strange)}.")
        limit = self.number_of(request, "limit", 100, 1, 500)
        since, after = self._place(request)
        found = self.store.rows(
            "select changed_at, sequence, record from records where stream = ? and (changed_at, sequence) > (?, ?)"
            " order by changed_at, sequence limit ?",
            (stream, since, after, limit + 1),
        )
        shown, more = found[:limit], len(found) > limit
        cursor = b'"' + cursor_of(shown[-1][0], shown[-1][1]).encode() + b'"' if more else b"null"
        data = b",".join(row[2] for row in shown)
        return Answer(200, b'{"data":[' + data + b'],"next_cursor":' + cursor + b"}")

    def _place(self, request: Request) -> tuple[str, int]:
        """Where to go on: after a cursor, else from updated_since on."""
        if cursor := request.query.get("cursor"):
            parts = read_cursor(cursor)
            if not parts or len(parts) != 2:
                raise self.refusal(400, "invalid", "The cursor is not ours.", parameter="cursor")
            return parts[0], int(parts[1])
        try:
            return iso(parse(request.query.get("updated_since", "1970-01-01"))), -1
        except ValueError:
            raise self.refusal(
                400, "invalid", "updated_since is no moment.", parameter="updated_since"
            ) from None
