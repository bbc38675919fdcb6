"""What must be asked of a tool: the release's members against what may be there, set-wise, in SQL.

Presence at the tool is kept per list and identity, as an interval: what was last accepted, and what was asked after
that and may have been applied. A removal carries the identity as it was added, for people's addresses change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

from orchestration.delivery.lists import ReleasedTables, SyncList
from orchestration.delivery.stops import Stops
from syncs.shape import PASSING

SETTLE_MINUTES = 10  # a request that timed out may still be applied for this long
ASK_AGAIN_HOURS = 20  # a refused restrictive change is asked again; a refused permissive one when it differs
PASSING_MINUTES = 10  # whatever the change, where the cause of the refusal may pass by itself

LISTS = """
create or replace temp table lists as
select sync_id, mode, polarity = 'restrictive' as is_restrictive from given_lists
"""

# One row per list and identity: two customers who share an address are one member there.
WANTED = """
create or replace temp table wanted as
select sync_id, cast(json(identity) as varchar) as identity, min(member_key) as member_key,
  arg_min(customer_id, member_key) as customer_id, arg_min(decision_id, member_key) as decision_id,
  arg_min(coalesce(payload, '{}'), member_key) as payload, arg_min(content_hash, member_key) as content_hash
from read_parquet($members) members semi join lists using (sync_id)
group by sync_id, json(identity), case when sync_id in (select sync_id from lists where mode = 'append')
  then coalesce(decision_id, member_key) end
"""

# The people who withdrew meanwhile are not wanted on any permissive list.
WITHOUT_STOPPED = """
delete from wanted where sync_id in (select sync_id from lists where not is_restrictive) and (
  customer_id in (select id from stopped) or list_has_any(
    list_transform(json_extract(identity, '$.*'), lambda value: value ->> '$'), (select list(id) from stopped))
)
"""

# What was ever asked and what came of it, put together once.
TOLD = """
create or replace temp table told as
select request_number, sync_id, change, member_key, customer_id, decision_id, identity, content_hash, outcome, code,
  finished_at, unknown_at
from operations semi join lists using (sync_id)
"""

# Some tools remove people, not rows: whoever shares an identifier with a removed identity is taken along.
HELD = """
create or replace temp table held as
with accepted as (
  select sync_id, identity, max(request_number) as number, arg_max(change, request_number) as change,
    arg_max(content_hash, request_number) as content_hash, arg_max(member_key, request_number) as member_key,
    arg_max(customer_id, request_number) as customer_id, arg_max(finished_at, request_number) as finished_at
  from told where outcome = 'accepted' group by sync_id, identity
), after as (
  select o.sync_id, o.identity, bool_or(is_open and o.change <> 'remove') as may_be_in,
    bool_or(is_open and o.change = 'remove') as may_be_out,
    max(case when is_open and o.change <> 'remove' then o.content_hash end) as open_hash,
    bool_or(o.outcome = 'staged' and o.change <> 'remove') as is_staged,
    arg_max(o.change, o.request_number) filter (o.outcome = 'rejected') as refused_change,
    arg_max(o.content_hash, o.request_number) filter (o.outcome = 'rejected') as refused_hash,
    arg_max(o.code, o.request_number) filter (o.outcome = 'rejected') as refused_code,
    max(o.finished_at) filter (o.outcome = 'rejected') as refused_at,
    max(o.member_key) as member_key, max(o.customer_id) as customer_id
  from (select *, outcome in ('unsettled', 'unknown', 'staged') as is_open from told) o
  left join accepted a on a.sync_id = o.sync_id and a.identity = o.identity
  where o.request_number > coalesce(a.number, 0) and o.outcome not in ('accepted', 'not_sent')
  group by o.sync_id, o.identity
), echoes as (
  select distinct o.sync_id, o.identity from told o
  join accepted a on a.sync_id = o.sync_id and a.identity = o.identity
  where o.unknown_at is not null and o.request_number < a.number
    and ((o.change = 'remove') <> (a.change = 'remove') or o.content_hash is distinct from a.content_hash)
    and a.finished_at < o.unknown_at + to_minutes($settle_minutes)
), parts as (
  select distinct sync_id, identity, unnest(json_extract(identity, '$.*')) as part from told
  where sync_id in (select sync_id from told where contains(identity, ','))
), taken_along as (
  select mine.sync_id, mine.identity, max(o.request_number) as number from parts mine
  join parts other on other.sync_id = mine.sync_id and other.part = mine.part and other.identity <> mine.identity
  join told o on o.sync_id = other.sync_id and o.identity = other.identity
  where o.change = 'remove' and o.outcome in ('accepted', 'unknown', 'unsettled')
  group by mine.sync_id, mine.identity
)
select sync_id, identity, coalesce(a.change in ('add', 'update'), false) as is_in, a.content_hash,
  coalesce(n.may_be_in, false) as may_be_in,
  coalesce(n.may_be_out, false) or coalesce(t.number > a.number, false) as may_be_out, n.open_hash, n.is_staged,
  n.refused_change, n.refused_hash, n.refused_code, n.refused_at, e.identity is not null as is_doubtful,
  coalesce(a.member_key, n.member_key) as member_key, coalesce(a.customer_id, n.customer_id) as customer_id
from accepted a full join after n using (sync_id, identity) left join echoes e using (sync_id, identity)
left join taken_along t using (sync_id, identity)
"""

WORK = """
create or replace temp table work as
with mirrored as (
  select sync_id, identity, w.identity is not null as is_wanted, coalesce(w.member_key, h.member_key) as member_key,
    coalesce(w.customer_id, h.customer_id) as customer_id, w.decision_id, coalesce(w.payload, '{}') as payload,
    coalesce(w.content_hash, '') as content_hash, coalesce(h.is_in, false) as is_in, h.content_hash as held_hash,
    coalesce(h.may_be_in, false) as may_be_in, coalesce(h.may_be_out, false) as may_be_out, h.open_hash,
    coalesce(h.is_staged, false) as is_staged, h.refused_change, h.refused_hash, h.refused_code, h.refused_at,
    coalesce(h.is_doubtful, false) as is_doubtful
  from (select * from wanted semi join (from lists where mode <> 'append') l using (sync_id)) w
  full join (select * from held semi join (from lists where mode <> 'append') l using (sync_id)) h
    using (sync_id, identity)
), changed as (
  select *, case when not is_wanted then 'remove' when is_in and not may_be_out then 'update' else 'add' end as change,
    case when is_wanted then is_in and held_hash is not distinct from content_hash and not may_be_out
        and not (may_be_in and open_hash is distinct from content_hash)
      else not is_in and not may_be_in end as is_right
  from mirrored
), appended as (
  select w.* from (select * from wanted semi join (from lists where mode = 'append') l using (sync_id)) w
  anti join (from told where outcome in ('accepted', 'staged') or not $is_repeatable and
      outcome in ('unknown', 'unsettled') or outcome = 'rejected' and
      not (list_contains($passing, code) and finished_at <= $now - to_minutes($passing_minutes))) o
    on o.sync_id = w.sync_id and coalesce(o.decision_id, o.member_key) = coalesce(w.decision_id, w.member_key)
      and (o.outcome <> 'rejected' or o.content_hash = w.content_hash)
), asked as (
  select sync_id, change, member_key, customer_id, decision_id, identity, payload, content_hash,
    is_right as is_echo, is_staged and open_hash = content_hash as is_staged, refused_change, refused_hash,
    refused_code, refused_at
  from changed where not is_right or is_doubtful
  union all by name
  select sync_id, 'add' as change, member_key, customer_id, decision_id, identity, payload, content_hash,
    false as is_echo, false as is_staged from appended
)
select sync_id, change, is_restrictive = (change <> 'remove') as is_restrictive, member_key, customer_id, decision_id,
  identity, payload, content_hash, mode, is_echo, case
    when is_staged and change <> 'remove' then 'staged'
    when mode = 'upsert' and change = 'remove' then 'kept'
    when (refused_change = 'remove') = (change = 'remove') and refused_hash = content_hash
      and not (list_contains($passing, refused_code) and refused_at <= $now - to_minutes($passing_minutes))
      and (is_restrictive <> (change <> 'remove') or refused_at > $now - to_hours($ask_again_hours))
      then 'refused before'
    when is_restrictive <> (change <> 'remove') and change <> 'remove'
      and try_cast(payload ->> '$.expires_at' as timestamp) < $now then 'expired' end as held
from asked join lists using (sync_id)
"""


def compute(
    connection: duckdb.DuckDBPyConnection,
    release: ReleasedTables,
    lists: Sequence[SyncList],
    stops: Stops,
    now: datetime,
    is_repeatable: bool,
) -> None:
    """Fill the temporary table `work` of a ledger's connection; `held` says why a row is not to be sent (or null)."""
    given = {
        "sync_id": [s.sync_id for s in lists],
        "mode": [s.mode for s in lists],
        "polarity": [s.polarity for s in lists],
    }
    connection.register("given_lists", pa.table(given, schema=_texts(*given)))
    stopped = {"id": sorted(stops.customers | stops.identifiers)}
    connection.register("stopped", pa.table(stopped, schema=_texts("id")))
    connection.execute(LISTS)
    connection.execute(WANTED, {"members": release.table("sync_members")})
    if stopped["id"]:
        connection.execute(WITHOUT_STOPPED)
    connection.execute(TOLD)
    connection.execute(HELD, {"settle_minutes": SETTLE_MINUTES})
    asked = {
        "now": now,
        "ask_again_hours": ASK_AGAIN_HOURS,
        "passing_minutes": PASSING_MINUTES,
        "passing": sorted(PASSING),
        "is_repeatable": is_repeatable,
    }
    connection.execute(WORK, asked)


def _texts(*names: str) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])
