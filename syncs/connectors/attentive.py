"""Attentive: people on and off a segment that carries our own id. Nobody is ever subscribed: that texts them."""

from __future__ import annotations

from collections.abc import Sequence

from syncs.asking import followed, staged
from syncs.connector import Connector
from syncs.rows import all_accepted, renamed
from syncs.shape import Example, Member, Outcome

NAMES = {"email": "email", "phone_number": "phone", "external_id": "clientUserId"}


class Attentive(Connector):
    """Jobs of up to 10,000 members; 100 requests a second, told by its headers. A person makes the segment first."""

    name = "attentive"
    version = "v2"
    base_url_variable = "ATTENTIVE_URL"
    secret_variables = ("ATTENTIVE_TOKEN",)
    batch_rows = 10_000
    batch_bytes = 4_000_000
    example = Example("downbeat_vip", {"email": "ann.secret@example.com"})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        body = {"externalId": object, "members": [renamed(m, NAMES) for m in members]}
        method = "DELETE" if change == "remove" else "POST"
        answer = self.call(method, "/v2/bulk/segments/members", body, expect=(202,))
        return followed(self, str(answer.get("batchJobId")), members)

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        """The file of results lies with another host and is not fetched; a job that failed is sent again."""
        answer = self.call("GET", f"/v2/bulk/job/{job_id}")
        if answer.get("status") == "FAILED":
            return [Outcome(m.op_id, "not_sent", "job_failed", job_id) for m in members]
        return all_accepted(members) if answer.get("status") == "COMPLETED" else staged(job_id, members)
