"""Braze: custom attributes by /users/track, 75 objects a request, an epoch that says when the window ends.

There is no list: being in an audience is a true custom attribute. Read-your-writes is not promised.
"""

from __future__ import annotations

import time
from typing import Any

from sandbox.tools.pace import State, Window
from sandbox.tools.shape import E164, EMAIL, Misfit, a_list, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

IDENTIFIERS = ("external_id", "email", "phone", "braze_id")
MOST_OBJECTS = 75


class Braze(Vendor):
    name = "braze"
    secret_variables = ("BRAZE_API_KEY",)
    max_bytes = 4_000_000
    windows = (Window(3000, 3),)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("POST", "/users/track", self._track),
            ("POST", "/users/export/ids", self._export),
            ("POST", "/users/delete", self._delete),
        ]

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        return Answer(status, {"message": message})

    def throttled(self, seconds: int) -> Answer:
        headers = {
            "X-RateLimit-Limit": "3000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(time.time()) + seconds),
        }
        return Answer(429, {"message": "You have exceeded your rate limit."}, headers)

    def pace_headers(self, state: State) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(state.window.limit),
            "X-RateLimit-Remaining": str(state.remaining),
            "X-RateLimit-Reset": str(int(time.time()) + state.resets_in),
        }

    def _track(self, request: Request) -> Answer:
        body = self.body_of(request, (), ("attributes", "events", "purchases"))
        rows = self.fit(lambda: a_list(body.get("attributes", []), "/attributes", MOST_OBJECTS, least=0))
        others = sum(len(body.get(kind, [])) for kind in ("events", "purchases"))
        if not 1 <= len(rows) + others <= MOST_OBJECTS:
            raise self.refusal(400, "too_many", "1 to 75 objects of all kinds together.")
        kept, _ = request.kept(rows)
        errors = [error for place, row in enumerate(kept) if (error := self._take(place, row))]
        if errors and len(errors) == len(rows):
            return Answer(400, {"message": "No attributes processed", "errors": errors})
        told: dict[str, Any] = {"message": "success", "attributes_processed": len(kept) - len(errors)}
        return Answer(201, {**told, **({"errors": errors} if errors else {})})

    def _export(self, request: Request) -> Answer:
        """Users by one kind of identifier; the sandbox knows a user's Braze id as `b-` and what it is known by."""
        kinds = ("external_ids", "email_address", "phone")
        body = self.body_of(request, ("fields_to_export",), kinds)
        asked = [kind for kind in kinds if kind in body]
        self.fit(lambda: a_list(body["fields_to_export"], "/fields_to_export"))
        if len(asked) != 1 or isinstance(body[asked[0]], list) != (asked[0] == "external_ids"):
            raise self.refusal(400, "invalid", "One kind of identifier, external_ids as a list of up to 50.")
        wanted = {*body["external_ids"]} if asked == ["external_ids"] else {str(body[asked[0]])}
        everybody = {*self.people(), *(key for keys in self.held().values() for key in keys)}
        users = [{"braze_id": f"b-{key}"} for key in sorted(everybody & wanted)]
        return Answer(201, {"message": "success", "users": users})

    def _delete(self, request: Request) -> Answer:
        body = self.body_of(request, ("braze_ids",))
        ids = self.fit(lambda: a_list(body["braze_ids"], "/braze_ids", 50))
        deleted = self.erase(str(own).removeprefix("b-") for own in ids)
        return Answer(201, {"deleted": deleted, "message": "success"})

    def _take(self, place: int, row: object) -> dict[str, object] | None:
        try:
            fields = an_object(row, "", (), None)
            person = next((str(fields[kind]) for kind in IDENTIFIERS if fields.get(kind)), "")
            if not person or ("email" in fields and not EMAIL.fullmatch(str(fields["email"]))):
                raise Misfit("", "a user needs one well-formed identifier")
            if "phone" in fields and not E164.fullmatch(str(fields["phone"])):
                raise Misfit("/phone", "is not E.164")
        except Misfit:
            return {
                "type": "'external_id', 'email' or 'phone' is required",
                "input_array": "attributes",
                "index": place,
            }
        for name, value in fields.items():
            if name not in IDENTIFIERS and isinstance(value, bool) and not name.startswith("_"):
                (self.put if value else self.drop)(name, [person])
        return None
