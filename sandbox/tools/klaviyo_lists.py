"""Klaviyo's lists: made by name, filled and emptied by profile id, read in pages."""

from __future__ import annotations

import secrets

from sandbox.tools.clock import Clock, iso
from sandbox.tools.klaviyo_api import conditions, invalid, page, page_size, problem, problems
from sandbox.tools.klaviyo_profiles import resource
from sandbox.tools.shape import a_list, a_text, an_object, the_type
from sandbox.tools.store import Row, Store
from sandbox.tools.wire import Answer, Refusal, Request, cursor_of, read_cursor

SCHEMA = """
create table if not exists lists (id text primary key, name text not null, created text not null) without rowid;
create table if not exists members (
  list_id text not null, profile_id text not null, joined_at text not null, primary key (list_id, profile_id)
) without rowid;
create index if not exists members_by_profile on members (profile_id);
"""
MOST_IDS = 1000
PROFILE = "p.id, p.email, p.phone_number, p.external_id, p.attributes, p.created, p.updated"


class Lists:
    """What the list endpoints do."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def find(self, request: Request) -> Answer:
        """GET /api/lists, ten to a page; filter on name or id."""
        names = {"name": {"equals", "any"}, "id": {"equals", "any"}}
        terms = conditions(request.query.get("filter", ""), names)
        rows = self._store.rows("select id, name, created from lists order by id")
        for term in terms:
            rows = [row for row in rows if row[0 if term.field == "id" else 1] in term.values]
        after = first(request)
        rows = [row for row in rows if str(row[0]) > after]
        size = page_size(request, 10, 10)
        cursor = cursor_of(rows[size - 1][0]) if len(rows) > size else None
        return page(request, [_list(row) for row in rows[:size]], cursor)

    def create(self, _: Request, body: object) -> Answer:
        """POST /api/lists: 201 and the list. Names need not be unique, as in Klaviyo."""
        data = an_object(an_object(body, "", ("data",))["data"], "/data", ("type", "attributes"))
        the_type(data, "/data", "list")
        attributes = an_object(data["attributes"], "/data/attributes", ("name",), ("opt_in_process",))
        row = (secrets.token_hex(3).upper(), a_text(attributes["name"], "/data/attributes/name", 255),
               iso(self._clock.now()))  # fmt: skip
        with self._store.write() as db:
            db.execute("insert into lists values (?, ?, ?)", row)
        return Answer(201, {"data": _list(row)})

    def need(self, list_id: str) -> None:
        """Raise a 404 unless the list is there."""
        if not self._store.rows("select 1 from lists where id = ?", (list_id,)):
            raise missing("A list with this id does not exist.")

    def add(self, request: Request, list_id: str, body: object) -> Answer:
        """POST /api/lists/{id}/relationships/profiles: up to 1,000 ids, 204."""
        return self._change(request, list_id, body, is_add=True)

    def remove(self, request: Request, list_id: str, body: object) -> Answer:
        """DELETE /api/lists/{id}/relationships/profiles: up to 1,000 ids, 204. Consent stays as it is."""
        return self._change(request, list_id, body, is_add=False)

    def _change(self, request: Request, list_id: str, body: object, is_add: bool) -> Answer:
        self.need(list_id)
        entries = a_list(an_object(body, "", ("data",))["data"], "/data", MOST_IDS)
        ids = [_profile_id(entry, f"/data/{place}") for place, entry in enumerate(entries)]
        kept, dropped = request.kept(ids)
        with self._store.write() as db:
            marks = ",".join("?" * len(ids))
            known = {row[0] for row in db.execute(f"select id from profiles where id in ({marks})", ids)}
            if strangers := [place for place, one in enumerate(ids) if one not in known]:
                raise missing("A profile with this id does not exist.", pointer=f"/data/{strangers[0]}/id")
            if is_add:
                now = iso(self._clock.now())
                rows = [(list_id, one, now) for one in kept]
                db.executemany("insert or ignore into members values (?, ?, ?)", rows)
            else:
                gone = [(list_id, one) for one in kept]
                db.executemany("delete from members where list_id = ? and profile_id = ?", gone)
        if dropped:
            return problems(500, [problem(500, "internal_error", "Something went wrong half way.")])
        return Answer(204)

    def members(self, request: Request, list_id: str) -> Answer:
        """GET /api/lists/{id}/profiles: up to 100 to a page."""
        rows, cursor = self._page(request, list_id, 100)
        return page(request, [_joined(row) for row in rows], cursor)

    def member_ids(self, request: Request, list_id: str) -> Answer:
        """GET /api/lists/{id}/relationships/profiles: ids only, up to 1,000 to a page."""
        rows, cursor = self._page(request, list_id, MOST_IDS)
        return page(request, [{"type": "profile", "id": row[0]} for row in rows], cursor)

    def _page(self, request: Request, list_id: str, most: int) -> tuple[list[Row], str | None]:
        self.need(list_id)
        size = page_size(request, 20, most)
        rows = self._store.rows(
            f"select {PROFILE}, m.joined_at from members m join profiles p on p.id = m.profile_id"
            " where m.list_id = ? and m.profile_id > ? order by m.profile_id limit ?",
            (list_id, first(request), size + 1),
        )
        return rows[:size], cursor_of(rows[size - 1][0]) if len(rows) > size else None


def missing(detail: str, **source: str) -> Refusal:
    return Refusal(problems(404, [problem(404, "not_found", detail, **source)]))


def first(request: Request) -> str:
    """The key after which a page starts; a 400 for a cursor that is not ours."""
    text = request.query.get("page[cursor]", "")
    if not text:
        return ""
    parts = read_cursor(text)
    if not parts:
        raise invalid("The cursor is not ours.", parameter="page[cursor]")
    return parts[0]


def _profile_id(entry: object, pointer: str) -> str:
    known = an_object(entry, pointer, ("type", "id"))
    the_type(known, pointer, "profile")
    return a_text(known["id"], f"{pointer}/id", 64)


def _joined(row: Row) -> dict[str, object]:
    shown = resource(row)
    return {**shown, "attributes": {**dict(shown["attributes"]), "joined_group_at": row[7]}}  # type: ignore[call-overload]


def _list(row: tuple[object, ...]) -> dict[str, object]:
    attributes = {"name": row[1], "created": row[2], "updated": row[2], "opt_in_process": "single_opt_in"}
    return {"type": "list", "id": row[0], "attributes": attributes}
