"""Klaviyo's events as they are taken: in bulk, once per metric, profile and unique id."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sandbox.tools.clock import Clock, iso, parse
from sandbox.tools.klaviyo_api import problem, problems
from sandbox.tools.klaviyo_profiles import IDENTIFIERS, check_identity, check_shape, upsert
from sandbox.tools.shape import Misfit, a_list, a_text, an_object, the_type
from sandbox.tools.store import Row, Store
from sandbox.tools.wire import Answer, Request, json_bytes, moment_text

SCHEMA = """
create table if not exists events (
  sequence integer primary key, event_id text not null unique, metric text not null, profile_id text not null,
  unique_id text not null, happened_at text not null, received_at text not null, identity text not null,
  properties text not null, unique (metric, profile_id, unique_id)
);
create index if not exists events_by_time on events (happened_at, sequence);
create index if not exists events_by_receipt on events (metric, received_at);
"""
MOST_EVENTS = 1000
INSERT = """insert or ignore into events
  (event_id, metric, profile_id, unique_id, happened_at, received_at, identity, properties)
  values (?, ?, ?, ?, ?, ?, ?, ?)"""
ROOT = "/data/attributes/events-bulk-create/data"
Entry = tuple[dict[str, object], str, dict[str, object], str]  # profile, metric, event, pointer


class Events:
    """What Klaviyo does with the events it is sent."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def create(self, request: Request, body: object) -> Answer:
        """POST /api/event-bulk-create-jobs: 202 without a body, or a 400 that points at every bad row."""
        data = an_object(an_object(body, "", ("data",))["data"], "/data", ("type", "attributes"))
        the_type(data, "/data", "event-bulk-create-job")
        bulk = an_object(data["attributes"], "/data/attributes", ("events-bulk-create",))[
            "events-bulk-create"
        ]
        rows = a_list(
            an_object(bulk, "/data/attributes/events-bulk-create", ("data",))["data"], ROOT, MOST_EVENTS
        )
        entries: list[Entry] = []
        wrong = []
        for place, row in enumerate(rows):
            try:
                entries.extend(_entries(row, f"{ROOT}/{place}", self._clock.now()))
            except Misfit as misfit:
                wrong.append(problem(400, "invalid", misfit.detail, pointer=misfit.pointer))
        if len(entries) > MOST_EVENTS:
            raise Misfit(ROOT, f"must have at most {MOST_EVENTS} events")
        if wrong:
            return problems(400, wrong)
        kept, dropped = request.kept(entries)
        with self._store.write() as db:
            self._keep(db, kept)
        if dropped:
            return problems(500, [problem(500, "internal_error", "Something went wrong half way.")])
        return Answer(202)

    def _keep(self, db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
        now, seen, rows = iso(self._clock.now()), set(), []
        for profile, metric, event, pointer in entries:
            owner = upsert(db, profile, now)
            at = moment_text(event.get("time") or now)
            unique = str(event.get("unique_id") or at[:19])
            if (metric, owner, unique) in seen:
                raise Misfit(f"{pointer}/unique_id", "is repeated for this profile and metric")
            seen.add((metric, owner, unique))
            identity = {name: profile[name] for name in IDENTIFIERS if profile.get(name)}
            rows.append((str(uuid.uuid4()), metric, owner, unique, at, now, json.dumps(identity),
                         json.dumps(event["properties"])))  # fmt: skip
        db.executemany(INSERT, rows)

    def publish(self, records: Iterable[tuple[str, Mapping[str, object], Mapping[str, object]]]) -> int:
        """Events that happened at Klaviyo itself: (metric, identity, record of the stream contract)."""
        count, now = 0, iso(self._clock.now())
        with self._store.write() as db:
            for metric, identity, record in records:
                owner = upsert(db, identity, now)
                event_id, at = str(record["event_id"]), moment_text(record["occurred_at"])
                properties = {
                    k: v for k, v in record.items() if k not in ("event_id", "occurred_at", "profile_id")
                }
                values = (event_id, metric, owner, event_id, at, now, json.dumps(identity))
                db.execute(INSERT, (*values, json_bytes(properties).decode()))
                count += 1
        return count

    def received(self, metric: str, day: str) -> list[Row]:
        """(identity, properties, received_at, unique_id) of a metric's events received on a day, in order."""
        return self._store.rows(
            "select identity, properties, received_at, unique_id from events"
            " where metric = ? and substr(received_at, 1, 10) = ? order by sequence",
            (metric, day),
        )


def _entries(row: object, pointer: str, now: datetime) -> list[Entry]:
    outer = an_object(row, pointer, ("type", "attributes"))
    the_type(outer, pointer, "event-bulk-create")
    pointer = f"{pointer}/attributes"
    attributes = an_object(outer["attributes"], pointer, ("profile", "events"), ("backfill",))
    person = an_object(attributes["profile"], f"{pointer}/profile", ("data",))["data"]
    profile = check_shape(person, f"{pointer}/profile/data")
    check_identity(profile, f"{pointer}/profile/data/attributes")
    inner = an_object(attributes["events"], f"{pointer}/events", ("data",))["data"]
    events = a_list(inner, f"{pointer}/events/data")
    return [(profile, *_one(e, f"{pointer}/events/data/{place}", now)) for place, e in enumerate(events)]


def _one(value: object, pointer: str, now: datetime) -> tuple[str, dict[str, object], str]:
    outer = an_object(value, pointer, ("type", "attributes"))
    the_type(outer, pointer, "event")
    pointer = f"{pointer}/attributes"
    known = ("time", "value", "value_currency", "unique_id", "backfill")
    event = an_object(outer["attributes"], pointer, ("properties", "metric"), known)
    if len(an_object(event["properties"], f"{pointer}/properties", (), None)) > 400:
        raise Misfit(f"{pointer}/properties", "has more than 400 properties")
    metric = an_object(an_object(event["metric"], f"{pointer}/metric", ("data",))["data"], f"{pointer}/metric/data",
                       ("type", "attributes"))  # fmt: skip
    the_type(metric, f"{pointer}/metric/data", "metric")
    named = an_object(metric["attributes"], f"{pointer}/metric/data/attributes", ("name",), ("service",))
    if event.get("unique_id") is not None:
        a_text(event["unique_id"], f"{pointer}/unique_id", 255)
    _check_time(event.get("time"), f"{pointer}/time", now)
    return a_text(named["name"], f"{pointer}/metric/data/attributes/name", 127), event, pointer


def _check_time(value: object, pointer: str, now: datetime) -> None:
    if value is None:
        return
    try:
        at = parse(str(value))
    except ValueError:
        raise Misfit(pointer, "is not a date and time") from None
    if not datetime(2000, 1, 1, tzinfo=UTC) <= at <= now + timedelta(days=366):
        raise Misfit(pointer, "must be after 2000 and at most a year ahead")
