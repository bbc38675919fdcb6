"""What a live day leaves behind: files in landing, records at the shop, the desk and the marketing tools, webhooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.landing import drop
from sandbox.till_exports import store_group
from sandbox.webhooks import post_consents

SHOP_STREAMS = ("accounts", "orders", "order_lines", "refunds", "products")
Record = Mapping[str, object]


class StreamServer(Protocol):
    def publish(self, stream: str, records: Iterable[Record]) -> int: ...


class EventServer(Protocol):
    def publish_events(self, records: Iterable[Record]) -> int: ...


class InsightServer(Protocol):
    def publish_insights(self, records: Iterable[Record]) -> int: ...


class SourceTools(Protocol):
    """The tools whose records are read over REST."""

    @property
    def shop(self) -> StreamServer: ...
    @property
    def desk(self) -> StreamServer: ...
    @property
    def klaviyo(self) -> EventServer: ...
    @property
    def meta(self) -> InsightServer: ...


def export_day(exports: Mapping[str, pa.Table], landing: Path, toolbox: SourceTools, day: date) -> None:
    """Puts a day's exports where the systems would: each by its own delivery.

    Consents go to the inbox as signed webhooks where toolbox.inbox_url and INBOX_SECRET say so, else as a file.
    """
    for stream in SHOP_STREAMS:
        if (table := exports.get(f"shop.{stream}")) is not None:
            toolbox.shop.publish(stream, records(table))
    toolbox.desk.publish("tickets", records(exports["desk.tickets"]))
    toolbox.klaviyo.publish_events(records(exports["klaviyo.events"]))
    toolbox.meta.publish_insights(records(exports["meta.campaign_insights"]))
    drop_receipts(exports["pos.receipt_lines"], landing, day)
    for stream in ("pos.coupon_redemptions", "loyalty.members", "site.events", "mailhouse.mailings"):
        if len(exports[stream]):
            drop(landing, stream, f"{day}", exports[stream])
    consents = exports["preferences.consents"]
    if len(consents) and not post_consents(getattr(toolbox, "inbox_url", ""), records(consents)):
        drop(landing, "preferences.consents", f"{day}", consents)


def records(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as JSON carries them: moments as ISO text in UTC, money as text, nulls kept."""
    plain = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ")
        elif pa.types.is_date(column.type) or pa.types.is_decimal(column.type):
            column = column.cast(pa.string())
        plain[name] = column
    rows: list[dict[str, Any]] = pa.table(plain).to_pylist()
    return rows


def drop_receipts(receipts: pa.Table, landing: Path, day: date) -> list[Path]:
    """One file per store group and night; receipts of an earlier night are a file that comes again."""
    if not len(receipts):
        return []
    groups = store_group(receipts["store_id"].combine_chunks())
    nights = receipts["sold_at"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    today = (day - date(1970, 1, 1)).days
    paths = []
    for night, group in sorted({(int(n), int(g)) for n, g in zip(nights, groups, strict=True)}):
        rows = receipts.filter(pa.array(np.logical_and(nights == night, groups == group)))
        again = "" if night == today else f"-again-{day}"
        name = f"{date(1970, 1, 1) + timedelta(days=night)}-group-{group}{again}"
        paths.append(drop(landing, "pos.receipt_lines", name, rows))
    return paths
