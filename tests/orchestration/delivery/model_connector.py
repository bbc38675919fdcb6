"""The connector of the model tool: the same code for HTTP as every connector, against a server that misbehaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncs.connector import Connector
from syncs.errors import TryLater
from syncs.rows import all_accepted
from syncs.shape import Answer, Member, Outcome
from syncs.waits import Clock


class ModelConnector(Connector):
    """Rows are answered one by one, or all together by a job where the tool says 202."""

    name = "tool"
    base_url_variable = "MODEL_URL"
    secret_variables = ("MODEL_KEY",)
    batch_rows = 2
    can_list = True
    timeout = (1.0, 0.3)
    attempts = 12  # many faults in one run; its waiting is virtual
    deadline_seconds = 20_000.0

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        rows = [
            {"op": m.op_id, "identity": m.identity, "payload": m.payload, "decision": m.decision_id}
            for m in members
        ]
        body = {"request": members[0].request_id, "rows": rows}
        answer = self.call("POST", f"/lists/{object}/{change}", body, expect=(200, 202))
        if answer.status == 202:
            return [Outcome(m.op_id, "staged", job_id=str(answer.get("job"))) for m in members]
        return self._rows(answer, members)

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        answer = self.call("GET", f"/jobs/{job_id}")
        if answer.get("state") == "running":
            return [Outcome(m.op_id, "staged", job_id=job_id) for m in members]
        return all_accepted(members)

    def list_members(self, object: str) -> Iterator[str]:
        page = 0
        while page is not None:
            answer = self.call("GET", f"/lists/{object}", params={"page": str(page)})
            yield from answer.get("members")
            page = answer.get("next")

    def _rows(self, answer: Answer, members: Sequence[Member]) -> list[Outcome]:
        """A 200 proves nothing: it must be about this request, and then about each row."""
        if answer.get("request") != members[0].request_id or answer.find("error"):
            raise TryLater("answered about something else", is_ambiguous=True)
        told: Mapping[str, str] = {row["op"]: row["status"] for row in answer.get("rows")}
        return [
            Outcome(m.op_id, "accepted")
            if told[m.op_id] == "ok"
            else Outcome(m.op_id, "rejected", told[m.op_id])
            for m in members
            if m.op_id in told
        ]


@dataclass
class JumpingTime:
    """Waiting costs nothing: sleep moves the clock."""

    seconds: float = 0.0

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.seconds, sleep=self.sleep, chance=lambda: 0.5)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
