"""The web site: each decision as one signed message, recognisable when it comes twice."""

from __future__ import annotations

from syncs.connectors.webhook import Webhook


class OnsiteWebhook(Webhook):
    """A webhook with an address and a secret of its own."""

    name = "onsite_webhook"
    base_url_variable = "ONSITE_WEBHOOK_URL"
    secret_variables = ("ONSITE_WEBHOOK_SECRET",)
