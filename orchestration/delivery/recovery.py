"""What an earlier run left open: requests of unknown end, and jobs that were still running."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from orchestration.delivery.ledger import Ledger
from orchestration.delivery.report import Tally
from syncs.connector import Connector
from syncs.errors import BadSetup, SyncError
from syncs.shape import Member

# A run that died may have sent what it had prepared, at the latest now.
LEFT_OPEN = """
insert into outcomes
select op_id, ?, 'unknown', 'died', '', ? from operations where outcome = 'unsettled' order by op_id
"""

ASKABLE = """
select case when outcome = 'staged' then job_id else request_id end as job, op_id, member_key, identity, decision_id
from operations where outcome = 'staged' or (? and outcome = 'unknown')
order by request_number, cast(split_part(op_id, '.', -1) as bigint)
"""


def recover(ledger: Ledger, connector: Connector, moment: Callable[[], datetime], tally: Tally) -> None:
    """Call dead runs' requests unknown, then ask the tool about every job it can still tell us of."""
    unsettled = ledger.connection.execute(
        "select count(*) from operations where outcome = 'unsettled'"
    ).fetchall()
    if unsettled[0][0]:
        ledger.connection.execute(LEFT_OPEN, [ledger.run_id, moment()])
    jobs: dict[str, list[Member]] = {}
    for job, op_id, key, identity, decision in ledger.connection.execute(
        ASKABLE, [connector.knows_requests]
    ).fetchall():
        jobs.setdefault(job, []).append(Member(op_id, key, json.loads(identity), {}, decision))
    for job, members in jobs.items():
        try:
            tally.requests += 1
            outcomes = connector.job_status(job, members)
        except SyncError as problem:
            tally.stopped = str(problem)
            tally.needs_a_person = isinstance(problem, BadSetup)
            return
        ledger.settle([o for o in outcomes if o.outcome in ("accepted", "rejected", "not_sent")], moment())
