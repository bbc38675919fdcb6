"""Standard Webhooks: HMAC-SHA256 over id.timestamp.body, compared in constant time, five minutes of patience."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

PATIENCE_SECONDS = 300


class NotSigned(Exception):
    """The body is not proven to come from whom it says; the message is safe to keep and show."""


def key_of(secret: str) -> bytes:
    """The signing key: base64 after whsec_, or the text itself. ValueError when it is no key at all."""
    try:
        key = base64.b64decode(secret[6:], validate=True) if secret.startswith("whsec_") else secret.encode()
    except binascii.Error:
        raise ValueError("INBOX_SECRET is not base64 after whsec_") from None
    if not key:
        raise ValueError("INBOX_SECRET is empty: set it to the secret the sender signs with")
    return key


def sign(key: bytes, delivery_id: str, timestamp: str, body: bytes) -> str:
    """The signature header's value for a body."""
    text = b".".join((delivery_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def verified_id(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of a body signed with our key, now or at most five minutes from it. NotSigned otherwise."""
    found = [headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
    delivery_id, timestamp, signatures = found
    if not all(found):
        raise NotSigned("webhook: not signed")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise NotSigned("webhook: timestamp is not in seconds")
    if abs(int(timestamp) - now.replace(tzinfo=UTC).timestamp()) > PATIENCE_SECONDS:
        raise NotSigned("webhook: timestamp is more than five minutes off")
    right = sign(key, delivery_id, timestamp, body).encode()
    matches = [hmac.compare_digest(right, given.encode()) for given in signatures.split(" ")]
    if not any(matches):
        raise NotSigned("webhook: signature does not match")
    return delivery_id
