"""Shopify 2026-07: tags and customers by GraphQL, its mutations read by shape. Too fast is THROTTLED in a 200."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

MUTATION = re.compile(r"(\w+): (tagsAdd|tagsRemove)\(id: \$(\w+), tags: \$(\w+)\)")
LOOKUP = re.compile(r"(\w+): customerByIdentifier\(identifier: \{(?:emailAddress|phoneNumber): \$(\w+)\}\)")
ERASURE = re.compile(r"customerRequestDataErasure\(customerId: \$(\w+)\) \{ customerId userErrors")
GID = "gid://shopify/Customer/"
POINTS, RESTORED = 2000, 100  # of a standard plan: what the bucket holds, and what comes back each second
MOMENT = "2026-11-20T06:00:00Z"


class Shopify(Vendor):
    name = "shopify"
    secret_variables = ("SHOPIFY_ACCESS_TOKEN",)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("POST", "/admin/api/2026-07/graphql.json", self._graphql)]

    def identify(self, request: Request) -> None:
        self.need_header(request, "x-shopify-access-token", self.secret)

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        return Answer(status, {"errors": f"[API] {message}"})

    def throttled(self, seconds: int) -> Answer:
        cost = _cost(seconds * RESTORED, 0)
        said = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return Answer(200, {"errors": [said], "extensions": {"cost": cost}})

    def _graphql(self, request: Request) -> Answer:
        body = self.body_of(request, ("query",), ("variables", "operationName"))
        query, variables = str(body["query"]), body.get("variables") or {}
        if query.startswith("query") and "customers(" in query:
            return self._customers(variables)
        if query.startswith("query") and (wanted := LOOKUP.findall(query)):
            data = {alias: self._known(variables[email]) for alias, email in wanted}
            return Answer(200, {"data": data, "extensions": {"cost": _cost(len(wanted), POINTS)}})
        if query.startswith("mutation") and (wanted := ERASURE.findall(query)):
            return self._erase(str(variables[wanted[0]]))
        asked = MUTATION.findall(query)
        if not query.startswith("mutation") or not asked or len(asked) * 10 > 1000:
            said = {
                "message": "Field does not exist, or the query is too costly",
                "extensions": {"code": "undefinedField"},
            }
            return Answer(200, {"errors": [said]})
        kept, dropped = request.kept(asked)
        data = {alias: self._tag(verb, variables[own], variables[tags]) for alias, verb, own, tags in kept}
        data |= {alias: {"userErrors": [{"field": ["id"]}]} for alias, *_ in dropped}
        return Answer(200, {"data": data, "extensions": {"cost": _cost(10 * len(asked), POINTS)}})

    def _tag(self, verb: str, own: str, tags: list[str]) -> dict[str, Any]:
        emails = [email for email, known in self.people().items() if GID + known == own]
        for tag in tags:
            (self.put if verb == "tagsAdd" else self.drop)(tag, emails)
        return {"userErrors": [] if emails else [{"field": ["id"]}]}

    def _erase(self, own: str) -> Answer:
        known = self.erase(email for email, each in self.people().items() if GID + each == own)
        wrong = [] if known else [{"field": ["customerId"]}]
        told = {"customerId": own if known else None, "userErrors": wrong}
        return Answer(
            200, {"data": {"customerRequestDataErasure": told}, "extensions": {"cost": _cost(10, POINTS)}}
        )

    def _known(self, email: str) -> dict[str, str] | None:
        own = self.people().get(email)
        return {"id": GID + own} if own else None

    def _customers(self, variables: dict[str, Any]) -> Answer:
        wanted, start = str(variables.get("query") or ""), int(variables.get("after") or 0)
        known = self.people()
        found = list(known)
        if wanted.startswith("tag:"):
            found = sorted(self.held().get(json.loads(wanted.removeprefix("tag:")), set()))
        nodes = [
            {"id": GID + known.get(email, "0"), "updatedAt": MOMENT, "defaultPhoneNumber": None,
             "defaultEmailAddress": {"emailAddress": email}}
            for email in found[start : start + 250]
        ]  # fmt: skip
        about = {"hasNextPage": len(found) > start + 250, "endCursor": str(start + 250)}
        told = {"customers": {"nodes": nodes, "pageInfo": about}}
        return Answer(200, {"data": told, "extensions": {"cost": _cost(50, POINTS)}})


def _cost(points: int, available: int) -> dict[str, Any]:
    status = {"maximumAvailable": POINTS, "currentlyAvailable": available, "restoreRate": RESTORED}
    return {"requestedQueryCost": points, "actualQueryCost": points, "throttleStatus": status}
