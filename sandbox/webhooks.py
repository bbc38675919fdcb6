"""The preference centre's webhooks: signed the Standard Webhooks way, posted to Downbeat's inbox."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

import requests

BATCH = 500


def post_consents(inbox_url: str, rows: Sequence[dict[str, Any]]) -> bool:
    """Posts consents in signed batches; False (nothing sent) where there is no inbox or no INBOX_SECRET."""
    secret = os.environ.get("INBOX_SECRET", "")
    if not inbox_url or not secret:
        return False
    address = f"{inbox_url}/preferences/consents"
    for number, batch in enumerate(_batches(rows)):
        body = json.dumps(batch, ensure_ascii=False).encode()
        headers = signed(secret, f"{rows[0]['event_id']}-{number}", body)
        answer = requests.post(address, data=body, headers=headers, timeout=10, allow_redirects=False)
        answer.raise_for_status()
    return True


def signed(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The headers of one delivery: HMAC-SHA256 over "id.timestamp.body"."""
    moment = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    mark = hmac.new(key, b".".join([message_id.encode(), moment.encode(), body]), hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
