"""What may be at a tool: one append-only DuckDB file per destination, without keys or indexes.

The intent is committed before the request and the outcome after it, so that a crash hides nothing. The kernel's
lock is the lease. A mark outside the folder remembers how far the ledger had come: a lost or older file is noticed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.delivery.mark import Mark, mark_of, read_mark, write_mark
from orchestration.lease import Lease
from orchestration.paths import Home
from syncs.shape import Outcome

MARK_SECONDS = 1.0  # by so much a mark may lag behind: what it must notice is a ledger of another day

TABLES = """
create table if not exists intents (
  op_id varchar, request_number bigint, request_id varchar, run_id varchar, release_id varchar, sync_id varchar,
  change varchar, is_restrictive boolean, member_key varchar, customer_id varchar, decision_id varchar,
  identity varchar, content_hash varchar, prepared_at timestamp
);
create table if not exists outcomes (
  op_id varchar, run_id varchar, outcome varchar, code varchar, job_id varchar, finished_at timestamp
);
"""

# An operation ends once; 'unknown' and 'staged' may still be settled, so the firmest word counts.
OPERATIONS = """
create temp view operations as
with words as (
  select op_id, outcome, code, job_id, finished_at, case
    when outcome in ('accepted', 'rejected', 'not_sent') then 2 when outcome = 'unknown' then 1 else 0 end as firmness
  from outcomes
), ends as (
  select op_id, arg_max(outcome, firmness) as outcome, arg_max(code, firmness) as code,
    arg_max(job_id, firmness) as job_id, arg_max(finished_at, firmness) as finished_at,
    max(finished_at) filter (outcome = 'unknown') as unknown_at
  from words group by op_id
)
select intents.*, coalesce(ends.outcome, 'unsettled') as outcome, coalesce(ends.code, '') as code,
  coalesce(ends.job_id, '') as job_id, ends.finished_at, ends.unknown_at
from intents left join ends on ends.op_id = intents.op_id
"""


@dataclass(frozen=True)
class Request:
    """One prepared request: its rows are in the ledger before anything is sent."""

    request_id: str
    number: int


class Ledger:
    """An open ledger. Use `opened`, which holds the lease for as long."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, mark: Path, run_id: str, number: int, is_lost: bool
    ) -> None:
        self.connection, self._mark, self.run_id = connection, mark, run_id
        self.is_lost, self._number, self._marked = is_lost, number, number
        self._heard: list[tuple[Sequence[Outcome], datetime, bool]] = []
        self._marked_at = -math.inf

    def prepare(self, relation: str, release_id: str, moment: datetime) -> Request:
        """Commit the intent to send the rows of `relation` (as `queue` has them). Row n is op `<id>.n`.

        In the same commit: every outcome that was heard and still waits for one.
        """
        number = self._number + 1
        request = Request(f"{self.run_id}-{number}", number)
        with self._commit():
            self._write_heard()
            self.connection.execute(
                f"""insert into intents select ? || '.' || row_number, ?, ?, ?, ?, sync_id, change, is_restrictive,
                member_key, customer_id, decision_id, identity, content_hash, ? from {relation}""",
                [request.request_id, request.number, request.request_id, self.run_id, release_id, moment],
            )
        self._number = number
        if time.monotonic() - self._marked_at > MARK_SECONDS:
            self.mark()
        return request

    @property
    def is_behind(self) -> bool:
        """Whether something was heard that is not committed yet."""
        return bool(self._heard)

    def hear(self, outcomes: Sequence[Outcome], moment: datetime, is_doubtful: bool = False) -> None:
        """Keep what became of operations for the next commit, which must come before anything else is sent."""
        if outcomes:
            self._heard.append((outcomes, moment, is_doubtful))

    def settle(
        self, outcomes: Sequence[Outcome] = (), moment: datetime = datetime.min, is_doubtful: bool = False
    ) -> None:
        """Commit what became of operations, all at once; where it is doubtful whether only once, that too."""
        self.hear(outcomes, moment, is_doubtful)
        if self._heard:
            with self._commit():
                self._write_heard()

    @contextmanager
    def _commit(self) -> Iterator[None]:
        """One transaction, one wait for the disk."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")
        self._heard.clear()

    def _write_heard(self) -> None:
        for outcomes, moment, is_doubtful in self._heard:
            names = ("op_id", "outcome", "code", "job_id")
            columns = {name: [getattr(each, name) for each in outcomes] for name in names}
            self.connection.register("heard", pa.table(columns))
            self.connection.execute(
                """insert into outcomes select op_id, $run, outcome, code, job_id, $moment from heard
                union all select op_id, $run, 'unknown', 'may_land_late', '', $moment from heard where $is_doubtful""",
                {"run": self.run_id, "moment": moment, "is_doubtful": is_doubtful},
            )
            self.connection.unregister("heard")

    def mark(self) -> None:
        """Remember outside of the ledger how far it has come, if it has."""
        if self._marked < self._number:
            write_mark(self._mark, Mark(self._number, self.is_lost))
            self._marked, self._marked_at = self._number, time.monotonic()

    def found(self) -> None:
        """Declare a lost ledger rebuilt: permissive work may go on."""
        self.is_lost = False
        write_mark(self._mark, Mark(self._number))


@contextmanager
def opened(home: Home, destination: str, run_id: str, wait_seconds: float = 0) -> Iterator[Ledger]:
    """The destination's ledger, ours alone inside the block. Raises SomebodyElseHoldsIt."""
    home.ledgers.mkdir(parents=True, exist_ok=True, mode=0o700)
    file, mark = home.ledgers / f"{destination}.duckdb", mark_of(home, destination)
    lease = Lease(home.ledgers / f"{destination}.lock", f"the ledger of {destination}")
    with lease.held(wait_seconds), duckdb.connect(str(file)) as connection:
        connection.execute("set timezone = 'UTC'")
        is_new = not connection.execute("from duckdb_tables() where table_name = 'outcomes'").fetchall()
        if is_new:  # definitions never stay in the write-ahead log
            connection.execute(TABLES)
            connection.execute("checkpoint")
            file.chmod(0o600)
        connection.execute(OPERATIONS)
        reached, known = _highest(connection), read_mark(mark)
        is_lost = known.is_lost or known.number > reached
        if is_lost and not known.is_lost:  # before anything new is in it that would make it look whole
            write_mark(mark, Mark(known.number, is_lost))
        ledger = Ledger(connection, mark, run_id, max(reached, known.number), is_lost)
        try:
            yield ledger
        finally:
            ledger.mark()


@contextmanager
def looked_at(home: Home, destination: str, wait_seconds: float = 60) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger as it stands, read only; an empty one in memory where there is none. Writes nothing."""
    file = home.ledgers / f"{destination}.duckdb"
    if not file.exists():
        with duckdb.connect() as connection:
            connection.execute(TABLES + OPERATIONS)
            yield connection
        return
    lease = Lease(home.ledgers / f"{destination}.lock", f"the ledger of {destination}")
    with lease.held(wait_seconds), duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(OPERATIONS)
        yield connection


def _highest(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("select coalesce(max(request_number), 0) from intents").fetchall()
    return int(found[0][0])
