"""Zendesk: a checkbox on its users, shown to whoever answers them, and tickets as the service desk reads them.

A field of the user, not a tag: a list of tags that is written replaces the tags of others. No name is sent, so nobody
is renamed and a stranger is refused, and no address is verified, for that would send an e-mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncs.asking import followed, pages, staged
from syncs.connectors.desk import Desk
from syncs.erasing import values_of
from syncs.redaction import safe_code
from syncs.rows import except_for, identified, not_sent, renamed
from syncs.shape import Answer, Example, Member, Outcome

KINDS = {"email": "email", "phone_number": "phone"}
NAMES = {"email": "email", "external_id": "external_id"}


class Zendesk(Desk):
    """100 users a job, whose results are told per row. `object` is the key of a checkbox field."""

    name = "zendesk"
    version = "v2"
    base_url_variable = "ZENDESK_URL"
    secret_variables = ("ZENDESK_TOKEN",)
    batch_rows = 100
    can_erase = True
    example = Example("downbeat_vip", {"email": "ann.secret@example.com"})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, strange = identified(members, lambda m: renamed(m, NAMES))
        if not members:
            return strange
        said = {"user_fields": {object: change != "remove"}, "skip_verify_email": True}
        body = {"users": [renamed(m, NAMES) | said for m in members]}
        answer = self.call("POST", "/api/v2/users/create_or_update_many.json", body)
        outcomes = strange + followed(self, str(answer.get("job_status", "id")), members)
        # Whom it does not know has no checkbox to take away.
        gone = [Outcome(o.op_id, "accepted") if o.outcome == "rejected" else o for o in outcomes]
        return gone if change == "remove" else outcomes

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        answer = self.call("GET", f"/api/v2/job_statuses/{job_id}.json", expect=(200, 404))
        if answer.status == 404 or answer.get("job_status", "status") in ("failed", "killed"):
            return not_sent(members, "job_failed")
        job = answer.get("job_status")
        if job["status"] != "completed":
            return staged(job_id, members)
        wrong = [row for row in job["results"] if row.get("error")]
        return except_for(members, {members[row["index"]].op_id: safe_code(row["error"]) for row in wrong})

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Deleted, and then deleted for good, which empties what tickets show of the requester.

        Whom an earlier, broken attempt deleted is not found by a search any more, but among the deleted.
        """
        known = values_of(identities, KINDS)
        searches = ({"query": f'{kind}:"{value}"'} for kind, value in known)
        path = "/api/v2/users/search.json"
        here = {
            str(user["id"])
            for asked in searches
            for user in self.call("GET", path, params=asked).get("users")
        }
        for own in sorted(here):
            self.call("DELETE", f"/api/v2/users/{own}.json", expect=(200, 404)).get()
        gone = here | {str(user["id"]) for user in self._deleted() if _is_one(user, known)} if known else here
        for own in sorted(gone):
            self.call("DELETE", f"/api/v2/deleted_users/{own}.json", expect=(200, 404)).get()
        return len(gone)

    def _deleted(self) -> Iterator[Mapping[str, object]]:
        for answer in pages(self, "/api/v2/deleted_users.json", {"page[size]": "100"}, _after):
            yield from answer.get("deleted_users")


def _is_one(user: Mapping[str, object], known: Sequence[tuple[str, str]]) -> bool:
    return any(str(user.get(kind) or "").lower() == value.lower() for kind, value in known)


def _after(answer: Answer) -> dict[str, str] | None:
    return {"page[after]": answer.get("meta", "after_cursor")} if answer.find("meta", "has_more") else None
