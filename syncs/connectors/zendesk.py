"""Zendesk: a checkbox on its users, shown to whoever answers them, and tickets as the service desk reads them.

A field of the user, not a tag: a list of tags that is written replaces the tags of others. No name is sent, so nobody
is renamed and a stranger is refused, and no address is verified, for that would send an e-mail.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncs.asking import followed, staged
from syncs.connectors.desk import Desk
from syncs.redaction import safe_code
from syncs.rows import except_for, identified, not_sent, renamed
from syncs.shape import Example, Member, Outcome

NAMES = {"email": "email", "external_id": "external_id"}


class Zendesk(Desk):
    """100 users a job, whose results are told per row. `object` is the key of a checkbox field."""

    name = "zendesk"
    version = "v2"
    base_url_variable = "ZENDESK_URL"
    secret_variables = ("ZENDESK_TOKEN",)
    batch_rows = 100
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
