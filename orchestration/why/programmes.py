"""Where the person stands in each programme: the step, why it is that one, and what came of those before."""

from __future__ import annotations

from orchestration.why.answer import ProgrammeState
from orchestration.why.asked import Asked

STATES = """
select programme, status, coalesce(message_id, ''), coalesce(cast(step_number as text), ''),
    moved_because || case when suspended_by is null then '' else '; rests for ' || suspended_by end,
    coalesce(trail, ''), entered_at, ended_at
from fct_programme_states
where customer_id in $ids and entered_at < $after order by entered_at desc, programme
"""


def programmes(asked: Asked, after: object) -> tuple[ProgrammeState, ...]:
    """Every life in a programme that began before `after`, the newest first; what came of the steps in words."""
    rows = asked.rows(STATES, after=after)
    return tuple(ProgrammeState(*(*row[:5], tuple(_fates(row[5])), *row[6:])) for row in rows)


def _fates(trail: str) -> list[str]:
    """`cart_email=sent|cart_sms=offered` as words."""
    return [step.replace("=", " ") for step in trail.split("|") if step]
