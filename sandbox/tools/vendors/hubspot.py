"""HubSpot 2026-09: contacts by address, manual lists of record ids. Numbers where text is due are refused."""

from __future__ import annotations

from typing import Any

from sandbox.tools.pace import State, Window
from sandbox.tools.shape import Misfit, a_list, a_text, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

VERSION = "2026-09"
CHANGED = "2026-11-20T06:00:00.000Z"


class Hubspot(Vendor):
    name = "hubspot"
    secret_variables = ("HUBSPOT_TOKEN",)
    windows = (Window(190, 10),)

    def routes(self) -> list[tuple[str, str, Handler]]:
        lists, contacts = f"/crm/lists/{VERSION}", f"/crm/objects/{VERSION}/contacts"
        return [
            ("POST", f"{lists}/search", self._search_lists),
            ("POST", lists, self._make),
            ("PUT", f"{lists}/(\\d+)/memberships/add-and-remove", self._change),
            ("GET", f"{lists}/(\\d+)/memberships", self._on_list),
            ("POST", f"{contacts}/batch/read", self._read),
            ("POST", f"{contacts}/search", self._search),
            ("POST", f"{contacts}/gdpr-delete", self._erase),
        ]

    def error(self, status: int, code: str, message: str, /, **_: str) -> Answer:
        category = {401: "INVALID_AUTHENTICATION", 403: "MISSING_SCOPES", 429: "RATE_LIMITS"}.get(
            status, "VALIDATION_ERROR"
        )
        return Answer(
            status, {"status": "error", "message": message, "correlationId": code, "category": category}
        )

    def throttled(self, _seconds: int) -> Answer:
        body = {"status": "error", "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING",
                "message": "You have reached your ten_secondly_rolling limit."}  # fmt: skip
        return Answer(429, body, {"X-HubSpot-RateLimit-Remaining": "0"})

    def pace_headers(self, state: State) -> dict[str, str]:
        return {
            "X-HubSpot-RateLimit-Max": str(state.window.limit),
            "X-HubSpot-RateLimit-Remaining": str(state.remaining),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }

    def _search_lists(self, request: Request) -> Answer:
        body = self.body_of(request, (), ("query", "processingTypes", "count", "offset"))
        found = [
            {"listId": own, "name": name, "objectTypeId": "0-1", "processingType": "MANUAL"}
            for own, name in self.lists().items()
        ]
        start, count = body.get("offset", 0), body.get("count", 20)
        end = start + count
        return Answer(
            200, {"lists": found[start:end], "offset": end, "hasMore": len(found) > end, "total": len(found)}
        )

    def _make(self, request: Request) -> Answer:
        body = self.body_of(request, ("name", "objectTypeId", "processingType"))
        if body["processingType"] not in ("MANUAL", "SNAPSHOT") or body["objectTypeId"] != "0-1":
            raise self.refusal(400, "invalid", "This sandbox keeps manual lists of contacts only.")
        name = self.fit(lambda: a_text(body["name"], "/name"))
        return Answer(
            200, {"list": {"listId": self.new_list(name), "name": name, "processingType": "MANUAL"}}
        )

    def _change(self, request: Request, list_id: str) -> Answer:
        body = self.body_of(request, ("recordIdsToAdd", "recordIdsToRemove"))
        adding = self.fit(lambda: _texts(body["recordIdsToAdd"]))
        removing = self.fit(lambda: _texts(body["recordIdsToRemove"]))
        emails = {own: email for email, own in self.people().items()}
        kept, dropped = request.kept(adding)
        missing = [own for own in kept if own not in emails] + list(dropped)
        added = [own for own in kept if own in emails]
        self.put(self._name(list_id), [emails[own] for own in added])
        self.drop(self._name(list_id), [emails[own] for own in removing if own in emails])
        told = {"recordsIdsAdded": added, "recordIdsRemoved": removing, "recordIdsMissing": missing}
        return Answer(200, told)

    def _on_list(self, request: Request, list_id: str) -> Answer:
        ids = sorted(self.people()[email] for email in self.held()[self._name(list_id)])
        limit, after = self.number_of(request, "limit", 100, 1, 250), int(request.query.get("after", "0"))
        rows = [{"recordId": own, "membershipTimestamp": CHANGED} for own in ids[after : after + limit]]
        more = {"paging": {"next": {"after": str(after + limit)}}} if len(ids) > after + limit else {}
        return Answer(200, {"results": rows, **more})

    def _read(self, request: Request) -> Answer:
        body = self.body_of(request, ("inputs", "properties"), ("idProperty",))
        inputs = self.fit(lambda: a_list(body["inputs"], "/inputs", 100))
        keys = self.fit(lambda: _texts([an_object(each, "/inputs", ("id",))["id"] for each in inputs]))
        known = self.people()
        by_email = body.get("idProperty") == "email"
        found = [(e, own) for e, own in known.items() if (e if by_email else own) in set(keys)]
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND"}] if len(found) < len(keys) else []
        results = [_contact(email, own) for email, own in found]
        return Answer(207 if errors else 200, {"status": "COMPLETE", "results": results, "errors": errors})

    def _search(self, request: Request) -> Answer:
        body = self.body_of(request, ("limit", "properties"), ("filterGroups", "sorts", "after"))
        limit, after = body["limit"], int(body.get("after", "0"))
        if not isinstance(limit, int) or not 1 <= limit <= 200:
            raise self.refusal(400, "invalid", "limit must be 1 to 200.")
        found = [_contact(email, own) for email, own in self.people().items()]
        more = {"paging": {"next": {"after": str(after + limit)}}} if len(found) > after + limit else {}
        return Answer(200, {"total": len(found), "results": found[after : after + limit], **more})

    def _erase(self, request: Request) -> Answer:
        """By record id. An address it does not know would be barred, which the sandbox notes."""
        body = self.body_of(request, ("objectId",), ("idProperty",))
        own = self.fit(lambda: a_text(body["objectId"], "/objectId"))
        emails = {known: email for email, known in self.people().items()}
        if "idProperty" in body and own not in self.people():
            with self.store.write() as db:
                db.execute("insert into messages (body) values ('barred an address')")
        elif own not in emails and own not in self.people():
            raise self.refusal(404, "not_found", "No such contact.")
        self.erase([emails.get(own, own)])
        return Answer(204, None)

    def _name(self, list_id: str) -> str:
        if list_id not in self.lists():
            raise self.refusal(404, "not_found", "List does not exist.")
        return self.lists()[list_id]


def _texts(value: object) -> list[str]:
    found = a_list(value, "", 100_000, least=0)
    if any(not isinstance(each, str) for each in found):
        raise Misfit("", "ids are text")
    return [str(each) for each in found]


def _contact(email: str, own: str) -> dict[str, Any]:
    properties = {"email": email, "phone": None, "lastmodifieddate": CHANGED}
    return {
        "id": own,
        "properties": properties,
        "createdAt": CHANGED,
        "updatedAt": CHANGED,
        "archived": False,
    }
