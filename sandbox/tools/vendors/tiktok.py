"""TikTok v1.3: custom audiences by the streaming route. Everything is a 200; the body's code says what it is."""

from __future__ import annotations

import secrets

from sandbox.tools.pace import Window
from sandbox.tools.shape import SHA256, Misfit, a_list, a_text, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

CODES = {400: 40002, 401: 40105, 403: 40001, 404: 40002, 405: 40002, 409: 40002, 429: 40100}
IDS = ("EMAIL_SHA256", "PHONE_SHA256", "IDFA_SHA256", "AAID_SHA256")


class Tiktok(Vendor):
    name = "tiktok"
    secret_variables = ("TIKTOK_ACCESS_TOKEN", "TIKTOK_ADVERTISER")
    windows = (Window(10, 1), Window(600, 60))

    def routes(self) -> list[tuple[str, str, Handler]]:
        root = "/open_api/v1.3"
        return [
            ("GET", f"{root}/dmp/custom_audience/list/", self._lists),
            ("POST", f"{root}/segment/audience/", self._make),
            ("POST", f"{root}/segment/mapping/", self._map),
        ]

    def identify(self, request: Request) -> None:
        self.need_header(request, "access-token", self.secret)

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        code = CODES.get(status, 50000)
        return Answer(200, {"code": code, "message": message, "request_id": secrets.token_hex(8), "data": {}})

    def throttled(self, _seconds: int) -> Answer:
        return self.error(429, "", "Too many requests. Please retry in some time.")

    def _fine(self, data: object) -> Answer:
        return Answer(200, {"code": 0, "message": "OK", "request_id": secrets.token_hex(8), "data": data})

    def _own(self, advertisers: object) -> None:
        if advertisers != [self.secrets["TIKTOK_ADVERTISER"]]:
            raise self.refusal(403, "", "No permission to operate this advertiser.")

    def _lists(self, request: Request) -> Answer:
        self._own([request.query.get("advertiser_id")])
        size, page = (
            self.number_of(request, "page_size", 10, 1, 100),
            self.number_of(request, "page", 1, 1, 10**6),
        )
        held = self.held()
        found = [
            {"audience_id": own, "name": name, "cover_num": len(held[name])}
            for own, name in self.lists().items()
        ]
        total = {
            "page": page,
            "page_size": size,
            "total_number": len(found),
            "total_page": -(-len(found) // size),
        }
        return self._fine({"list": found[(page - 1) * size : page * size], "page_info": total})

    def _make(self, request: Request) -> Answer:
        body = self.body_of(request, ("advertiser_ids", "action", "custom_audience_name"))
        self._own(body["advertiser_ids"])
        if body["action"] != "create":
            raise self.refusal(400, "", "This sandbox creates audiences only.")
        name = self.fit(lambda: a_text(body["custom_audience_name"], "/custom_audience_name", 128))
        return self._fine({"audience_id": self.new_list(name)})

    def _map(self, request: Request) -> Answer:
        body = self.body_of(request, ("advertiser_ids", "action", "id_schema", "batch_data"))
        self._own(body["advertiser_ids"])
        if body["action"] not in ("add", "delete") or set(body["id_schema"]) - set(IDS):
            raise self.refusal(400, "", "Unknown action or id_schema.")
        rows = self.fit(lambda: a_list(body["batch_data"], "/batch_data", 1000))
        pairs = self.fit_each(lambda row: self._row(row, len(body["id_schema"])), rows)
        kept, dropped = request.kept(pairs)
        for name, key in (pair for group in kept for pair in group):
            (self.put if body["action"] == "add" else self.drop)(name, [key])
        return self.error(500, "", "System error.") if dropped else self._fine({})

    def _row(self, row: object, width: int) -> list[tuple[str, str]]:
        cells, found = a_list(row, "/batch_data", width, least=width), []
        for cell in cells:
            if cell == {}:
                continue
            known = an_object(cell, "/batch_data", ("id", "audience_ids"))
            if not SHA256.fullmatch(str(known["id"])):
                raise Misfit("/batch_data/id", "is not a SHA-256 in lower-case hex")
            audiences = a_list(known["audience_ids"], "/audience_ids")
            if any(str(own) not in self.lists() for own in audiences):
                raise Misfit("/audience_ids", "holds an unknown audience")
            found += [(self.lists()[str(own)], str(known["id"])) for own in audiences]
        if not found:
            raise Misfit("/batch_data", "has a row without an identifier")
        return found
