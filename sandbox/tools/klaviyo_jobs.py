"""Klaviyo's profile import: a job that is taken at once, done later, and tells its errors in pages."""

from __future__ import annotations

import json
import sqlite3
import time

from sandbox.tools.clock import Clock, iso
from sandbox.tools.klaviyo_api import page, page_size, problem
from sandbox.tools.klaviyo_lists import Lists, first, missing
from sandbox.tools.klaviyo_profiles import MOST_BYTES, check_identity, check_shape, new_id, upsert
from sandbox.tools.shape import Misfit, a_list, a_text, an_object, the_type
from sandbox.tools.store import Store
from sandbox.tools.wire import Answer, Request, cursor_of, json_bytes

SCHEMA = """
create table if not exists jobs (
  id text primary key, status text not null, lists text not null, profiles blob, kept integer not null,
  total integer not null, completed integer not null, failed integer not null,
  created_at text not null, completed_at text, taken_at real not null
) without rowid;
create table if not exists import_errors (
  job_id text not null, place integer not null, error text not null, primary key (job_id, place)
) without rowid;
"""
MOST_PROFILES = 10_000
DONE_AFTER_SECONDS = 1.0


class Jobs:
    """What the import endpoints do. A job is done once it was polled, and by itself after a second."""

    def __init__(self, store: Store, clock: Clock, lists: Lists) -> None:
        self._store = store
        self._clock = clock
        self._lists = lists

    def create(self, request: Request, body: object) -> Answer:
        """POST /api/profile-bulk-import-jobs: 202 and a queued job."""
        data = an_object(
            an_object(body, "", ("data",))["data"], "/data", ("type", "attributes"), ("relationships",)
        )
        the_type(data, "/data", "profile-bulk-import-job")
        attributes = an_object(data["attributes"], "/data/attributes", ("profiles",))
        inner = an_object(attributes["profiles"], "/data/attributes/profiles", ("data",))
        pointer = "/data/attributes/profiles/data"
        entries = a_list(inner["data"], pointer, MOST_PROFILES)
        profiles = [check_shape(entry, f"{pointer}/{place}") for place, entry in enumerate(entries)]
        lists = self._target(data.get("relationships"))
        row = (new_id(), "queued", json.dumps(lists), json_bytes(profiles), len(request.kept(profiles)[0]),
               len(profiles), 0, 0, iso(self._clock.now()), None, time.time())  # fmt: skip
        with self._store.write() as db:
            db.execute("insert into jobs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return Answer(202, {"data": self._job(str(row[0]))})

    def _target(self, relationships: object) -> list[str]:
        if relationships is None:
            return []
        pointer = "/data/relationships"
        outer = an_object(
            an_object(relationships, pointer, ("lists",))["lists"], f"{pointer}/lists", ("data",)
        )
        found = []
        for place, entry in enumerate(a_list(outer["data"], f"{pointer}/lists/data", 1)):
            known = an_object(entry, f"{pointer}/lists/data/{place}", ("type", "id"))
            the_type(known, f"{pointer}/lists/data/{place}", "list")
            found.append(a_text(known["id"], f"{pointer}/lists/data/{place}/id", 64))
            self._lists.need(found[-1])
        return found

    def status(self, _: Request, job_id: str) -> Answer:
        """GET /api/profile-bulk-import-jobs/{id}: the first look finds it at work, the next one done."""
        with self._store.write() as db:
            db.execute("update jobs set status = 'processing' where id = ? and status = 'queued'", (job_id,))
        shown = self._job(job_id)
        if shown["attributes"]["status"] != "complete":  # type: ignore[index]
            self.finish(job_id)
        return Answer(200, {"data": shown})

    def errors(self, request: Request, job_id: str) -> Answer:
        """GET /api/profile-bulk-import-jobs/{id}/import-errors, up to 100 to a page."""
        self._job(job_id)
        size, after = page_size(request, 20, 100), int(first(request) or -1)
        rows = self._store.rows(
            "select place, error from import_errors where job_id = ? and place > ? order by place limit ?",
            (job_id, after, size + 1),
        )
        cursor = cursor_of(rows[size - 1][0]) if len(rows) > size else None
        return page(request, [json.loads(str(row[1])) for row in rows[:size]], cursor)

    def finish(self, job_id: str = "", older_than: float = 0.0) -> None:
        """Do the work of this job, or of every job taken more than `older_than` seconds ago."""
        waiting = self._store.rows(
            "select id from jobs where status <> 'complete' and ? in ('', id) and taken_at <= ? order by taken_at",
            (job_id, time.time() - older_than),
        )
        for (one,) in waiting:
            with self._store.write() as db:
                self._work(db, str(one))

    def _work(self, db: sqlite3.Connection, job_id: str) -> None:
        sql = "select lists, profiles, kept from jobs where id = ? and status <> 'complete'"
        if not (row := db.execute(sql, (job_id,)).fetchone()):
            return
        now, failed, members = iso(self._clock.now()), [], []
        profiles = json.loads(row[1])
        for place, attributes in enumerate(profiles):
            try:
                if place >= row[2]:
                    raise Misfit("", "could not be processed; try again")
                members.append(_take(db, attributes, now))
            except Misfit as misfit:
                failed.append((job_id, place, json.dumps(_import_error(place, attributes, misfit))))
        db.executemany("insert into import_errors values (?, ?, ?)", failed)
        joins = [(one, member, now) for one in json.loads(row[0]) for member in members]
        db.executemany("insert or ignore into members values (?, ?, ?)", joins)
        db.execute(
            "update jobs set status = 'complete', completed = ?, failed = ?, completed_at = ?, profiles = null"
            " where id = ?",
            (len(members), len(failed), now, job_id),
        )

    def _job(self, job_id: str) -> dict[str, object]:
        rows = self._store.rows(
            "select id, status, total, completed, failed, created_at, completed_at from jobs where id = ?",
            (job_id,),
        )
        if not rows:
            raise missing("A job with this id does not exist.")
        names = ("status", "total_count", "completed_count", "failed_count", "created_at", "completed_at")
        return {
            "type": "profile-bulk-import-job",
            "id": job_id,
            "attributes": dict(zip(names, rows[0][1:], strict=True)),
            "links": {"self": f"/api/profile-bulk-import-jobs/{job_id}/"},
        }


def _take(db: sqlite3.Connection, attributes: dict[str, object], now: str) -> str:
    check_identity(attributes, "/attributes")
    if len(json_bytes(attributes)) > MOST_BYTES:
        raise Misfit("/attributes", "is larger than 100 KB")
    return upsert(db, attributes, now)


def _import_error(place: int, attributes: dict[str, object], misfit: Misfit) -> dict[str, object]:
    code = "duplicate_profile" if "more than one" in misfit.detail else "invalid"
    source = f"/data/attributes/profiles/data/{place}{misfit.pointer}"
    error = problem(400, code, misfit.detail, pointer=source)
    shown = {name: error[name] for name in ("code", "title", "detail", "source")}
    payload = {name: part for name, part in attributes.items() if name != "properties"}
    return {"type": "import-error", "id": error["id"], "attributes": {**shown, "original_payload": payload}}
