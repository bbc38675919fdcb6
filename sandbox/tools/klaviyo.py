"""Klaviyo: profiles, lists, import jobs and events, over JSON:API as published (revision 2026-07-15)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from sandbox.tools import klaviyo_events, klaviyo_jobs, klaviyo_lists, klaviyo_profiles
from sandbox.tools.clock import Clock
from sandbox.tools.klaviyo_api import (
    MEDIA_TYPE,
    XL,
    L,
    M,
    S,
    check_headers,
    conditions,
    linked,
    page,
    page_size,
    problem,
)
from sandbox.tools.klaviyo_api import problems as errors
from sandbox.tools.klaviyo_feed import find
from sandbox.tools.klaviyo_lists import PROFILE, first
from sandbox.tools.klaviyo_metrics import identity_of, metric_of
from sandbox.tools.klaviyo_profiles import resource
from sandbox.tools.pace import Pace, Window
from sandbox.tools.shape import Misfit
from sandbox.tools.tool import Handler, Tool
from sandbox.tools.wire import Answer, Refusal, Request, cursor_of

MESSAGE_METRIC = "Downbeat Message"
Do = Callable[..., Answer]


class Klaviyo(Tool):
    name = "klaviyo"
    media_type = MEDIA_TYPE
    max_bytes = 5_000_000
    schema = klaviyo_profiles.SCHEMA + klaviyo_lists.SCHEMA + klaviyo_jobs.SCHEMA + klaviyo_events.SCHEMA

    def __init__(self, folder: Path, clock: Clock, secret: str, pace: Pace) -> None:
        super().__init__(folder, clock, secret, pace)
        self._lists = klaviyo_lists.Lists(self.store, clock)
        self._jobs = klaviyo_jobs.Jobs(self.store, clock, self._lists)
        self._events = klaviyo_events.Events(self.store, clock)

    def routes(self) -> list[tuple[str, str, Handler]]:
        lists, job = "/api/lists/([A-Za-z0-9]+)", "/api/profile-bulk-import-jobs/([A-Za-z0-9]+)"
        day = Window(150, 86_400)
        table: list[tuple[str, str, tuple[Window, ...], Do]] = [
            ("POST", "/api/profile-bulk-import-jobs/?", M, lambda *a: self._jobs.create(*a)),
            ("GET", f"{job}/?", M, lambda *a: self._jobs.status(*a)),
            ("GET", f"{job}/import-errors/?", M, lambda *a: self._jobs.errors(*a)),
            ("GET", "/api/profiles/?", L, self._profiles),
            ("GET", "/api/lists/?", L, lambda *a: self._lists.find(*a)),
            ("POST", "/api/lists/?", (*M, day), lambda *a: self._lists.create(*a)),
            ("GET", f"{lists}/profiles/?", L, lambda *a: self._lists.members(*a)),
            (
                "GET",
                f"{lists}/relationships/profiles/?",
                L,
                lambda *a: self._lists.member_ids(*a),
            ),
            ("POST", f"{lists}/relationships/profiles/?", M, lambda *a: self._lists.add(*a)),
            (
                "DELETE",
                f"{lists}/relationships/profiles/?",
                M,
                lambda *a: self._lists.remove(*a),
            ),
            ("POST", "/api/data-privacy-deletion-jobs/?", S, self._erase),
            ("POST", "/api/event-bulk-create-jobs/?", M, lambda *a: self._events.create(*a)),
            ("GET", "/api/events/?", XL, lambda *a: find(self.store, *a)),
        ]
        return [(method, path, self._paced(f"{method} {path}", w, do)) for method, path, w, do in table]

    def _paced(self, endpoint: str, windows: tuple[Window, ...], do: Do) -> Handler:
        """A handler that counts against its own windows and passes the body of a write as the last argument."""

        def handle(request: Request, *groups: str) -> Answer:
            states = self.pace.take(endpoint, *windows)
            if any(state.is_over for state in states):
                raise Refusal(self.throttled(max(s.resets_in for s in states if s.is_over)))
            steady = states[1]
            headers = {
                "RateLimit-Limit": str(steady.window.limit),
                "RateLimit-Remaining": str(steady.remaining),
                "RateLimit-Reset": str(steady.resets_in),
            }
            self._jobs.finish(older_than=klaviyo_jobs.DONE_AFTER_SECONDS)
            bodies = (self.json_of(request),) if request.method in ("POST", "DELETE") else ()
            try:
                done = do(request, *groups, *bodies)
            except Misfit as misfit:
                wrong = problem(400, "invalid", misfit.detail, pointer=misfit.pointer)
                raise Refusal(errors(400, [wrong])) from None
            return Answer(done.status, linked(done.body, request), {**headers, **done.headers})

        return handle

    def admit(self, request: Request) -> dict[str, str]:
        self.need_bearer(request, "Klaviyo-API-Key")
        check_headers(request)
        return {}

    def error(self, status: int, code: str, message: str, /, **more: str) -> Answer:
        return errors(status, [problem(status, code, message, **more)])

    def throttled(self, seconds: int) -> Answer:
        wait = f"Request was throttled. Expected available in {seconds} seconds."
        return Answer(429, self.error(429, "throttled", wait).body, {"Retry-After": str(seconds)})

    def _profiles(self, request: Request) -> Answer:
        fields = {name: {"any", "equals"} for name in ("id", "email", "phone_number", "external_id")}
        where, values = ["p.id > ?"], [first(request)]
        for term in conditions(request.query.get("filter", ""), fields):
            given = [value.lower() for value in term.values] if term.field == "email" else list(term.values)
            where.append(f"p.{term.field} in ({','.join('?' * len(given))})")
            values += given
        size = page_size(request, 20, 100)
        rows = self.store.rows(
            f"select {PROFILE} from profiles p where {' and '.join(where)} order by p.id limit ?",
            [*values, size + 1],
        )
        cursor = cursor_of(rows[size - 1][0]) if len(rows) > size else None
        return page(request, [resource(row) for row in rows[:size]], cursor)

    def _erase(self, _: Request, body: object) -> Answer:
        """A job in the real tool; done at once here, lists and events too."""
        klaviyo_profiles.erase(self.store, body)
        return Answer(202, None)

    def publish_events(self, records: Iterable[Mapping[str, object]]) -> int:
        """What people did with messages (columns of klaviyo.events), shown by GET /api/events. Returns how many."""
        return self._events.publish((metric_of(r), identity_of(r), r) for r in records)

    def messages(self, day: date) -> list[dict[str, object]]:
        """The messages accepted on a day, in order: identifiers as sent, properties, received_at, unique_id."""
        found = []
        for identity, properties, received_at, unique_id in self._events.received(
            MESSAGE_METRIC, day.isoformat()
        ):
            person = json.loads(str(identity))
            found.append(
                {
                    "email": person.get("email"),
                    "phone": person.get("phone_number"),
                    "device_token": person.get("external_id"),
                    **json.loads(str(properties)),
                    "unique_id": unique_id,
                    "received_at": received_at,
                }
            )
        return found

    def lists(self, by: str = "") -> dict[str, set[str]]:
        """Every list's members: by e-mail, else phone, else outside id; or by the one identifier named."""
        self._jobs.finish()
        shown = f"p.{by}" if by else "coalesce(p.email, p.phone_number, p.external_id)"
        found: dict[str, set[str]] = {str(n): set() for (n,) in self.store.rows("select name from lists")}
        for name, member in self.store.rows(
            f"select l.name, {shown} from lists l join members m on m.list_id = l.id join profiles p"
            " on p.id = m.profile_id"
        ):
            if member:
                found[str(name)].add(str(member))
        return found
