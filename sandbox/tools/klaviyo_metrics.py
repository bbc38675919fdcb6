"""What Klaviyo calls the things that happen to a message, and whom it happened to."""

from __future__ import annotations

from collections.abc import Mapping

# What happens to a message, under the names Klaviyo gives its metrics.
METRICS = {
    ("email", "sent"): "Received Email", ("email", "delivered"): "Received Email",
    ("email", "opened"): "Opened Email", ("email", "clicked"): "Clicked Email",
    ("email", "bounced"): "Bounced Email", ("email", "complained"): "Marked Email as Spam",
    ("email", "unsubscribed"): "Unsubscribed from Email Marketing",
    ("sms", "sent"): "Sent SMS", ("sms", "delivered"): "Received SMS", ("sms", "clicked"): "Clicked SMS",
    ("sms", "bounced"): "Failed to Deliver SMS", ("sms", "unsubscribed"): "Unsubscribed from SMS Marketing",
    ("push", "sent"): "Received Push", ("push", "delivered"): "Received Push", ("push", "opened"): "Opened Push",
    ("push", "clicked"): "Opened Push", ("push", "bounced"): "Bounced Push",
}  # fmt: skip


def metric_of(record: Mapping[str, object]) -> str:
    kind = (str(record["channel"]), str(record["contact_type"]))
    return METRICS.get(kind, f"{kind[1].title()} {kind[0].title()}")


def identity_of(record: Mapping[str, object]) -> dict[str, object]:
    """The identifier the message went to: that of its channel, else the first there is."""
    names = {"email": "email", "sms": "phone", "push": "device_token"}
    own = names.get(str(record.get("channel")), "email")
    theirs = {"email": "email", "phone": "phone_number", "device_token": "external_id"}
    for name in (own, *theirs):
        if record.get(name):
            return {theirs[name]: record[name]}
    return {"external_id": str(record.get("profile_id") or "unknown")}
