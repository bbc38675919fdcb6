"""Slack: chat.postMessage. Every answer but the 429 is a 200, and `ok` says what it is."""

from __future__ import annotations

from sandbox.tools.pace import Window
from sandbox.tools.shape import a_text
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request

ERRORS = {400: "invalid_arguments", 401: "invalid_auth", 403: "missing_scope", 404: "unknown_method",
          409: "invalid_arguments", 429: "ratelimited"}  # fmt: skip


class SlackAlert(Vendor):
    name = "slack_alert"
    secret_variables = ("SLACK_ALERT_TOKEN",)
    windows = (Window(1, 1),)

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("POST", "/chat.postMessage", self._post)]

    def error(self, status: int, _code: str, _message: str, /, **_: str) -> Answer:
        return Answer(
            429 if status == 429 else 200, {"ok": False, "error": ERRORS.get(status, "internal_error")}
        )

    def throttled(self, seconds: int) -> Answer:
        return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})

    def _post(self, request: Request) -> Answer:
        body = self.body_of(request, ("channel", "text"), ("blocks", "unfurl_links"))
        text = self.fit(lambda: a_text(body["text"], "/text", 40_000))
        if not str(body["channel"]).startswith("C"):
            return Answer(200, {"ok": False, "error": "channel_not_found"})
        with self.store.write() as db:
            made = db.execute("insert into messages (body) values (?)", (text,)).lastrowid
        self.put(str(body["channel"]), [str(made)])
        return Answer(200, {"ok": True, "channel": body["channel"], "ts": f"1732.{made:06d}"})
