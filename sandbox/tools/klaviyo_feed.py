"""Klaviyo's events as they are read: by time, in pages, with profiles and metrics beside them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sandbox.tools.clock import iso, parse
from sandbox.tools.klaviyo_api import conditions, invalid, page, page_size
from sandbox.tools.klaviyo_profiles import resource
from sandbox.tools.store import Row, Store
from sandbox.tools.wire import Answer, Request, cursor_of, read_cursor

OPERATORS = {"greater-than": ">", "greater-or-equal": ">=", "less-than": "<", "less-or-equal": "<="}


def find(store: Store, request: Request) -> Answer:
    """GET /api/events: filter on datetime and metric_id, oldest first or newest first, up to 1,000 a page."""
    size = page_size(request, 200, 1000)
    where, values = _where(request)
    descending = request.query.get("sort", "-datetime") in ("-datetime", "-timestamp")
    order = "desc" if descending else "asc"
    if cursor := request.query.get("page[cursor]"):
        parts = read_cursor(cursor)
        if not parts or len(parts) != 2:
            raise invalid("The cursor is not ours.", parameter="page[cursor]")
        where += f" and (e.happened_at, e.sequence) {'<' if descending else '>'} (?, ?)"
        values += [parts[0], int(parts[1])]
    rows = store.rows(
        "select e.happened_at, e.sequence, e.event_id, e.metric, e.profile_id, e.properties,"
        " p.id, p.email, p.phone_number, p.external_id, p.attributes, p.created, p.updated"
        f" from events e join profiles p on p.id = e.profile_id where {where}"
        f" order by e.happened_at {order}, e.sequence {order} limit ?",
        [*values, size + 1],
    )
    cursor = cursor_of(*rows[size - 1][:2]) if len(rows) > size else None
    shown = rows[:size]
    return page(request, [_event(row) for row in shown], cursor, **_included(request, shown))


def _where(request: Request) -> tuple[str, list[object]]:
    allowed = {"datetime": set(OPERATORS), "timestamp": set(OPERATORS), "metric_id": {"equals"},
               "profile_id": {"equals"}}  # fmt: skip
    parts, values = ["1 = 1"], []
    for term in conditions(request.query.get("filter", ""), allowed):
        (given,) = term.values
        if term.field in ("metric_id", "profile_id"):
            parts.append(f"e.{'metric' if term.field == 'metric_id' else 'profile_id'} = ?")
            values.append(metric_name(given) if term.field == "metric_id" else given)
            continue
        try:
            stamp = datetime.fromtimestamp(int(given), UTC) if term.field == "timestamp" else parse(given)
        except (ValueError, OSError):
            raise invalid("The filter's moment is malformed.", parameter="filter") from None
        parts.append(f"e.happened_at {OPERATORS[term.operator]} ?")
        values.append(iso(stamp))
    return " and ".join(parts), list(values)


def metric_id(name: str) -> str:
    """A metric's id. Klaviyo's are random; ours spell the name in hex so that they need no table."""
    return "M" + name.encode().hex().upper()


def metric_name(given: str) -> str:
    try:
        return bytes.fromhex(given[1:]).decode()
    except ValueError:
        raise invalid("The filter names no metric.", parameter="filter") from None


def _event(row: Row) -> dict[str, object]:
    at, _, event_id, metric, profile, properties = row[:6]
    stamp = parse(str(at))
    return {
        "type": "event",
        "id": event_id,
        "attributes": {
            "timestamp": int(stamp.timestamp()),
            "datetime": stamp.isoformat(timespec="milliseconds"),
            "event_properties": json.loads(str(properties)),
            "uuid": event_id,
        },
        "relationships": {
            "profile": {"data": {"type": "profile", "id": profile}},
            "metric": {"data": {"type": "metric", "id": metric_id(str(metric))}},
        },
    }


def _included(request: Request, rows: list[Row]) -> dict[str, object]:
    wanted = set(filter(None, request.query.get("include", "").split(",")))
    if wanted - {"profile", "metric"}:
        raise invalid("Only profile and metric can be included.", parameter="include")
    included: list[object] = []
    if "profile" in wanted:
        included += [resource(row) for row in {row[6]: row[6:] for row in rows}.values()]
    if "metric" in wanted:
        names = sorted({str(row[3]) for row in rows})
        included += [{"type": "metric", "id": metric_id(n), "attributes": {"name": n}} for n in names]
    return {"included": included} if wanted else {}
