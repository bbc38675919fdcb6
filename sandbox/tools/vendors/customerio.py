"""Customer.io's Track API: ids on and off a manual segment. Too fast is a 429 and nothing else."""

from __future__ import annotations

import base64
from urllib.parse import unquote

from sandbox.tools.pace import Window
from sandbox.tools.shape import EMAIL, Misfit, a_list
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

ID_TYPES = ("id", "email", "cio_id")


class Customerio(Vendor):
    name = "customerio"
    secret_variables = ("CUSTOMERIO_API_KEY", "CUSTOMERIO_SITE")
    windows = (Window(100, 1),)
    max_bytes = 500_000

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("POST", "/api/v1/segments/(\\d+)/(add|remove)_customers", self._change),
            ("DELETE", "/api/v1/customers/([^/]+)", self._delete),
        ]

    def identify(self, request: Request) -> None:
        pair = f"{self.secrets['CUSTOMERIO_SITE']}:{self.secret}"
        self.need_header(request, "authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        return Answer(status, {"meta": {"errors": [message]}})

    def throttled(self, _seconds: int) -> Answer:
        return Answer(429, {"meta": {"errors": ["Too many requests."]}})

    def _change(self, request: Request, segment: str, verb: str) -> Answer:
        kind = request.query.get("id_type", "id")
        body = self.body_of(request, ("ids",))
        ids = self.fit(lambda: _ids(body["ids"], kind))
        kept, dropped = request.kept(ids)
        (self.put if verb == "add" else self.drop)(segment, kept)
        if dropped:
            raise self.refusal(500, "internal_error", "Something went wrong.")
        return Answer(200, {})

    def _delete(self, _: Request, customer: str) -> Answer:
        """The same answer whether it knew the person or not."""
        self.erase([unquote(customer)])
        return Answer(200, {})


def _ids(value: object, kind: str) -> list[str]:
    found = a_list(value, "/ids", 1000)
    if kind not in ID_TYPES or any(not isinstance(each, str) or not each for each in found):
        raise Misfit("/ids", "ids are text, and id_type is id, email or cio_id")
    if kind == "email" and any(not EMAIL.fullmatch(str(each)) for each in found):
        raise Misfit("/ids", "an email is malformed")
    return [str(each) for each in found]
