"""Shopify: a tag on and off customers, and customers read by last change. Consent is three states and left alone.

Tags are added and removed one by one: writing a customer's tags as a field would replace those of others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from syncs.connector import Connector
from syncs.erasing import values_of
from syncs.errors import BadRows, BadSetup, SyncError, TryLater
from syncs.rows import except_for
from syncs.shape import Answer, Codes, Example, Member, Outcome, Page

LOOKUPS = {"email": "emailAddress", "phone_number": "phoneNumber"}
ERASURE = (
    "mutation($id: ID!) { customerRequestDataErasure(customerId: $id) { customerId userErrors { field } } }"
)
CUSTOMERS = """query($query: String!, $after: String) { customers(first: 250, after: $after, query: $query,
 sortKey: UPDATED_AT) { nodes { id updatedAt defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
 pageInfo { hasNextPage endCursor } } }"""


class Shopify(Connector):
    """GraphQL: 50 customers a document. Too fast is THROTTLED in a 200, with how many points come back a second."""

    name = "shopify"
    version = "2026-07"
    base_url_variable = "SHOPIFY_URL"
    secret_variables = ("SHOPIFY_ACCESS_TOKEN",)
    streams = ("customers",)
    batch_rows = 50
    can_list = True
    can_erase = True
    codes = Codes(
        ("errors", 0, "extensions", "code"),
        key=frozenset({"ACCESS_DENIED"}),
        down=frozenset({"INTERNAL_SERVER_ERROR"}),
    )
    example = Example("downbeat_vip", {"email": "ann.secret@example.com"})

    def headers(self) -> dict[str, str]:
        return {"X-Shopify-Access-Token": self.secret("SHOPIFY_ACCESS_TOKEN")}

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        for nodes in self._customers(f"updated_at:>='{since.isoformat()}'" if since else ""):
            records = [_record(node) for node in nodes]
            yield Page(records, str(records[-1]["updated_at"]) if records else None)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        """Strangers are refused, and have no tag to lose."""
        verb = "tagsRemove" if change == "remove" else "tagsAdd"
        found = self._customer_ids(members)
        known = [m for m in members if m.op_id in found]
        refused = {m.op_id: "not_a_customer" for m in members if m.op_id not in found}
        if known:
            ids = {f"id{n}": found[m.op_id] for n, m in enumerate(known)}
            asked = [
                f"c{n}: {verb}(id: $id{n}, tags: $tags) {{ userErrors {{ field }} }}"
                for n in range(len(known))
            ]
            declared = ", ".join(["$tags: [String!]!", *(f"${name}: ID!" for name in ids)])
            answer = self._ask(f"mutation({declared}) {{ {' '.join(asked)} }}", {"tags": [object], **ids})
            wrong = [m for n, m in enumerate(known) if answer.get("data", f"c{n}", "userErrors")]
            refused |= {m.op_id: "user_error" for m in wrong}
        return except_for(members, {} if change == "remove" else refused)

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Shopify's own erasure of a customer, with the grace it gives the shop before it is done."""
        known = values_of(identities, LOOKUPS)
        ids = dict.fromkeys(own for kind, value in known for own in self._known_by(kind, [value]).values())
        for own in ids:
            told = self._ask(ERASURE, {"id": own}).get("data", "customerRequestDataErasure", "userErrors")
            if told:
                raise BadRows("user_error")
        return len(ids)

    def _customer_ids(self, members: Sequence[Member]) -> dict[str, str]:
        """Shopify's own ids by op_id, of the members whose address it knows."""
        found = self._known_by("emailAddress", [self.identity_key(m.identity) for m in members])
        return {m.op_id: found[n] for n, m in enumerate(members) if n in found}

    def _known_by(self, kind: str, values: Sequence[str]) -> dict[int, str]:
        """Shopify's own ids by the places of the values it knows."""
        named = {f"e{n}": value for n, value in enumerate(values)}
        asked = [
            f"c{n}: customerByIdentifier(identifier: {{{kind}: ${e}}}) {{ id }}" for n, e in enumerate(named)
        ]
        declared = ", ".join(f"${name}: String!" for name in named)
        answer = self._ask(f"query({declared}) {{ {' '.join(asked)} }}", named)
        own = {n: answer.get("data", f"c{n}") for n in range(len(values))}
        return {n: str(customer["id"]) for n, customer in own.items() if customer}

    def identity_of(self, key: str) -> dict[str, object]:
        return {"email": key}

    def list_members(self, object: str) -> Iterator[str]:
        for nodes in self._customers(f"tag:{json.dumps(object)}"):
            yield from (
                str((node["defaultEmailAddress"] or {}).get("emailAddress") or node["id"]) for node in nodes
            )

    def verdict(self, answer: Answer) -> SyncError:
        if self.codes.of(answer) != "THROTTLED":
            return super().verdict(answer)
        cost = answer.get("extensions", "cost")
        lacking = cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]
        return TryLater("asks us to wait", max(1.0, lacking / cost["throttleStatus"]["restoreRate"]))

    def _customers(self, query: str) -> Iterator[list[dict[str, Any]]]:
        after: str | None = None
        while True:
            answer = self._ask(CUSTOMERS, {"query": query, "after": after})
            yield answer.get("data", "customers", "nodes")
            about = answer.get("data", "customers", "pageInfo")
            if not about["hasNextPage"]:
                return
            after = about["endCursor"]

    def _ask(self, query: str, variables: dict[str, Any]) -> Answer:
        body = {"query": query, "variables": variables}
        return self.call("POST", f"/admin/api/{self.version}/graphql.json", body)


def _record(node: dict[str, Any]) -> dict[str, object]:
    return {
        "customer_id": node["id"],
        "email": (node["defaultEmailAddress"] or {}).get("emailAddress"),
        "phone": (node["defaultPhoneNumber"] or {}).get("phoneNumber"),
        "updated_at": node["updatedAt"],
    }
