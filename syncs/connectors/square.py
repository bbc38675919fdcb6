"""Square: customers in and out of a group, which the Point of Sale app shows, and customers read by last change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from syncs.asking import pages
from syncs.erasing import values_of
from syncs.errors import BadRows, BadSetup
from syncs.lists import NamedLists
from syncs.rows import all_accepted, one_by_one
from syncs.shape import Answer, Example, Member, Outcome, Page

KINDS = {"email": "email_address", "phone_number": "phone_number"}
FIELDS = {"id": "customer_id", "email_address": "email", "phone_number": "phone", "updated_at": "updated_at"}


class Square(NamedLists):
    """Found by address, then one call for a customer and a group; doing it twice does nothing more."""

    name = "square"
    version = "2026-09-16"
    base_url_variable = "SQUARE_URL"
    secret_variables = ("SQUARE_ACCESS_TOKEN",)
    streams = ("customers",)
    batch_rows = 50
    can_list = True
    can_erase = True
    example = Example("Downbeat VIP", {"email": "ann.secret@example.com"})

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
        for rows in self._customers(query):
            newest = max([newest, *(str(row["updated_at"]) for row in rows)])
            yield Page([{ours: row.get(its) for its, ours in FIELDS.items()} for row in rows], None)
        # Pages come by creation, so how far the stream has been read is known at its end only.
        yield Page([], newest or None)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        method, group = "DELETE" if change == "remove" else "PUT", self.list_id(object)

        def send(one: Sequence[Member]) -> list[Outcome]:
            email = {"email_address": {"exact": self.identity_key(one[0].identity)}}
            known = [str(row["id"]) for rows in self._customers({"filter": email}) for row in rows]
            if not known and change != "remove":
                raise BadRows("not_a_customer")
            for customer in known:
                self.call(method, f"/v2/customers/{customer}/groups/{group}").get()
            return all_accepted(one)

        return one_by_one(members, send)

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """The profile of every customer with one of these; payments stay, as the law wants of a till."""
        exact = [{kind: {"exact": value}} for kind, value in values_of(identities, KINDS)]
        ids = {str(row["id"]) for each in exact for rows in self._customers({"filter": each}) for row in rows}
        for own in sorted(ids):
            self.call("DELETE", f"/v2/customers/{own}", expect=(200, 404)).get()
        return len(ids)

    def identity_of(self, key: str) -> dict[str, object]:
        return {"email": key}

    def list_members(self, object: str) -> Iterator[str]:
        if group := self.known_lists.get(object):
            for rows in self._customers({"filter": {"group_ids": {"any": [group]}}}):
                yield from (str(row.get("email_address") or row["id"]) for row in rows)

    def _customers(self, query: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
        for answer in pages(self, "/v2/customers/search", {}, _cursor, {"query": query, "limit": 100}):
            yield answer.get().get("customers", [])

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
