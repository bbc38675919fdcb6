"""Square: customers in and out of a group, which the Point of Sale app shows, and customers read by last change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from syncs.asking import pages
from syncs.errors import BadRows, BadSetup
from syncs.lists import NamedLists
from syncs.redaction import safe_code
from syncs.rows import all_accepted, one_by_one
from syncs.shape import Answer, Example, Member, Outcome, Page

FIELDS = {"id": "customer_id", "email_address": "email", "phone_number": "phone", "updated_at": "updated_at"}


class Square(NamedLists):
    """One call for a customer and a group; doing it twice does nothing more."""

    name = "square"
    version = "2026-09-16"
    base_url_variable = "SQUARE_URL"
    secret_variables = ("SQUARE_ACCESS_TOKEN",)
    streams = ("customers",)
    batch_rows = 50
    can_list = True
    example = Example("Downbeat VIP", {"customer_id": "SECRETCUSTOMER1"})

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Square-Version": self.version}

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        start = (
            since.replace(tzinfo=since.tzinfo or UTC) if since else datetime(2009, 1, 1, tzinfo=UTC)
        ).isoformat()
        query = {
            "filter": {"updated_at": {"start_at": start}},
            "sort": {"field": "CREATED_AT", "order": "ASC"},
        }
        newest = ""
        for answer in pages(self, "/v2/customers/search", {}, _cursor, {"query": query, "limit": 100}):
            rows = answer.get().get("customers", [])
            newest = max([newest, *(str(row["updated_at"]) for row in rows)])
            yield Page([{ours: row.get(its) for its, ours in FIELDS.items()} for row in rows], None)
        # Pages come by creation, so how far the stream has been read is known at its end only.
        yield Page([], newest or None)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        method, group = "DELETE" if change == "remove" else "PUT", self.list_id(object)

        def send(one: Sequence[Member]) -> list[Outcome]:
            path = f"/v2/customers/{one[0].identity['customer_id']}/groups/{group}"
            answer = self.call(method, path, expect=(200, 404))
            answer.get()
            if answer.status == 404 and change != "remove":
                raise BadRows(safe_code(answer.find("errors", 0, "code")))
            return all_accepted(one)

        return one_by_one(members, send)

    def identity_of(self, key: str) -> dict[str, object]:
        return {"customer_id": key}

    def list_members(self, object: str) -> Iterator[str]:
        if group := self.known_lists.get(object):
            query = {"filter": {"group_ids": {"any": [group]}}}
            for answer in pages(self, "/v2/customers/search", {}, _cursor, {"query": query, "limit": 100}):
                yield from (str(row["id"]) for row in answer.get().get("customers", []))

    def find_lists(self) -> Iterator[tuple[str, str]]:
        for answer in pages(self, "/v2/customers/groups", {"limit": "50"}, _cursor):
            yield from ((str(row["name"]), str(row["id"])) for row in answer.get().get("groups", []))

    def make_list(self, name: str) -> str:
        body = {
            "idempotency_key": sha256(f"downbeat group {name}".encode()).hexdigest()[:40],
            "group": {"name": name},
        }
        return str(self.call("POST", "/v2/customers/groups", body).get("group", "id"))


def _cursor(answer: Answer) -> dict[str, str] | None:
    return {"cursor": answer.get("cursor")} if answer.get().get("cursor") else None
