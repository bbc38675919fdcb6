"""Zendesk v2: users updated by job with a result per row, and the tickets of the service desk."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.tools.desk import Desk
from sandbox.tools.shape import Misfit, a_list, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import LISTS, Vendor
from sandbox.tools.wire import Answer, Request, json_bytes

QUERY = re.compile(r'(?:email|phone):"([^"]+)"')
DELETED = "deleted users"


class Zendesk(Desk, Vendor):
    name = "zendesk"
    secret_variables = ("ZENDESK_TOKEN",)
    schema = Desk.schema + LISTS

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            *super().routes(),
            ("POST", "/api/v2/users/create_or_update_many.json", self._many),
            ("GET", "/api/v2/users/search.json", self._search),
            ("DELETE", "/api/v2/users/(\\d+).json", self._delete),
            ("GET", "/api/v2/deleted_users.json", self._deleted),
            ("DELETE", "/api/v2/deleted_users/(\\d+).json", self._delete_for_good),
            ("GET", "/api/v2/job_statuses/(\\d+).json", self._job),
        ]

    def admit(self, request: Request) -> dict[str, str]:
        return super().admit(request) if "/incremental/" in request.path else Vendor.admit(self, request)

    def _many(self, request: Request) -> Answer:
        body = self.body_of(request, ("users",))
        users = self.fit(lambda: a_list(body["users"], "/users", 100))
        kept, _ = request.kept(users)
        results = [self._one(place, user) for place, user in enumerate(kept)]
        results += [{"index": place, "error": "InternalError"} for place in range(len(kept), len(users))]
        with self.store.write() as db:
            made = db.execute(
                "insert into jobs (answer) values (?)", (json_bytes(results).decode(),)
            ).lastrowid
        return Answer(
            200, {"job_status": {"id": str(made), "status": "queued", "total": len(users), "results": None}}
        )

    def _one(self, place: int, value: object) -> dict[str, Any]:
        try:
            user = an_object(value, "", (), ("email", "external_id", "user_fields", "skip_verify_email"))
            fields = an_object(user["user_fields"], "/user_fields", (), None)
        except Misfit:
            return {"index": place, "error": "UnknownAttribute"}
        key = str(user.get("email") or user.get("external_id"))
        if key not in self.people():
            return {"index": place, "error": "UserCreateError", "details": "Name: is too short"}
        for name, told in fields.items():
            (self.put if told is True else self.drop)(name, [key])
        return {"index": place, "id": int(self.people()[key]), "status": "Updated", "success": True}

    def _job(self, _: Request, job: str) -> Answer:
        """Working when first asked, completed from then on."""
        found = self.store.value("select answer from jobs where id = ?", (job,))
        if found is None:
            raise self.refusal(404, "not_found", "RecordNotFound")
        asked = self.store.count("select count(*) from messages where body = ?", (job,))
        with self.store.write() as db:
            db.execute("insert into messages (body) values (?)", (job,))
        status = {"id": job, "status": "completed" if asked else "working"}
        return Answer(200, {"job_status": {**status, "results": json.loads(str(found)) if asked else None}})

    def _search(self, request: Request) -> Answer:
        """Exactly one address or number, as in email:"ann@example.com"; the deleted are not found."""
        wanted = QUERY.fullmatch(request.query.get("query", ""))
        if not wanted:
            raise self.refusal(
                400, "InvalidQuery", "This sandbox searches for one email or phone, in quotes."
            )
        found = self.people().get(wanted[1])
        return Answer(200, {"users": [{"id": int(found), "email": wanted[1]}] if found else []})

    def _delete(self, _: Request, user: str) -> Answer:
        """Out of sight, but still there: who is deleted is on a list of its own until deleted for good."""
        emails = [email for email, own in self.people().items() if own == user]
        if not emails:
            raise self.refusal(404, "not_found", "RecordNotFound")
        self.erase(emails)
        self.new_list(DELETED)
        self.put(DELETED, [f"{user} {email}" for email in emails])
        return Answer(200, {"user": {"id": int(user), "active": False}})

    def _deleted(self, _: Request) -> Answer:
        keys = [key.split(" ", 1) for key in sorted(self.held().get(DELETED, set()))]
        rows = [{"id": int(own), "email": email, "phone": None} for own, email in keys]
        return Answer(200, {"deleted_users": rows, "meta": {"has_more": False, "after_cursor": None}})

    def _delete_for_good(self, _: Request, user: str) -> Answer:
        keys = [key for key in self.held().get(DELETED, set()) if key.startswith(f"{user} ")]
        if not keys:
            raise self.refusal(404, "not_found", "RecordNotFound")
        self.drop(DELETED, keys)
        return Answer(200, {"deleted_user": {"id": int(user), "email": None}})
