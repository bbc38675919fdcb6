"""Meta Custom Audiences: hashed people on and off audiences, and what the ads cost. It never shows who is in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from syncs.asking import pages
from syncs.errors import BadRows, BadSetup, TryLater
from syncs.lists import NamedLists
from syncs.matches import Matched, counted
from syncs.rows import all_accepted, by_consent, in_turn
from syncs.shape import Answer, Codes, Example, Member, Outcome, Page

BOUNDS = ("approximate_count_lower_bound", "approximate_count_upper_bound")
A_HASH = "8e621e3d0368631d263d07a351fa8d34fba0d17c15fbcdec11a5f58008d022a0"
INSIGHTS = ("campaign_name", "impressions", "reach", "clicks", "spend", "date_start", "updated_time")


class Meta(NamedLists):
    """Token in the header. Answers count rows and sample the bad ones; adding twice is harmless."""

    name = "meta"
    version = "v26.0"
    base_url_variable = "META_URL"
    secret_variables = ("META_ACCESS_TOKEN", "META_AD_ACCOUNT")
    streams = ("campaign_insights",)
    batch_rows = 10_000
    batch_bytes = 4_000_000
    is_ad_platform = True
    tells_matches = True
    codes = Codes(
        ("error", "code"),
        busy=frozenset({4, 17, 341, 613, *range(80000, 80015)}),
        key=frozenset({10, 190, *range(200, 300)}),
        down=frozenset({1, 2}),
    )
    example = Example("downbeat_a", {"EMAIL": A_HASH}, {"customer_consent": True})

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
        path = f"/{self.version}/{self.list_id(object)}/users"
        if change == "remove":
            return self._users("DELETE", path, members, {})
        consented, silent, held = by_consent(members)

        def send(group: Sequence[Member]) -> list[Outcome]:
            # Where nothing is said of consent, nothing is claimed.
            return self._users("POST", path, group, {"customer_consent": True} if group is consented else {})

        return held + in_turn([group for group in (consented, silent) if group], send)

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

    def matched(self, object: str) -> Matched | None:
        """Accounts found, roughly; -1 stands for fewer than a thousand, which Meta does not count out."""
        if not (own := self.known_lists.get(object)):
            return None
        answer = self.call("GET", f"/{self.version}/{own}", params={"fields": ",".join(BOUNDS)})
        return counted(*(answer.get(bound) for bound in BOUNDS))

    @property
    def _account(self) -> str:
        return f"/{self.version}/act_{self.secret('META_AD_ACCOUNT').removeprefix('act_')}"

    def find_lists(self) -> Iterator[tuple[str, str]]:
        for body in self._pages(f"{self._account}/customaudiences", {"fields": "name", "limit": "500"}):
            yield from ((str(row["name"]), str(row["id"])) for row in body["data"])

    def make_list(self, name: str) -> str:
        body = {"name": name, "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
        return str(self.call("POST", f"{self._account}/customaudiences", body).get("id"))

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for answer in pages(self, path, params, _after):
            answer.get("data")
            yield answer.body


def _after(answer: Answer) -> dict[str, str] | None:
    return {"after": str(answer.get("paging", "cursors", "after"))} if answer.find("paging", "next") else None


def _insight(row: Mapping[str, Any]) -> dict[str, object]:
    """A row of insights as the stream contract names it."""
    return {
        "insight_id": f"{row['campaign_name']}:{row['date_start']}",
        "campaign": row["campaign_name"],
        **{name: row[name] for name in ("date_start", "impressions", "reach", "clicks")},
        "spend_amount": row["spend"],
        "reported_at": row.get("updated_time") or row["date_start"],
    }
