"""Square 2026-09-16: customers and the groups they are in. The version comes in a header."""

from __future__ import annotations

from typing import Any

from sandbox.tools.shape import a_text, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

CATEGORIES = {
    401: "AUTHENTICATION_ERROR",
    403: "AUTHENTICATION_ERROR",
    429: "RATE_LIMIT_ERROR",
    500: "API_ERROR",
}
CODES = {
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    429: "RATE_LIMITED",
    500: "INTERNAL_SERVER_ERROR",
}
FILTERS = ("group_ids", "email_address", "phone_number", "updated_at", "created_at")
MOMENT = "2026-11-20T06:00:00.000Z"


class Square(Vendor):
    name = "square"
    secret_variables = ("SQUARE_ACCESS_TOKEN",)

    def routes(self) -> list[tuple[str, str, Handler]]:
        one = "/v2/customers/([^/]+)/groups/([^/]+)"
        return [
            ("GET", "/v2/customers/groups", self._groups),
            ("POST", "/v2/customers/groups", self._make),
            ("POST", "/v2/customers/search", self._search),
            ("DELETE", "/v2/customers/([^/]+)", self._delete),
            ("PUT", one, lambda _, who, group: self._change(who, group, True)),
            ("DELETE", one, lambda _, who, group: self._change(who, group, False)),
        ]

    def identify(self, request: Request) -> None:
        if request.headers.get("square-version", "") < "2026":
            raise self.refusal(400, "invalid", "Square-Version is required.")
        self.need_bearer(request)

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        category = CATEGORIES.get(status, "INVALID_REQUEST_ERROR")
        return Answer(
            status,
            {"errors": [{"category": category, "code": CODES.get(status, "BAD_REQUEST"), "detail": message}]},
        )

    def throttled(self, _seconds: int) -> Answer:
        return self.error(429, "", "Too many requests.")

    def _groups(self, request: Request) -> Answer:
        limit, start = self.number_of(request, "limit", 50, 1, 50), int(request.query.get("cursor") or 0)
        found = [{"id": f"G{own}", "name": name} for own, name in self.lists().items()]
        more = {"cursor": str(start + limit)} if len(found) > start + limit else {}
        return Answer(200, {"groups": found[start : start + limit], **more} if found else {})

    def _make(self, request: Request) -> Answer:
        body = self.body_of(request, ("group",), ("idempotency_key",))
        name = self.fit(
            lambda: a_text(an_object(body["group"], "/group", ("name",))["name"], "/group/name", 255)
        )
        self.fit(lambda: a_text(body.get("idempotency_key", "x"), "/idempotency_key", 128))
        return Answer(200, {"group": {"id": f"G{self.new_list(name)}", "name": name}})

    def _change(self, customer: str, group: str, is_added: bool) -> Answer:
        name = self.lists().get(group.removeprefix("G"))
        emails = [email for email, own in self.people().items() if own == customer]
        if name is None or not emails:
            raise self.refusal(404, "not_found", "Customer or group not found.")
        (self.put if is_added else self.drop)(name, emails)
        return Answer(200, {})

    def _delete(self, _: Request, customer: str) -> Answer:
        if not self.erase(email for email, own in self.people().items() if own == customer):
            raise self.refusal(404, "not_found", "Customer not found.")
        return Answer(200, {})

    def _search(self, request: Request) -> Answer:
        body = self.body_of(request, (), ("query", "limit", "cursor", "count"))
        query = self.fit(lambda: an_object(body.get("query", {}), "/query", (), ("filter", "sort")))
        wanted = self.fit(lambda: an_object(query.get("filter", {}), "/query/filter", (), FILTERS))
        found = [(own, email) for email, own in self.people().items()]
        if "group_ids" in wanted:
            names = [self.lists().get(str(own).removeprefix("G"), "") for own in wanted["group_ids"]["any"]]
            on_it = {email for name in names for email in self.held().get(name, set())}
            found = [(own, email) for own, email in found if email in on_it]
        if "email_address" in wanted:
            found = [(own, email) for own, email in found if email == wanted["email_address"].get("exact")]
        if "phone_number" in wanted:
            found = [(own, email) for own, email in found if email == wanted["phone_number"].get("exact")]
        start, limit = int(body.get("cursor") or 0), body.get("limit", 100)
        if not isinstance(limit, int) or not 1 <= limit <= 100:
            raise self.refusal(400, "invalid", "limit must be 1 to 100.")
        more = {"cursor": str(start + limit)} if len(found) > start + limit else {}
        shown = [_customer(*each) for each in found[start : start + limit]]
        return Answer(200, {"customers": shown, **more} if shown else {})


def _customer(own: str, email: str) -> dict[str, Any]:
    return {"id": own, "created_at": MOMENT, "updated_at": MOMENT, "email_address": email}
