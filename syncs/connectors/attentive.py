"""Attentive: people on and off a segment that carries our own id. Nobody is ever subscribed: that texts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncs.asking import fetched, followed, staged
from syncs.connector import Connector
from syncs.erasing import erased_one_by_one
from syncs.redaction import safe_code
from syncs.rows import except_for, identified, not_sent, renamed
from syncs.shape import Example, Member, Outcome

SUBJECTS = {"email": "subjectEmail", "phone_number": "subjectPhone", "external_id": "clientUserId"}
NAMES = {"email": "email", "phone_number": "phone", "external_id": "clientUserId"}


class Attentive(Connector):
    """Jobs of up to 10,000 members; 100 requests a second, told by its headers. A person makes the segment first."""

    name = "attentive"
    version = "v2"
    base_url_variable = "ATTENTIVE_URL"
    secret_variables = ("ATTENTIVE_TOKEN",)
    batch_rows = 10_000
    batch_bytes = 4_000_000
    can_erase = True
    example = Example("downbeat_vip", {"email": "ann.secret@example.com"})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, strange = identified(members, lambda m: renamed(m, NAMES))
        if not members:
            return strange
        body = {"externalId": object, "members": [renamed(m, NAMES) for m in members]}
        method = "DELETE" if change == "remove" else "POST"
        answer = self.call(method, "/v2/bulk/segments/members", body, expect=(202,))
        return strange + followed(self, str(answer.get("batchJobId")), members)

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        """Each row as the job's file of results says, a line per record in the order they were sent."""
        answer = self.call("GET", f"/v2/bulk/job/{job_id}", expect=(200, 404))
        if answer.status == 404 or answer.get("status") == "FAILED":
            return not_sent(members, "job_failed")
        if answer.get("status") != "COMPLETED":
            return staged(job_id, members)
        lines = fetched(self, str(answer.get("url"))).get()
        if not isinstance(lines, list) or len(lines) != len(members):
            return [Outcome(m.op_id, "unknown", "results_do_not_fit", job_id) for m in members]
        refused = {m.op_id: _code(line) for m, line in zip(members, lines, strict=True)}
        return except_for(members, {op_id: code for op_id, code in refused.items() if code})

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Its privacy request, one per identifier; it deletes within thirty days and never says it knew nobody."""

        def ask(kind: str, value: str) -> bool:
            return bool(self.call("POST", "/v1/privacy/delete-request", {kind: value}).get("id"))

        return erased_one_by_one(identities, SUBJECTS, ask)


def _code(line: dict[str, Any]) -> str:
    """Why a record was refused; empty where it was not."""
    said = line.get("response", line)
    if int(said.get("status", 200)) < 400 and not said.get("error"):
        return ""
    return safe_code(said.get("error"), said.get("code"))
