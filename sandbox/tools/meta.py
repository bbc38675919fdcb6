"""Meta: custom audiences (add, remove, replace people by hashed identifiers) and campaign insights, Graph v26.0.

Meta shows nobody who is in an audience; only the Python method `audiences` does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from sandbox.tools.clock import Clock
from sandbox.tools.meta_api import SENSITIVE, VERSION, Person, graph_error, invalid, parameters, people, usage
from sandbox.tools.meta_insights import SCHEMA as INSIGHTS
from sandbox.tools.meta_insights import insights, keep_insights
from sandbox.tools.pace import Pace, Window
from sandbox.tools.shape import Misfit, an_object
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Refusal, Request, cursor_of, moment_text, read_cursor

SOURCES = {"USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"}
FIELDS = {"id", "name", "subtype", "description", "operation_status", "delivery_status", "time_created",
          "time_updated", "approximate_count_lower_bound", "approximate_count_upper_bound"}  # fmt: skip
FLAGGED = "Before updating user memberships, you must resolve integrity restrictions on this audience."
Audience = dict[str, object]


class Meta(Tool):
    name = "meta"
    max_bytes = 10_000_000
    schema = (
        """
    create table if not exists audiences (
      id text primary key, name text not null, description text not null, status integer not null,
      created_at text not null, updated_at text not null
    ) without rowid;
    create table if not exists people (
      audience_id text not null, person text not null, primary key (audience_id, person)
    ) without rowid;
    create table if not exists keys (
      audience_id text not null, key text not null, person text not null, primary key (audience_id, key, person)
    ) without rowid;
    create table if not exists replacements (session_id text not null, audience_id text not null, person text not null);
    """
        + INSIGHTS
    )
    # The hour's quota of the full tier; 40 more for every audience.
    quota: ClassVar[int] = 190_000

    def __init__(self, folder: Path, clock: Clock, secret: str, pace: Pace, account: str) -> None:
        super().__init__(folder, clock, secret, pace)
        self.account = account

    def routes(self) -> list[tuple[str, str, Handler]]:
        account, audience = f"/{VERSION}/act_(\\d+)", f"/{VERSION}/(\\d+)"
        return [
            ("GET", f"{account}/customaudiences", self._list),
            ("POST", f"{account}/customaudiences", self._create),
            ("GET", f"{account}/insights", self._insights),
            ("GET", audience, self._show),
            ("POST", f"{audience}/users", lambda r, a: self._change(r, a, self._add)),
            ("DELETE", f"{audience}/users", lambda r, a: self._change(r, a, self._remove)),
            ("POST", f"{audience}/usersreplace", lambda r, a: self._change(r, a, self._replace)),
        ]

    def error(self, status: int, code: str, message: str, **more: str) -> Answer:
        codes = {401: 190, 403: 200, 429: 4, 404: 803, 500: 2, 503: 2}
        return graph_error(status, codes.get(status, 100), message)

    def throttled(self, seconds: int) -> Answer:
        return graph_error(
            400, 80003, "There have been too many calls to this ad-account.", 2446079, "Wait a bit."
        )

    def admit(self, request: Request) -> dict[str, str]:
        if not request.path.startswith(f"/{VERSION}/"):
            raise Refusal(graph_error(400, 2635, f"Call this API at {VERSION}."))
        given = request.query.get("access_token")
        if given != self.secret:
            self.need_bearer(request)
        limit = self.quota + 40 * self.store.count("select count(*) from audiences")
        state = self.pace.take("hour", Window(limit, 3600))[0]
        kind = "ads_insights" if request.path.endswith("/insights") else "custom_audience"
        headers = {
            "X-Business-Use-Case-Usage": usage(self.account, kind, state),
            "facebook-api-version": VERSION,
        }
        if state.is_over:
            raise Refusal(Answer(400, self.throttled(0).body, headers))
        return headers

    def _own(self, account: str) -> None:
        if f"act_{account}" != self.account:
            message = "(#200) Ad account owner has NOT granted ads_management or ads_read permission"
            raise Refusal(graph_error(403, 200, message))

    def _audience(self, audience_id: str) -> Audience:
        rows = self.store.rows(
            "select id, name, description, status from audiences where id = ?", (audience_id,)
        )
        if not rows:
            raise invalid(
                "Object does not exist, or cannot be loaded due to missing permissions", 33, "Unknown id"
            )
        return dict(zip(("id", "name", "description", "status"), rows[0], strict=True))

    def _create(self, request: Request, account: str) -> Answer:
        self._own(account)
        given = parameters(request)
        name = str(given.get("name") or "")
        if not name or given.get("subtype") != "CUSTOM" or given.get("customer_file_source") not in SOURCES:
            raise invalid("name, subtype=CUSTOM and a known customer_file_source are required")
        status = 471 if any(word in name.lower() for word in SENSITIVE) else 200
        now = moment_text(self.clock.now())
        with self.store.write() as db:
            (count,) = db.execute("select count(*) from audiences").fetchone()
            made = str(23850000000000000 + count + 1)
            row = (made, name, str(given.get("description") or ""), status, now, now)
            db.execute("insert into audiences values (?, ?, ?, ?, ?, ?)", row)
        return Answer(200, {"id": made})

    def _show(self, request: Request, audience_id: str) -> Answer:
        return Answer(200, self._view(self._audience(audience_id), request))

    def _list(self, request: Request, account: str) -> Answer:
        self._own(account)
        limit, after = self.number_of(request, "limit", 25, 1, 500), request.query.get("after", "")
        parts = read_cursor(after) if after else [""]
        if not parts:
            raise invalid("Invalid cursors values")
        sql = "select id, name, description, status from audiences where id > ? order by id limit ?"
        rows = self.store.rows(sql, (parts[0], limit + 1))
        shown = [dict(zip(("id", "name", "description", "status"), row, strict=True)) for row in rows[:limit]]
        body: dict[str, object] = {"data": [self._view(one, request) for one in shown]}
        if shown:
            cursors = {"before": cursor_of(shown[0]["id"]), "after": cursor_of(shown[-1]["id"])}
            following = f"{request.base_url}{request.path}?after={cursors['after']}&limit={limit}"
            body["paging"] = {"cursors": cursors, **({"next": following} if len(rows) > limit else {})}
        return Answer(200, body)

    def _view(self, audience: Audience, request: Request) -> dict[str, object]:
        fields = set(filter(None, request.query.get("fields", "id").split(",")))
        if strange := fields - FIELDS:
            raise invalid(f"Tried accessing nonexisting field ({min(strange)})")
        size = self.store.count("select count(*) from people where audience_id = ?", (audience["id"],))
        rough = -1 if size < 1000 else size - size % 100
        is_fine = audience["status"] == 200
        known = {
            **{name: audience[name] for name in ("id", "name", "description")},
            "subtype": "CUSTOM",
            "operation_status": {
                "code": audience["status"],
                "description": "Normal" if is_fine else "Flagged",
            },
            "delivery_status": {"code": 200 if size >= 100 else 300, "description": "Audience size"},
            "approximate_count_lower_bound": rough,
            "approximate_count_upper_bound": rough,
        }
        return {name: known[name] for name in sorted(fields | {"id"}) if name in known}

    def _change(self, request: Request, audience_id: str, do: object) -> Answer:
        audience = self._audience(audience_id)
        given = parameters(request)
        if audience["status"] == 471:
            raise invalid(FLAGGED, 1713230, "Audience Upload Blocked")
        try:
            session = _session(given.get("session"))
            found, wrong = people(given.get("payload"))
        except Misfit as misfit:
            raise invalid(str(misfit)) from None
        kept, dropped = request.kept(found)
        with self.store.write() as db:
            do(db, audience_id, kept, session)  # type: ignore[operator]
            now = moment_text(self.clock.now())
            db.execute("update audiences set updated_at = ? where id = ?", (now, audience_id))
        samples = dict(list(wrong.items())[:10])
        return Answer(
            200,
            {
                "audience_id": audience_id,
                "session_id": str(session["session_id"]),
                "num_received": len(found) + len(wrong),
                "num_invalid_entries": len(wrong) + len(dropped),
                "invalid_entry_samples": samples,
            },
        )

    def _add(self, db: sqlite3.Connection, audience: str, kept: list[Person], _: Audience) -> None:
        rows = [(audience, _text(person)) for person in kept]
        keys = [(audience, key, _text(person)) for person in kept for key in _keys(person)]
        db.executemany("insert or ignore into people values (?, ?)", rows)
        db.executemany("insert or ignore into keys values (?, ?, ?)", keys)

    def _remove(self, db: sqlite3.Connection, audience: str, kept: list[Person], _: Audience) -> None:
        """Everyone who shares an identifier with a row goes, as at Meta: it removes people, not rows."""
        for person in kept:
            for key in _keys(person):
                gone = db.execute(
                    "select person from keys where audience_id = ? and key = ?", (audience, key)
                )
                lost = [(audience, str(row[0])) for row in gone.fetchall()]
                db.executemany("delete from people where audience_id = ? and person = ?", lost)
                db.execute("delete from keys where audience_id = ? and key = ?", (audience, key))

    def _replace(self, db: sqlite3.Connection, audience: str, kept: list[Person], session: Audience) -> None:
        """Gather a session's batches; the last one puts them in the place of everybody."""
        number = str(session["session_id"])
        if session["batch_seq"] == 1:
            db.execute("delete from replacements where audience_id = ?", (audience,))
        staged = [(number, audience, _text(person)) for person in kept]
        db.executemany("insert into replacements values (?, ?, ?)", staged)
        if session["last_batch_flag"]:
            rows = db.execute("select person from replacements where session_id = ? and audience_id = ?",
                              (number, audience)).fetchall()  # fmt: skip
            for table in ("people", "keys", "replacements"):
                db.execute(f"delete from {table} where audience_id = ?", (audience,))
            self._add(db, audience, [json.loads(row[0]) for row in rows], session)

    def _insights(self, request: Request, account: str) -> Answer:
        self._own(account)
        return insights(self.store, request)

    def publish_insights(self, records: Iterable[Mapping[str, object]]) -> int:
        """Reported spend and reach (columns of meta.campaign_insights), shown by GET insights. Returns how many."""
        return keep_insights(self.store, records)

    def audiences(self) -> dict[str, set[str | tuple[str, ...]]]:
        """Every audience's people: the hash where there is one identifier, else all of them, ordered by key."""
        found: dict[str, set[str | tuple[str, ...]]] = {
            str(name): set() for (name,) in self.store.rows("select name from audiences")
        }
        for name, text in self.store.rows(
            "select a.name, p.person from audiences a join people p on p.audience_id = a.id"
        ):
            cells = tuple(json.loads(str(text)).values())
            found[str(name)].add(cells[0] if len(cells) == 1 else cells)
        return found


def _text(person: Person) -> str:
    return json.dumps(dict(sorted(person.items())))


def _keys(person: Person) -> list[str]:
    return [
        f"{name}:{value}"
        for name, value in person.items()
        if name in ("EMAIL", "PHONE", "EXTERN_ID", "MADID")
    ] or [_text(person)]


def _session(value: object) -> Audience:
    session = an_object(
        value, "session", ("session_id", "batch_seq", "last_batch_flag"), ("estimated_num_total",)
    )
    number, place = session["session_id"], session["batch_seq"]
    if not str(number).isdigit() or isinstance(place, bool) or not isinstance(place, int) or place < 1:
        raise Misfit("session", "needs a whole session_id and a batch_seq from 1")
    if not isinstance(session["last_batch_flag"], bool):
        raise Misfit("session/last_batch_flag", "must be true or false")
    return session
