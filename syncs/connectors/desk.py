"""The service desk (Zendesk): tickets with their requester, by incremental, cursor-based export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from syncs.connector import Connector
from syncs.errors import BadSetup
from syncs.shape import Page


class Desk(Connector):
    """Ten requests a minute; the address and number are on the user, our order and score in custom fields."""

    name = "desk"
    version = "v2"
    base_url_variable = "DESK_URL"
    secret_variables = ("DESK_TOKEN",)
    streams = ("tickets",)
    path: ClassVar[str] = "/api/v2/incremental/tickets/cursor.json"
    order_field: ClassVar[int] = 360001
    score_field: ClassVar[int] = 360002

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        # The export refuses a start less than a minute old.
        start = since.replace(tzinfo=since.tzinfo or UTC) - timedelta(seconds=60) if since else None
        params = {"start_time": str(int(start.timestamp()) if start else 0)}
        while True:
            answer = self.call(
                "GET", self.path, params=params | {"per_page": "1000", "include": "users,dates"}
            )
            users = {user["id"]: user for user in answer.get("users")}
            records = [self._record(ticket, users) for ticket in answer.get("tickets")]
            yield Page(records, str(records[-1]["updated_at"]) if records else None)
            if answer.get("end_of_stream"):
                return
            params = {"cursor": answer.get("after_cursor")}

    def _record(self, ticket: Mapping[str, Any], users: Mapping[int, Mapping[str, Any]]) -> dict[str, object]:
        fields = {field["id"]: field["value"] for field in ticket.get("custom_fields") or []}
        user = users.get(ticket["requester_id"], {})
        return {
            "ticket_id": str(ticket.get("external_id") or ticket["id"]),
            "email": user.get("email"),
            "phone": user.get("phone"),
            "order_id": fields.get(self.order_field),
            "subject": ticket.get("subject"),
            "body": ticket.get("description"),
            "status": ticket.get("status"),
            "csat_score": fields.get(self.score_field),
            "csat_comment": (ticket.get("satisfaction_rating") or {}).get("comment"),
            "created_at": ticket.get("created_at"),
            "updated_at": ticket.get("updated_at"),
            "solved_at": (ticket.get("dates") or {}).get("solved_at"),
        }
