"""The tills: one small card of context per loyalty card, shown to whoever serves the customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncs.connector import Connector
from syncs.redaction import safe_code
from syncs.rows import except_for
from syncs.shape import Answer, Example, Member, Outcome


class Till(Connector):
    """PUT and DELETE /v1/cards; 207 names the rows refused. Putting a card again replaces it."""

    name = "till"
    base_url_variable = "TILL_URL"
    secret_variables = ("TILL_TOKEN",)
    batch_rows = 500
    can_list = True
    example = Example("cards", {"card": "9900112233"}, {"lifecycle_stage": "active"})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:  # noqa: ARG002
        if change == "remove":
            body: dict[str, list[str]] | list[dict[str, str]] = {
                "cards": [str(m.identity["card"]) for m in members]
            }
            return self._outcomes(self.call("DELETE", "/v1/cards", body, expect=(200, 207)), members)
        answer = self.call("PUT", "/v1/cards", [m.identity | m.payload for m in members], expect=(200, 207))
        return self._outcomes(answer, members)

    def identity_of(self, key: str) -> dict[str, object]:
        return {"card": key}

    def list_members(self, object: str) -> Iterator[str]:  # noqa: ARG002
        params: dict[str, str] = {}
        while True:
            answer = self.call("GET", "/v1/cards", params=params)
            yield from (str(card["card"]) for card in answer.get("data"))
            if not answer.find("next_cursor"):
                return
            params = {"cursor": answer.get("next_cursor")}

    def _outcomes(self, answer: Answer, members: Sequence[Member]) -> list[Outcome]:
        errors = {str(error["card"]): safe_code(error.get("code")) for error in answer.get("errors")}
        refused = {m.op_id: errors[card] for m in members if (card := str(m.identity["card"])) in errors}
        return [
            Outcome(outcome.op_id, "not_sent", "try_again") if outcome.code == "try_again" else outcome
            for outcome in except_for(members, refused)
        ]
