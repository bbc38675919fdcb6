"""The web site's webhook receiver: messages to show on the site, signed the Standard Webhooks way.

POST /hooks/downbeat with webhook-id, webhook-timestamp (seconds) and webhook-signature ("v1,<base64>", several
separated by spaces): HMAC-SHA256 over "<id>.<timestamp>.<body>" with the bytes after "whsec_" of the secret. The body
is {"type", "data": {...} or [{...}, ...], "timestamp"?}. An id that was taken before changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from datetime import date

from sandbox.tools.shape import Misfit, a_list, a_text, an_object
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Request, moment_text

MOST_ROWS = 1000
TOLERANCE_SECONDS = 300
PATH = "/hooks/downbeat"


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of one delivery, as the header carries it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Onsite(Tool):
    name = "onsite"
    max_bytes = 1_000_000
    schema = """
    create table if not exists received (
      webhook_id text not null, place integer not null, received_at text not null, data text not null,
      primary key (webhook_id, place)
    ) without rowid;
    """

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("POST", PATH, self._take)]

    def admit(self, request: Request) -> dict[str, str]:
        headers = [request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
        message_id, timestamp, signatures = headers
        if not all(headers):
            raise self.refusal(
                401, "not_authenticated", "webhook-id, -timestamp and -signature are required."
            )
        if not timestamp.isdigit() or not self._is_fresh(int(timestamp)):
            raise self.refusal(401, "not_authenticated", "webhook-timestamp is more than five minutes away.")
        try:
            expected = signature(self.secret, message_id, timestamp, request.body)
        except binascii.Error:
            raise self.refusal(500, "misconfigured", "The receiver's secret is no base64.") from None
        if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures.split(" ")):
            raise self.refusal(401, "not_authenticated", "No signature fits.")
        return {}

    def _is_fresh(self, timestamp: int) -> bool:
        """Near the real time, or near the sandbox's."""
        clocks = (time.time(), self.clock.now().timestamp())
        return any(abs(now - timestamp) <= TOLERANCE_SECONDS for now in clocks)

    def _take(self, request: Request) -> Answer:
        try:
            body = an_object(self.json_of(request), "", ("type", "data"), ("timestamp",))
            a_text(body["type"], "/type", 100)
            given = body["data"] if isinstance(body["data"], list) else [body["data"]]
            rows = [an_object(row, "/data", (), None) for row in a_list(given, "/data", MOST_ROWS)]
        except Misfit as misfit:
            raise self.refusal(400, "invalid", str(misfit)) from None
        webhook_id, now = request.headers["webhook-id"], moment_text(self.clock.now())
        kept, dropped = request.kept(rows)
        values = [(webhook_id, place, now, json.dumps(row)) for place, row in enumerate(kept)]
        with self.store.write() as db:
            db.executemany("insert or ignore into received values (?, ?, ?, ?)", values)
        if dropped:
            raise self.refusal(500, "internal_error", "Something went wrong half way.")
        return Answer(200, {"id": webhook_id, "received": len(rows)})

    def received(self, day: date) -> list[dict[str, object]]:
        """What came in on a day, in order: the data as sent, webhook_id and received_at. Twice sent is shown once."""
        rows = self.store.rows(
            "select data, webhook_id, received_at from received where substr(received_at, 1, 10) = ?"
            " order by received_at, webhook_id, place",
            (day.isoformat(),),
        )
        return [{**json.loads(data), "webhook_id": one, "received_at": at} for data, one, at in rows]
