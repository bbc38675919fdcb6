"""Iterable: people on and off a static list. A list shrinks without `channelUnsubscribe`, which would end consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncs.erasing import erased_one_by_one
from syncs.errors import TryLater
from syncs.lists import NamedLists
from syncs.rows import except_for, identified, renamed
from syncs.shape import Codes, Example, Member, Outcome

NAMES = {"email": "email", "external_id": "userId"}


class Iterable(NamedLists):
    """An Api-Key header; answers count who was taken and name the others."""

    name = "iterable"
    base_url_variable = "ITERABLE_URL"
    secret_variables = ("ITERABLE_API_KEY",)
    batch_rows = 1000
    can_erase = True
    codes = Codes(("code",), fine=frozenset({None, "Success"}), busy=frozenset({"RateLimitExceeded"}))
    example = Example("Downbeat VIP", {"email": "ann.secret@example.com"})

    def headers(self) -> dict[str, str]:
        return {"Api-Key": self.secret("ITERABLE_API_KEY")}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, strange = identified(members, lambda m: renamed(m, NAMES))
        if not members:
            return strange
        verb, more = "subscribe", {"updateExistingUsersOnly": True}
        if change == "remove":
            verb, more = "unsubscribe", {"channelUnsubscribe": False}
        body = {
            "listId": int(self.list_id(object)),
            "subscribers": [renamed(m, NAMES) for m in members],
            **more,
        }
        answer = self.call("POST", f"/api/lists/{verb}", body)
        named = set(answer.find("invalidEmails") or []) | set(answer.find("invalidUserIds") or [])
        if answer.get("successCount") + answer.get("failCount") != len(members) or (
            answer.get("failCount") and not named
        ):
            raise TryLater("the answer does not account for every row", is_ambiguous=True)
        refused = [m for m in members if self.identity_key(m.identity) in named]
        return strange + except_for(members, {m.op_id: "invalid" for m in refused})

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Deleted, and nothing more is kept under that address or id until somebody unforgets it there."""

        def ask(kind: str, value: str) -> bool:
            answer = self.call("POST", "/api/users/forget", {kind: value}, expect=(200, 202))
            return str(answer.get("code")) == "Success"

        return erased_one_by_one(identities, NAMES, ask)

    def find_lists(self) -> Iterator[tuple[str, str]]:
        lists = self.call("GET", "/api/lists").get("lists")
        yield from ((str(row["name"]), str(row["id"])) for row in lists if row["listType"] == "Standard")

    def make_list(self, name: str) -> str:
        return str(self.call("POST", "/api/lists", {"name": name}).get("listId"))
