"""A person taken off every list of a tool, erased there where the tool can, and then out of our own ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.delivery.difference import compute
from orchestration.delivery.ledger import Ledger, opened
from orchestration.delivery.lists import ReleasedTables, SyncList, lists_of
from orchestration.delivery.sending import Sending
from orchestration.delivery.stops import Stops, forms_of
from orchestration.erasure.case import Case, save
from orchestration.paths import Home
from syncs.connector import Connector
from syncs.errors import SyncError
from syncs.shape import Member

KINDS = {"email": "email", "phone": "phone_number"}  # identifiers, as they are called in what is sent
# Off the lists that speak to people first; off the lists that protect them only when nothing speaks any more.
LEAVING = """
create or replace temp table leaving as
select *, row_number() over (partition by sync_id order by identity) as row_number from work
where change = 'remove' and identity in (select identity from the_person)
"""
PERSON = """
create or replace temp table the_person as
select distinct identity from intents where customer_id in (select unnest($customers)) or list_has_any(
  list_transform(json_extract(identity, '$.*'), lambda value: lower(value ->> '$')), $forms)
"""
# The highest number stays, on no list: a ledger that ends earlier than its mark would count as lost.
FORGET = """
begin;
insert into intents by name select '' as op_id, max(request_number) as request_number, '' as sync_id from intents;
delete from outcomes where op_id in (select op_id from intents where identity in (select identity from the_person));
delete from intents where identity in (select identity from the_person);
commit
"""


@dataclass
class AtTool:
    """What one tool did. `trouble` says, without naming anybody, why it is not finished."""

    removed: int = 0
    erased: int = 0
    forgotten: int = 0
    trouble: str = ""


def forget_at(
    home: Home,
    release: ReleasedTables,
    destination: str,
    connector: Connector | None,
    case: Case,
    now: datetime,
    passing: Callable[[str], None],
) -> AtTool:
    """Remove, erase, and only then forget: while the tool has not confirmed, our ledger must still know."""
    told = AtTool()
    if (home.ledgers / f"{destination}.duckdb").exists():
        _with_ledger(home, release, destination, connector, case, now, told, passing)
    elif connector:
        _erase(home, case, [], connector, told)
    if told.forgotten:
        rewrite(home, destination)
    return told


def _with_ledger(
    home: Home,
    release: ReleasedTables,
    destination: str,
    connector: Connector | None,
    case: Case,
    now: datetime,
    told: AtTool,
    passing: Callable[[str], None],
) -> None:
    with opened(home, destination, f"forget-{case.case_id}", wait_seconds=60) as ledger:
        connection, lists = ledger.connection, lists_of(release, destination)
        connection.execute(PERSON, {"customers": case.customer_ids, "forms": _forms(case)})
        found = connection.execute("select identity from the_person order by 1").fetchall()
        if connector is None:
            told.trouble = "not connected" if found else ""
            return
        if found:
            compute(connection, release, lists, Stops(), now, connector.is_repeatable)
            connection.execute(LEAVING)
            for each in sorted(lists, key=lambda known: known.polarity == "restrictive"):
                _leave(ledger, release, each, connector, now, told)
                passing(f"off {each.sync_id}")
        if not told.trouble:
            _erase(home, case, [json.loads(identity) for (identity,) in found], connector, told)
            passing(f"erased at {destination}")
        if found and not told.trouble:
            told.forgotten = _count(connection)
            connection.execute(FORGET)


def rewrite(home: Home, destination: str) -> None:
    """The ledger as a new file: what was deleted is still in the bytes of the old one."""
    file = home.ledgers / f"{destination}.duckdb"
    beside = file.with_name(f".{file.name}.without")
    beside.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as before (read_only)")
        connection.execute(f"attach '{beside}' as after")
        connection.execute("copy from database before to after")
        connection.execute("checkpoint after")
    beside.chmod(0o600)
    beside.replace(file)


def _forms(case: Case) -> list[str]:
    return sorted({form.lower() for _, value in case.identifiers for form in forms_of(value)})


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    sql = "select count(*) from intents where identity in (select identity from the_person)"
    return int(connection.execute(sql).fetchall()[0][0])


def _leave(
    ledger: Ledger, release: ReleasedTables, each: SyncList, connector: Connector, now: datetime, told: AtTool
) -> None:
    """One request for one list; what is not accepted leaves the case open."""
    rows = ledger.connection.execute(
        "select row_number, member_key, identity from leaving where sync_id = ? order by row_number",
        [each.sync_id],
    ).fetchall()
    if not rows or told.trouble:
        return
    request = ledger.prepare(
        f"(select * from leaving where sync_id = '{each.sync_id}')", release.release_id, now
    )
    members = [
        Member(f"{request.request_id}.{n}", key, json.loads(identity), {}, None) for n, key, identity in rows
    ]
    sending = Sending(connector, "remove", each.object, lambda _: None)
    for outcomes in sending.send(members):
        ledger.settle(outcomes, now, sending.is_doubtful)
        accepted = sum(outcome.outcome == "accepted" for outcome in outcomes)
        told.removed += accepted
        if accepted < len(outcomes):
            told.trouble = f"{each.sync_id} did not confirm every removal"


def _erase(
    home: Home, case: Case, known: list[dict[str, object]], connector: Connector, told: AtTool
) -> None:
    """By everything we sent of the person, and by every address and number: the tool may have them from elsewhere."""
    if known and not connector.can_erase:
        case.asked[connector.name] = "to take the person off its lists, for it offers no erasure"
    if connector.can_erase:
        elsewhere = [{KINDS[kind]: value} for kind, value in case.identifiers if kind in KINDS]
        case.asked[connector.name] = "to erase everything it holds of the person"
        try:
            told.erased = connector.erase([*known, *elsewhere])
        except SyncError as problem:
            told.trouble = str(problem)
    save(home, case)
