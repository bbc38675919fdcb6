"""What a planned message would do on each of the coming days: whom it would reach, and what it would displace there.

The coming days are decided one after the other by the models themselves, on the newest release, once without the
message; then each day once more with it. Who is eligible stays as it is today, and nobody reacts. What the message
would take from later days is not counted.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.paths import Home
from orchestration.replay.compiled import Models, compile_models
from orchestration.replay.kept import keep_nothing_yet
from orchestration.replay.past import hold_past, put_past
from orchestration.replay.project import project_with
from orchestration.replay.scratch import open_scratch, put_seeds
from orchestration.shelf import current_release

RUN = "look-ahead"
NEW = f"run_id = '{RUN}' and decision_id not in (select decision_id from staging.stg_downbeat__decisions)"
"""What the day decided: every day's run has the same name, and fct_decisions holds those of the days before too."""
CHOSEN = f"""
create or replace table kept.{{side}} as select customer_id, message_id, score / 1e6 as value
from decisions.fct_decisions where {NEW}"""
LOSERS = """
select message_id, count(*), sum(value) from kept.without as w
where not exists (select 1 from kept.planned as p where p.customer_id = w.customer_id and p.message_id = w.message_id)
group by 1 order by 3 desc, 1"""
REMEMBER = (
    f"""insert into context.fct_contacts by name select 'decision:' || decision_id || decided_at as contact_id,
    customer_id, contact_type, contact_point, channel, category, campaign, message_id, decision_id, product_id,
    product_category, 'decided' as state, count_to_caps, greatest(decided_at, send_after) as counted_at
    from decisions.fct_decisions where {NEW}""",
    f"insert into staging.stg_downbeat__decisions by name select * from decisions.fct_decisions where {NEW}",
)


class NothingAhead(Exception):
    """The message or a release to start from is missing. The message says which."""


@dataclass(frozen=True)
class Loser:
    """A message that would reach fewer people that day; value is what those were expected to bring."""

    message_id: str
    customers: int
    value: float


@dataclass(frozen=True)
class Day:
    """One day on which the message could go out. Counts and values are those of the sample."""

    day: date
    reach: int
    value: float
    losers: tuple[Loser, ...]

    @property
    def lost(self) -> float:
        return sum(one.value for one in self.losers)


@dataclass(frozen=True)
class Ahead:
    """The days looked at, in order, and what part of the customers they are of."""

    message_id: str
    share: float
    days: tuple[Day, ...]

    def least_harmful(self) -> list[Day]:
        """Days with any reach, best first: what it brings less what it displaces."""
        return sorted((d for d in self.days if d.reach), key=lambda d: (d.lost - d.value, d.day))


def look_ahead(
    home: Home,
    message_id: str,
    days: int = 14,
    audience: str | None = None,
    sample: int | None = 5000,
    tell: Callable[[str], None] = lambda _: None,
) -> Ahead:
    """Rehearse the message, a row of seeds/messages.csv, on each of the coming days. audience: instead of its own.

    Raises NothingAhead, NoSuchPolicies, TransformFailed.
    """
    release = current_release(home)
    if release is None:
        raise NothingAhead("nothing has been published yet: run `downbeat run` first")
    with tempfile.TemporaryDirectory() as folder:
        project = project_with(Path(folder))
        models = compile_models(project, Path(folder))
        buckets = max(1, math.ceil(release.rows("dim_customers") / sample)) if sample else 1
        connection = open_scratch()
        put_seeds(connection, project, 1 / buckets)
    plan = Plan(connection, models, message_id, audience)
    plan.check()
    keep_nothing_yet(connection, release)
    put_past(connection, home, release, [], buckets)
    hold_past(connection)
    connection.execute("update audiences.fct_audience_members set expires_at = null where kind = 'segment'")
    found = []
    for number in range(1, days + 1):
        tell(f"{release.as_of + timedelta(days=number):%Y-%m-%d}")
        found.append(plan.day(release.as_of + timedelta(days=number)))
    return Ahead(message_id, 1 / buckets, tuple(found))


@dataclass(frozen=True)
class Plan:
    """A message to be tried in a scratch warehouse."""

    connection: duckdb.DuckDBPyConnection
    models: Models
    message_id: str
    audience: str | None

    def check(self) -> None:
        """The message and the audience must be known."""
        for table, column, name in (
            ("seeds.messages", "message_id", self.message_id),
            ("seeds.audiences", "audience", self.audience),
        ):
            known = self.connection.execute(f"select {column} from {table} order by 1").fetchall()
            if name is not None and (name,) not in known:
                raise NothingAhead(f"{name} is unknown; known: {', '.join(str(row[0]) for row in known)}")

    def day(self, moment: datetime) -> Day:
        """Decide the day without the message and with it; go on as without it."""
        self._decide(moment, "planned", is_planned=True)
        self._decide(moment, "without", is_planned=False)
        for statement in REMEMBER:
            self.connection.execute(statement)
        [(reach, value)] = self.connection.execute(
            "select count(*), coalesce(sum(value), 0) from kept.planned where message_id = ?",
            [self.message_id],
        ).fetchall()
        losers = self.connection.execute(LOSERS).fetchall()
        return Day(moment.date(), int(reach), float(value), tuple(Loser(*row) for row in losers))

    def _decide(self, moment: datetime, side: str, is_planned: bool) -> None:
        """The message may go out on that day, or on none."""
        dates = "'2015-01-01', valid_to = null" if is_planned else "'2015-01-01', valid_to = '2015-01-02'"
        self.connection.execute(
            f"update seeds.messages set valid_from = {dates}, weekdays = '1|2|3|4|5|6|7',"
            " audience = coalesce(?, audience) where message_id = ?",
            [self.audience, self.message_id],
        )
        if self.audience is not None:
            # whoever asks about an audience does not ask about those a programme would hand on
            self.connection.execute(
                "delete from audiences.fct_programme_states where message_id = ?", [self.message_id]
            )
        self.models.run(self.connection, moment, RUN)
        self.connection.execute(CHOSEN.format(side=side))
