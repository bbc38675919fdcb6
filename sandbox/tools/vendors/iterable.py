"""Iterable: subscribers of static lists, taken or named one by one."""

from __future__ import annotations

from sandbox.tools.shape import EMAIL, a_list, a_text, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request


class Iterable(Vendor):
    name = "iterable"
    secret_variables = ("ITERABLE_API_KEY",)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/api/lists", self._lists),
            ("POST", "/api/lists", self._make),
            ("POST", "/api/lists/subscribe", self._subscribe),
            ("POST", "/api/lists/unsubscribe", self._unsubscribe),
            ("POST", "/api/users/forget", self._forget),
        ]

    def identify(self, request: Request) -> None:
        self.need_header(request, "api-key", self.secret)

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        codes = {401: "BadApiKey", 403: "ForbiddenError", 429: "RateLimitExceeded", 500: "GenericError"}
        return Answer(status, {"msg": message, "code": codes.get(status, "BadParams"), "params": None})

    def throttled(self, _seconds: int) -> Answer:
        return self.error(429, "", "Rate limit exceeded")

    def _lists(self, _: Request) -> Answer:
        found = [{"id": int(own), "name": name, "listType": "Standard"} for own, name in self.lists().items()]
        return Answer(200, {"lists": found})

    def _make(self, request: Request) -> Answer:
        body = self.body_of(request, ("name",), ("description",))
        return Answer(200, {"listId": int(self.new_list(self.fit(lambda: a_text(body["name"], "/name"))))})

    def _subscribe(self, request: Request) -> Answer:
        body = self.body_of(request, ("listId", "subscribers"), ("updateExistingUsersOnly",))
        return self._change(request, body["listId"], body["subscribers"], True)

    def _unsubscribe(self, request: Request) -> Answer:
        body = self.body_of(request, ("listId", "subscribers"), ("campaignId", "channelUnsubscribe"))
        if body.get("channelUnsubscribe"):
            with self.store.write() as db:
                db.execute("insert into messages (body) values ('ended consent everywhere')")
        return self._change(request, body["listId"], body["subscribers"], False)

    def _forget(self, request: Request) -> Answer:
        """One person, by address or id; taken whether it knew the person or not."""
        body = self.body_of(request, (), ("email", "userId"))
        if len(body) != 1 or not _is_fine(body):
            raise self.refusal(400, "invalid", "email or userId, and one of them only")
        self.erase(map(str, body.values()))
        return Answer(202, {"msg": "", "code": "Success", "params": None})

    def _change(self, request: Request, list_id: object, subscribers: object, is_added: bool) -> Answer:
        if not isinstance(list_id, int) or str(list_id) not in self.lists():
            raise self.refusal(400, "invalid", "listId is not a list of yours")
        rows = self.fit(lambda: a_list(subscribers, "/subscribers", 1000))
        allowed = ("email", "userId", "dataFields", "preferUserId")
        people = self.fit_each(lambda row: an_object(row, "/subscribers", (), allowed), rows)
        kept, dropped = request.kept(people)
        good = [p for p in kept if _is_fine(p)]
        bad = [p for p in kept if not _is_fine(p)] + list(dropped)
        keys = [str(p.get("email") or p["userId"]) for p in good]
        (self.put if is_added else self.drop)(self.lists()[str(list_id)], keys)
        told = {"successCount": len(good), "failCount": len(bad)}
        return Answer(
            200, {**told, "invalidEmails": [p["email"] for p in bad if "email" in p], "invalidUserIds": []}
        )


def _is_fine(person: dict[str, object]) -> bool:
    return bool(person.get("userId") or EMAIL.fullmatch(str(person.get("email"))))
