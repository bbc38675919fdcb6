"""Mailchimp 3.0: members of one audience and its static segments. No quota header; under load a bare 403."""

from __future__ import annotations

import base64
from hashlib import md5
from typing import Any

from sandbox.tools.shape import EMAIL, Misfit, a_list, a_text
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

TITLES = {400: "Invalid Resource", 401: "API Key Invalid", 403: "Forbidden", 404: "Resource Not Found"}
MOST = 500


class Mailchimp(Vendor):
    name = "mailchimp"
    secret_variables = ("MAILCHIMP_API_KEY", "MAILCHIMP_AUDIENCE")

    def routes(self) -> list[tuple[str, str, Handler]]:
        audience = "/3.0/lists/([^/]+)"
        return [
            ("GET", f"{audience}/members", self._members),
            ("GET", f"{audience}/segments", self._segments),
            ("POST", f"{audience}/segments", self._make),
            ("POST", f"{audience}/segments/(\\d+)", self._change),
            ("GET", f"{audience}/segments/(\\d+)/members", self._on_segment),
            ("POST", f"{audience}/members/([0-9a-f]{{32}})/actions/delete-permanent", self._delete),
        ]

    def identify(self, request: Request) -> None:
        basic = base64.b64encode(f"downbeat:{self.secret}".encode()).decode()
        if request.headers.get("authorization", "") not in (f"Bearer {self.secret}", f"Basic {basic}"):
            raise self.refusal(401, "not_authenticated", "Your API key may be invalid.")

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        about = {"type": "about:errors", "title": TITLES.get(status, "Error"), "status": status}
        return Answer(status, {**about, "detail": message, "instance": "0f6c2b1e"})

    def throttled(self, _seconds: int) -> Answer:
        return Answer(403, b"<html><body>Forbidden</body></html>", {"Content-Type": "text/html"})

    def _own(self, audience: str) -> None:
        if audience != self.secrets["MAILCHIMP_AUDIENCE"]:
            raise self.refusal(404, "not_found", "The requested resource could not be found.")

    def _page(self, request: Request, rows: str, found: list[dict[str, Any]]) -> Answer:
        count = self.number_of(request, "count", 10, 1, 1000)
        offset = self.number_of(request, "offset", 0, 0, 10**9)
        return Answer(200, {rows: found[offset : offset + count], "total_items": len(found)})

    def _members(self, request: Request, audience: str) -> Answer:
        self._own(audience)
        return self._page(request, "members", [_member(email, own) for email, own in self.people().items()])

    def _segments(self, request: Request, audience: str) -> Answer:
        self._own(audience)
        found = [{"id": int(own), "name": name, "type": "static"} for own, name in self.lists().items()]
        return self._page(request, "segments", found)

    def _make(self, request: Request, audience: str) -> Answer:
        self._own(audience)
        body = self.body_of(request, ("name", "static_segment"))
        name = self.fit(lambda: a_text(body["name"], "/name", 100))
        return Answer(200, {"id": int(self.new_list(name)), "name": name, "type": "static"})

    def _change(self, request: Request, audience: str, segment: str) -> Answer:
        """Add and remove; whoever is not in the audience is ignored in silence."""
        self._own(audience)
        body = self.body_of(request, (), ("members_to_add", "members_to_remove"))
        known, name = self.people(), self._name(segment)
        adding = self.fit(lambda: _emails(body.get("members_to_add", [])))
        removing = self.fit(lambda: _emails(body.get("members_to_remove", [])))
        kept, dropped = request.kept(adding)
        before = self.held()[name]
        added = [email for email in kept if email in known and email not in before]
        gone = [email for email in removing if email in before]
        self.put(name, added)
        self.drop(name, gone)
        errors = [{"email_addresses": [email], "error": "Something went wrong."} for email in dropped]
        told = {"members_added": [_member(e, known[e]) for e in added], "total_added": len(added)}
        lost = {"members_removed": [_member(e, known[e]) for e in gone], "total_removed": len(gone)}
        return Answer(200, {**told, **lost, "errors": errors, "error_count": len(errors)})

    def _on_segment(self, request: Request, audience: str, segment: str) -> Answer:
        self._own(audience)
        known = self.people()
        return self._page(
            request,
            "members",
            [_member(email, known[email]) for email in sorted(self.held()[self._name(segment)])],
        )

    def _delete(self, _: Request, audience: str, own: str) -> Answer:
        self._own(audience)
        keyed = {md5(email.encode(), usedforsecurity=False).hexdigest(): email for email in self.people()}
        if own not in keyed:
            raise self.refusal(404, "not_found", "The requested resource could not be found.")
        self.erase([keyed[own]])
        return Answer(204, None)

    def _name(self, segment: str) -> str:
        if segment not in self.lists():
            raise self.refusal(404, "not_found", "The requested resource could not be found.")
        return self.lists()[segment]


def _emails(value: object) -> list[str]:
    found = [str(email).lower() for email in a_list(value, "", MOST, least=0)]
    if any(not EMAIL.fullmatch(email) for email in found):
        raise Misfit("", "Please provide a valid email address.")
    return found


def _member(email: str, own: str) -> dict[str, Any]:
    return {
        "id": own,
        "email_address": email,
        "status": "subscribed",
        "last_changed": "2026-11-20T06:00:00+00:00",
    }
