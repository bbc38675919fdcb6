"""Mailchimp: people on and off a static segment of one audience, and who changed there.

Status is consent and is never written; tags are never sent, for a member's tags are replaced by what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import md5
from typing import Any

from syncs.asking import pages
from syncs.erasing import erased_one_by_one
from syncs.errors import BadSetup, SyncError, TryLater
from syncs.lists import NamedLists
from syncs.rows import all_accepted, except_for
from syncs.shape import Answer, Example, Member, Outcome, Page

PAGE = 1000
FIELDS = ("email_address", "status", "last_changed", "id")


class Mailchimp(NamedLists):
    """500 addresses a request; strangers are ignored in silence, so who came on is read back. No quota header."""

    name = "mailchimp"
    version = "3.0"
    base_url_variable = "MAILCHIMP_URL"
    secret_variables = ("MAILCHIMP_API_KEY", "MAILCHIMP_AUDIENCE")
    streams = ("members",)
    batch_rows = 500
    can_list = True
    can_erase = True
    example = Example("Downbeat VIP", {"email": "ann.secret@example.com"})

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        asked = {"sort_field": "last_changed", "sort_dir": "ASC"}
        if since:
            asked["since_last_changed"] = since.isoformat()
        for rows in self._pages("/members", asked):
            records = [{name: row.get(name) for name in FIELDS} for row in rows]
            yield Page(records, str(records[-1]["last_changed"]) if records else None)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        verb = "members_to_remove" if change == "remove" else "members_to_add"
        path = f"{self._audience}/segments/{self.list_id(object)}"
        answer = self.call("POST", path, {verb: [self.identity_key(m.identity) for m in members]})
        if change == "remove":
            answer.get("total_removed")
            return all_accepted(members)
        on_it = {row["email_address"].lower() for row in answer.get("members_added")}
        missing = [m for m in members if self.identity_key(m.identity) not in on_it]
        if missing:
            on_it |= set(self.list_members(object))
        return except_for(
            members, {m.op_id: "not_a_contact" for m in missing if m.identity["email"] not in on_it}
        )

    def identity_of(self, key: str) -> dict[str, object]:
        return {"email": key}

    def list_members(self, object: str) -> Iterator[str]:
        if segment := self.known_lists.get(object):
            for rows in self._pages(f"/segments/{segment}/members", {}):
                yield from (str(row["email_address"]).lower() for row in rows)

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """delete-permanent, which also bars the address: only the person can put it on the audience again."""

        def ask(_: str, value: str) -> bool:
            own = md5(value.lower().encode(), usedforsecurity=False).hexdigest()
            path = f"{self._audience}/members/{own}/actions/delete-permanent"
            return self.call("POST", path, expect=(204, 404)).status == 204

        return erased_one_by_one(identities, {"email": "email"}, ask)

    def verdict(self, answer: Answer) -> SyncError:
        if answer.status == 403 and not answer.find("status"):
            return TryLater("is busy and says so by a bare 403")
        return super().verdict(answer)

    @property
    def _audience(self) -> str:
        return f"/3.0/lists/{self.secret('MAILCHIMP_AUDIENCE')}"

    def find_lists(self) -> Iterator[tuple[str, str]]:
        for rows in self._pages("/segments", {"type": "static"}):
            yield from ((str(row["name"]), str(row["id"])) for row in rows)

    def make_list(self, name: str) -> str:
        return str(
            self.call("POST", f"{self._audience}/segments", {"name": name, "static_segment": []}).get("id")
        )

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[list[dict[str, Any]]]:
        rows, read = path.rpartition("/")[2], 0

        def following(answer: Answer) -> dict[str, int] | None:
            nonlocal read
            read += len(answer.get(rows))
            return {"offset": read} if answer.get(rows) and read < answer.get("total_items") else None

        for answer in pages(self, self._audience + path, {"count": str(PAGE), **params}, following):
            yield answer.get(rows)
