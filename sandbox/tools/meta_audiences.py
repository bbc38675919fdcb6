"""Meta's audiences as the API shows them: never who is in, and how many only roughly."""

from __future__ import annotations

from sandbox.tools.meta_api import invalid
from sandbox.tools.store import Store
from sandbox.tools.wire import Request

SCHEMA = """
create table if not exists audiences (
  id text primary key, name text not null, description text not null, status integer not null,
  created_at text not null, updated_at text not null
) without rowid;
"""
COLUMNS = "id, name, description, status, created_at, updated_at"
FIELDS = {"id", "name", "subtype", "description", "operation_status", "delivery_status", "time_created",
          "time_updated", "approximate_count_lower_bound", "approximate_count_upper_bound"}  # fmt: skip
Audience = dict[str, object]


def view(store: Store, audience: Audience, request: Request) -> dict[str, object]:
    """The fields asked for (id always); a 400 for one that is not there."""
    fields = set(filter(None, request.query.get("fields", "id").split(",")))
    if strange := fields - FIELDS:
        raise invalid(f"Tried accessing nonexisting field ({min(strange)})")
    size = store.count("select count(*) from people where audience_id = ?", (audience["id"],))
    rough = -1 if size < 1000 else size - size % 100
    is_fine = audience["status"] == 200
    known = {
        **{name: audience[name] for name in ("id", "name", "description")},
        "subtype": "CUSTOM",
        "operation_status": {"code": audience["status"], "description": "Normal" if is_fine else "Flagged"},
        "delivery_status": {"code": 200 if size >= 100 else 300, "description": "Audience size"},
        "time_created": audience["created_at"],
        "time_updated": audience["updated_at"],
        "approximate_count_lower_bound": rough,
        "approximate_count_upper_bound": rough,
    }
    return {name: known[name] for name in sorted(fields | {"id"})}
