"""Slack: an alert in a channel. What it says is the payload's `text`; who it is about never leaves."""

from __future__ import annotations

from collections.abc import Sequence

from syncs.connector import Connector
from syncs.errors import BadSetup
from syncs.rows import all_accepted, one_by_one
from syncs.shape import Codes, Example, Member, Outcome


class SlackAlert(Connector):
    """chat.postMessage, one a second for a channel. Every answer is a 200; posting again would post twice."""

    name = "slack_alert"
    base_url_variable = "SLACK_ALERT_URL"
    secret_variables = ("SLACK_ALERT_TOKEN",)
    batch_rows = 20
    pause_seconds = 1.0
    is_repeatable = False
    codes = Codes(
        ("error",),
        busy=frozenset({"ratelimited", "rate_limited"}),
        key=frozenset({"invalid_auth", "not_authed", "token_revoked", "missing_scope", "channel_not_found",
                       "not_in_channel", "is_archived"}),
        down=frozenset({"internal_error", "fatal_error", "service_unavailable"}),
    )  # fmt: skip
    example = Example("C0ALERTS", {"customer_id": "secret-customer-1"}, {"text": "A list stopped."})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        if change == "remove":
            raise BadSetup("a message once posted is not taken back")

        def send(one: Sequence[Member]) -> list[Outcome]:
            body = {"channel": object, "text": str(one[0].payload["text"])}
            self.call("POST", "/chat.postMessage", body).get("ts")
            return all_accepted(one)

        return one_by_one(members, send)
