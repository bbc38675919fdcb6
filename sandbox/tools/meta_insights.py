"""Meta's campaign insights: one row per campaign and day, numbers as text, pages by cursor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

from sandbox.tools.meta_api import invalid, page, place_of
from sandbox.tools.store import Row, Store
from sandbox.tools.wire import Answer, Request, moment_text

SCHEMA = """
create table if not exists insights (
  insight_id text primary key, campaign text not null, day text not null, impressions integer not null,
  reach integer not null, clicks integer not null, spend text not null, reported_at text not null
) without rowid;
"""
COLUMNS = "insight_id, campaign, day, impressions, reach, clicks, spend, reported_at"
FIELDS = {"campaign_id", "campaign_name", "impressions", "reach", "clicks", "spend", "date_start", "date_stop",
          "created_time", "updated_time", "account_id", "account_currency"}  # fmt: skip
DEFAULT = "impressions,spend"


def keep_insights(store: Store, records: Iterable[Mapping[str, object]]) -> int:
    """Show these rows from now on; a row with the same insight_id is replaced."""
    rows = [
        (str(r["insight_id"]), str(r["campaign"]), str(r["date_start"])[:10], int(str(r["impressions"])),
         int(str(r["reach"])), int(str(r["clicks"])), str(r["spend_amount"]), moment_text(r["reported_at"]))
        for r in records
    ]  # fmt: skip
    with store.write() as db:
        db.executemany("insert or replace into insights values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return len(rows)


def insights(store: Store, request: Request) -> Answer:
    """GET act_{id}/insights?level=campaign&time_increment=1&time_range={since,until}&fields=...&limit=&after=."""
    query = request.query
    if query.get("level") != "campaign" or query.get("time_increment") != "1":
        raise invalid("This sandbox reports level=campaign with time_increment=1 only")
    fields = [name for name in query.get("fields", DEFAULT).split(",") if name]
    if strange := set(fields) - FIELDS:
        raise invalid(f"{min(strange)} is not valid for fields param")
    since, until = _range(query.get("time_range", ""))
    limit = query.get("limit", "25")
    if not limit.isdigit() or not 1 <= int(limit) <= 500:
        raise invalid("limit must be between 1 and 500")
    after = place_of(request, 2)
    rows = store.rows(
        f"select {COLUMNS} from insights where day between ? and ? and (day, insight_id) > (?, ?)"
        " order by day, insight_id limit ?",
        (since, until, *after, int(limit) + 1),
    )
    data = [_row(row, [*fields, "date_start", "date_stop"]) for row in rows[: int(limit)]]
    return page(request, list(data), [(row[2], row[0]) for row in rows], int(limit))


def _row(row: Row, fields: list[str]) -> dict[str, object]:
    campaign = str(row[1])
    known = {
        "campaign_id": str(int.from_bytes(campaign.encode()[:6], "big")),
        "campaign_name": campaign,
        "date_start": row[2],
        "date_stop": row[2],
        "impressions": str(row[3]),
        "reach": str(row[4]),
        "clicks": str(row[5]),
        "spend": str(row[6]),
        "created_time": str(row[7])[:10],
        "updated_time": str(row[7])[:10],
        "account_currency": "USD",
    }
    return {name: known[name] for name in fields if name in known}


def _range(text: str) -> tuple[str, str]:
    if not text:
        return "0000-00-00", "9999-99-99"
    try:
        given = json.loads(text)
        since, until = date.fromisoformat(given["since"]), date.fromisoformat(given["until"])
    except (ValueError, KeyError, TypeError):
        raise invalid('time_range must be {"since":"YYYY-MM-DD","until":"YYYY-MM-DD"}') from None
    if since > until:
        raise invalid("time_range must not start after it ends")
    return since.isoformat(), until.isoformat()
