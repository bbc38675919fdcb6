"""The till's context cards: what the cashier sees when a loyalty card is scanned.

PUT /v1/cards [{"card": ..., the five fields}] and DELETE /v1/cards {"cards": [...]}, both up to 500 rows, answered 200,
or 207 where rows were refused: {"accepted": n, "errors": [{"card", "code"}]}. GET /v1/cards?cursor= lists the cards.
"""

from __future__ import annotations

import json
import re
from typing import ClassVar

from sandbox.tools.pace import Window
from sandbox.tools.shape import Misfit, a_list, an_object
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Request, cursor_of, json_bytes, moment_text, read_cursor

MOST_ROWS = 500
PAGE = 500
CARD = re.compile(r"[A-Za-z0-9_-]{1,40}")
# What a card has room for. It is read aloud at a counter: never how to reach someone or where they live.
FIELDS = {
    "lifecycle_stage": str,
    "has_open_case": bool,
    "last_purchased_category": str,
    "is_do_not_promote": bool,
    "next_offer_category": str,
}


class Till(Tool):
    name = "till"
    max_bytes = 1_000_000
    schema = """
    create table if not exists cards (
      card text primary key, fields text not null, updated_at text not null
    ) without rowid;
    """
    window: ClassVar[Window] = Window(20, 1)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("PUT", "/v1/cards", self._put),
            ("DELETE", "/v1/cards", self._delete),
            ("GET", "/v1/cards", self._list),
        ]

    def admit(self, request: Request) -> dict[str, str]:
        self.need_bearer(request)
        state = self.pace.take("all", self.window)[0]
        if state.is_over:
            raise self.too_fast(state.resets_in)
        return {}

    def _put(self, request: Request) -> Answer:
        try:
            rows = a_list(self.json_of(request), "", MOST_ROWS)
        except Misfit as misfit:
            raise self.refusal(400, "invalid", str(misfit)) from None
        kept, dropped = request.kept(rows)
        checked = [(row, *_checked(row)) for row in kept]
        now = moment_text(self.clock.now())
        good = [(card, json_bytes(row).decode(), now) for row, card, code in checked if not code]
        with self.store.write() as db:
            db.executemany("insert or replace into cards values (?, ?, ?)", good)
        refused = [(card, code) for _, card, code in checked if code]
        return _told(len(good), refused + [(_checked(row)[0], "try_again") for row in dropped])

    def _delete(self, request: Request) -> Answer:
        try:
            body = an_object(self.json_of(request), "", ("cards",))
            cards = [str(card) for card in a_list(body["cards"], "/cards", MOST_ROWS)]
        except Misfit as misfit:
            raise self.refusal(400, "invalid", str(misfit)) from None
        kept, dropped = request.kept(cards)
        with self.store.write() as db:
            db.executemany("delete from cards where card = ?", [(card,) for card in kept])
        return _told(len(kept), [(card, "try_again") for card in dropped])

    def _list(self, request: Request) -> Answer:
        cursor = request.query.get("cursor", "")
        parts = read_cursor(cursor) if cursor else [""]
        if not parts:
            raise self.refusal(400, "invalid", "The cursor is not ours.", parameter="cursor")
        rows = self.store.rows(
            "select card, fields from cards where card > ? order by card limit ?", (parts[0], PAGE + 1)
        )
        more = cursor_of(rows[PAGE - 1][0]) if len(rows) > PAGE else None
        return Answer(200, {"data": [json.loads(str(row[1])) for row in rows[:PAGE]], "next_cursor": more})

    def cards(self) -> dict[str, dict[str, object]]:
        """Every card with its fields, as the till shows them."""
        return {
            str(card): json.loads(str(text))
            for card, text in self.store.rows("select card, fields from cards")
        }


def _checked(row: object) -> tuple[str, str]:
    """The card of a row, and why it is refused: empty if it is fine."""
    if not isinstance(row, dict):
        return "", "not_an_object"
    card = row.get("card")
    if not isinstance(card, str) or not CARD.fullmatch(card):
        return str(card or ""), "invalid_card"
    fields = {name: value for name, value in row.items() if name != "card"}
    if set(fields) - set(FIELDS):
        return card, "unknown_field"
    fits = all(value is None or isinstance(value, FIELDS[name]) for name, value in fields.items())
    return card, "" if fits and all(len(str(value)) <= 200 for value in fields.values()) else "invalid_value"


def _told(accepted: int, refused: list[tuple[str, str]]) -> Answer:
    errors = [{"card": card, "code": code} for card, code in refused]
    return Answer(207 if errors else 200, {"accepted": accepted, "errors": errors})
