"""Anybody's webhook receiver: the web site's, under an address and a secret of its own."""

from __future__ import annotations

import base64
import secrets

from sandbox.tools.onsite import PATH, Onsite
from sandbox.tools.vendor import LISTS, Vendor
from sandbox.tools.wire import Request


class Webhook(Onsite, Vendor):
    name = "webhook"
    secret_variables = ("WEBHOOK_SECRET",)
    schema = Onsite.schema + LISTS
    path = PATH

    @classmethod
    def new_secret(cls, variable: str) -> str:  # noqa: ARG003
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    def admit(self, request: Request) -> dict[str, str]:
        return Onsite.admit(self, request)

    def held(self) -> dict[str, set[str]]:
        """The ids of the messages that came."""
        return {"received": {str(row[0]) for row in self.store.rows("select webhook_id from received")}}
