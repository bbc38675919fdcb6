"""The web shop: accounts, orders, order lines, refunds and products, read by last change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from syncs.connector import Connector
from syncs.shape import Page


class Shop(Connector):
    """GET /api/v1/<stream>, oldest change first, `updated_since` included, opaque cursor."""

    name = "shop"
    base_url_variable = "SHOP_URL"
    secret_variables = ("SHOP_TOKEN",)
    streams = ("accounts", "orders", "order_lines", "refunds", "products")
    changed: ClassVar[dict[str, str]] = {"refunds": "refunded_at"}

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        changed = self.changed.get(stream, "updated_at")
        params = {"limit": "500"} | ({"updated_since": since.isoformat()} if since else {})
        while True:
            answer = self.call("GET", f"/api/v1/{stream}", params=params)
            records, cursor = answer.get("data"), answer.get("next_cursor")
            yield Page(records, str(records[-1][changed]) if records else None)
            if not cursor:
                return
            params = {"limit": "500", "cursor": cursor}
