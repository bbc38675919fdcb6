"""Meta Custom Audiences: hashed people on and off audiences, and what the ads cost. It never shows who is in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from syncs.connector import Connector
from syncs.errors import BadRows, BadSetup, SyncError, TryLater
from syncs.rows import all_accepted, in_turn
from syncs.shape import Answer, Member, Outcome, Page
from syncs.waits import told_wait

BUSY = {4, 17, 341, 613, *range(80000, 80015)}
INSIGHTS = ("campaign_name", "impressions", "reach", "clicks", "spend", "date_start", "updated_time")
DOWN = {1, 2}
KEY = {10, 190, *range(200, 300)}


class Meta(Connector):
    """v26.0, token in the header. Answers count rows and sample the bad ones; adding twice is harmless."""

    name = "meta"
    base_url_variable = "META_URL"
    secret_variables = ("META_ACCESS_TOKEN", "META_AD_ACCOUNT")
    streams = ("campaign_insights",)
    batch_rows = 10_000
    batch_bytes = 4_000_000
    version: ClassVar[str] = "/v26.0"

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        params = {"level": "campaign", "time_increment": "1", "limit": "500", "fields": ",".join(INSIGHTS)}
        if since:
            until = max(since.date(), self.clock.wall().date()) + timedelta(days=30)
            days = {"since": str(since.date()), "until": str(until)}
            params["time_range"] = json.dumps(days)
        for body in self._pages(f"{self._account}/insights", params):
            records = [_insight(row) for row in body["data"]]
            yield Page(records, max((str(record["reported_at"]) for record in records), default=None))

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        path = f"{self.version}/{self._audience(object)}/users"
        if change == "remove":
            return self._users("DELETE", path, members, {})
        consented = [m for m in members if m.payload.get("customer_consent") is True]
        silent = [m for m in members if "customer_consent" not in m.payload]
        held = [m for m in members if m not in consented and m not in silent]
        outcomes = [Outcome(m.op_id, "rejected", "no_consent") for m in held]

        def send(group: Sequence[Member]) -> list[Outcome]:
            # Where nothing is said of consent, nothing is claimed.
            return self._users("POST", path, group, {"customer_consent": True} if group is consented else {})

        return outcomes + in_turn([group for group in (consented, silent) if group], send)

    def verdict(self, answer: Answer) -> SyncError:
        code = answer.find("error", "code")
        if code in BUSY or answer.status == 429:
            return TryLater("asks us to wait", told_wait(answer.headers, self.clock.wall()))
        if code in KEY:
            return BadSetup(f"the tool refused our key (code {code})")
        if code in DOWN:
            return TryLater(f"is down (code {code})", is_ambiguous=True)
        return super().verdict(answer)

    def _users(
        self, method: str, path: str, members: Sequence[Member], said: Mapping[str, bool]
    ) -> list[Outcome]:
        schema = sorted({kind for m in members for kind in m.identity})
        data = [[str(m.identity.get(kind) or "") for kind in schema] for m in members]
        session = int(hashlib.sha256(members[0].op_id.encode()).hexdigest()[:13], 16)
        body = {
            "payload": {"schema": schema, "data": data},
            "session": {"session_id": session, "batch_seq": 1, "last_batch_flag": True,
                        "estimated_num_total": len(data)},
            **said,
        }  # fmt: skip
        answer = self.call(method, path, body)
        if answer.get("num_received") != len(data):
            raise TryLater("the answer does not account for every row", is_ambiguous=True)
        if answer.get("num_invalid_entries"):
            raise BadRows("invalid_entries")  # it counts the bad rows and does not name them
        return all_accepted(members)

    @property
    def _account(self) -> str:
        return f"{self.version}/act_{self.secret('META_AD_ACCOUNT').removeprefix('act_')}"

    @cached_property
    def _audiences(self) -> dict[str, str]:
        bodies = self._pages(f"{self._account}/customaudiences", {"fields": "name", "limit": "500"})
        return {str(row["name"]): str(row["id"]) for body in bodies for row in body["data"]}

    def _audience(self, name: str) -> str:
        if name not in self._audiences:
            body = {"name": name, "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
            self._audiences[name] = str(self.call("POST", f"{self._account}/customaudiences", body).get("id"))
        return self._audiences[name]

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            answer = self.call("GET", path, params={**params, **after})
            answer.get("data")
            yield answer.body
            if not answer.find("paging", "next"):
                return
            after = {"after": str(answer.get("paging", "cursors", "after"))}


def _insight(row: Mapping[str, Any]) -> dict[str, object]:
    """A row of insights as the stream contract names it."""
    return {
        "insight_id": f"{row['campaign_name']}:{row['date_start']}",
        "campaign": row["campaign_name"],
        **{name: row[name] for name in ("date_start", "impressions", "reach", "clicks")},
        "spend_amount": row["spend"],
        "reported_at": row.get("updated_time") or row["date_start"],
    }
