"""Meta: custom audiences (add, remove, replace people by hashed identifiers) and campaign insights, Graph v26.0.

Meta shows nobody who is in an audience; only the Python method `audiences` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from sandbox.tools.clock import Clock
from sandbox.tools.meta_api import (
    SENSITIVE,
    VERSION,
    graph_error,
    invalid,
    page,
    parameters,
    people,
    place_of,
    usage,
)
from sandbox.tools.meta_audiences import COLUMNS, Audience, view
from sandbox.tools.meta_audiences import SCHEMA as AUDIENCES
from sandbox.tools.meta_insights import SCHEMA as INSIGHTS
from sandbox.tools.meta_insights import insights, keep_insights
from sandbox.tools.meta_people import SCHEMA as PEOPLE
from sandbox.tools.meta_people import Change, add, remove, replace, session_of
from sandbox.tools.pace import Pace, Window
from sandbox.tools.shape import Misfit
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Refusal, Request, moment_text

SOURCES = {"USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"}
FLAGGED = "Before updating user memberships, you must resolve integrity restrictions on this audience."


class Meta(Tool):
    name = "meta"
    max_bytes = 10_000_000
    schema = AUDIENCES + PEOPLE + INSIGHTS
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
            ("POST", f"{audience}/users", lambda r, a: self._change(r, a, add)),
            ("DELETE", f"{audience}/users", lambda r, a: self._change(r, a, remove)),
            ("POST", f"{audience}/usersreplace", lambda r, a: self._change(r, a, replace)),
        ]

    def error(self, status: int, _code: str, message: str, /, **_: str) -> Answer:
        codes = {401: 190, 403: 200, 429: 4, 404: 803, 500: 2, 503: 2}
        return graph_error(status, codes.get(status, 100), message)

    def throttled(self, _seconds: int) -> Answer:
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
        rows = self.store.rows(f"select {COLUMNS} from audiences where id = ?", (audience_id,))
        if not rows:
            raise invalid(
                "Object does not exist, or cannot be loaded for want of permissions", 33, "Unknown id"
            )
        return dict(zip(COLUMNS.split(", "), rows[0], strict=True))

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
        return Answer(200, view(self.store, self._audience(audience_id), request))

    def _list(self, request: Request, account: str) -> Answer:
        self._own(account)
        limit = self.number_of(request, "limit", 25, 1, 500)
        sql = f"select {COLUMNS} from audiences where id > ? order by id limit ?"
        rows = self.store.rows(sql, (place_of(request, 1)[0], limit + 1))
        found = [dict(zip(COLUMNS.split(", "), row, strict=True)) for row in rows]
        data = [view(self.store, one, request) for one in found[:limit]]
        return page(request, data, [(one["id"],) for one in found], limit)

    def _change(self, request: Request, audience_id: str, do: Change) -> Answer:
        audience = self._audience(audience_id)
        given = parameters(request)
        if audience["status"] == 471:
            raise invalid(FLAGGED, 1713230, "Audience Upload Blocked")
        try:
            session = session_of(given.get("session"))
            found, wrong = people(given.get("payload"))
        except Misfit as misfit:
            raise invalid(str(misfit)) from None
        kept, dropped = request.kept(found)
        with self.store.write() as db:
            do(db, audience_id, kept, session)
            now = moment_text(self.clock.now())
            db.execute("update audiences set updated_at = ? where id = ?", (now, audience_id))
        counts = {"num_received": len(found) + len(wrong), "num_invalid_entries": len(wrong) + len(dropped)}
        about = {"audience_id": audience_id, "session_id": str(session["session_id"])}
        samples = dict(list(wrong.items())[:10])
        return Answer(200, {**about, **counts, "invalid_entry_samples": samples})

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
