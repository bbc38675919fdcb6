"""A webhook of anybody: each change as one signed message, recognisable when it comes twice (Standard Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from syncs.connector import Connector
from syncs.rows import all_accepted, one_by_one
from syncs.shape import Example, Member, Outcome


class Webhook(Connector):
    """POST with webhook-id, webhook-timestamp and webhook-signature: HMAC-SHA256 over `id.timestamp.body`."""

    name = "webhook"
    base_url_variable = "WEBHOOK_URL"
    secret_variables = ("WEBHOOK_SECRET",)
    batch_rows = 100
    example = Example("banners", {"cookie_id": "ck-secret"}, {"message_id": "m"}, status=204)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        def send(group: Sequence[Member]) -> list[Outcome]:
            (member,) = group
            body = {"type": f"{object}.{change}", "data": member.identity | member.payload}
            content = json.dumps(body, ensure_ascii=False).encode()
            signed = self.signed(member.message_key, content)
            self.call("POST", "", content, expect=(200, 201, 202, 204), headers=signed)
            return all_accepted(group)

        return one_by_one(members, send)

    def signed(self, message_id: str, content: bytes) -> dict[str, str]:
        """The three headers for this body, signed now."""
        moment = str(int(self.clock.wall().timestamp()))
        secret = self.secret(self.secret_variables[0])
        key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
        text = b".".join([message_id.encode(), moment.encode(), content])
        signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": f"v1,{signature}"}
