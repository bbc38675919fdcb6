"""Klaviyo: messages go out as events, lists are mirrored, engagement comes back.

A list shrinks by its membership call alone: the unsubscribe job would end a person's consent everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from syncs.connector import Connector
from syncs.errors import BadSetup, SyncError
from syncs.redaction import safe_code
from syncs.rows import all_accepted, except_for
from syncs.shape import Member, Outcome, Page

MESSAGE = "Downbeat Message"
METRICS = {
    "Received Email": ("email", "delivered"), "Opened Email": ("email", "opened"),
    "Clicked Email": ("email", "clicked"), "Bounced Email": ("email", "bounced"),
    "Marked Email as Spam": ("email", "complained"), "Unsubscribed from Email Marketing": ("email", "unsubscribed"),
    "Sent SMS": ("sms", "sent"), "Received SMS": ("sms", "delivered"), "Clicked SMS": ("sms", "clicked"),
    "Failed to Deliver SMS": ("sms", "bounced"), "Unsubscribed from SMS Marketing": ("sms", "unsubscribed"),
    "Received Push": ("push", "delivered"), "Opened Push": ("push", "opened"), "Bounced Push": ("push", "bounced"),
}  # fmt: skip


class Klaviyo(Connector):
    """JSON:API, revision 2026-07-15. `unique_id` makes a repeated event harmless; imports are jobs."""

    name = "klaviyo"
    base_url_variable = "KLAVIYO_URL"
    secret_variables = ("KLAVIYO_API_KEY",)
    streams = ("events",)
    media_type = "application/vnd.api+json"
    batch_rows = 1000
    batch_bytes = 4_000_000
    can_list = True
    job_seconds: ClassVar[float] = 60.0

    def headers(self) -> dict[str, str]:
        key = self.secret("KLAVIYO_API_KEY")
        return {"Authorization": f"Klaviyo-API-Key {key}", "revision": "2026-07-15"}

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        params = {"sort": "datetime", "page[size]": "1000", "include": "metric"}
        if since:
            moment = since.replace(tzinfo=since.tzinfo or UTC)
            params["filter"] = f"greater-or-equal(datetime,{moment.isoformat()})"
        for body in self._pages("/api/events", params):
            metrics = {row["id"]: row["attributes"]["name"] for row in body.get("included", [])}
            events = (_event(event, metrics) for event in body["data"])
            records = [event for event in events if event["contact_type"] != MESSAGE]
            yield Page(records, str(records[-1]["occurred_at"]) if records else None)

    def list_members(self, object: str) -> Iterator[str]:
        if list_id := self._lists.get(object):
            params = {"fields[profile]": "email,phone_number", "page[size]": "100"}
            for body in self._pages(f"/api/lists/{list_id}/profiles", params):
                found = (profile["attributes"] for profile in body["data"])
                yield from (str(person.get("email") or person.get("phone_number")) for person in found)

    def identity_key(self, identity: Mapping[str, object]) -> str:
        return str(identity.get("email") or identity.get("phone_number") or "")

    def identity_of(self, key: str) -> dict[str, object]:
        return {"email" if "@" in key else "phone_number": key}

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        if object == MESSAGE:
            return self._send_messages(members)
        return self._remove(object, members) if change == "remove" else self._import(object, members)

    def _send_messages(self, members: Sequence[Member]) -> list[Outcome]:
        bulk = {"events-bulk-create": {"data": [_message(member) for member in members]}}
        body = {"data": {"type": "event-bulk-create-job", "attributes": bulk}}
        self.call("POST", "/api/event-bulk-create-jobs", body, expect=(202,))
        return all_accepted(members)

    def _import(self, object: str, members: Sequence[Member]) -> list[Outcome]:
        people = ({"properties": m.payload, **_person(m.identity)} for m in members)
        profiles = [{"type": "profile", "attributes": person} for person in people]
        job = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": self._list_id(object)}]}},
        }
        answer = self.call("POST", "/api/profile-bulk-import-jobs", {"data": job}, expect=(202,))
        job_id, until = str(answer.get("data", "id")), self.clock.monotonic() + self.job_seconds
        outcomes, wait = self.job_status(job_id, members), 0.2
        while outcomes[0].outcome == "staged" and self.clock.monotonic() + wait < until:
            self.clock.sleep(wait)
            outcomes, wait = self.job_status(job_id, members), wait * 2
        return outcomes

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        """Staged until the job is complete; then each row as the job's import errors say."""
        path = f"/api/profile-bulk-import-jobs/{job_id}"
        try:
            status = self.call("GET", path).get("data", "attributes", "status")
            if status == "complete":
                return except_for(members, self._import_errors(path, members))
        except SyncError:
            status = "unheard"  # the job itself was taken: ask again, do not send again
        end: Any = "unknown" if status == "cancelled" else "staged"
        return [Outcome(member.op_id, end, "", job_id) for member in members]

    def _import_errors(self, path: str, members: Sequence[Member]) -> dict[str, str]:
        refused = {}
        for body in self._pages(f"{path}/import-errors", {}):
            for error in body["data"]:
                row = error["attributes"]["source"]["pointer"].split("/profiles/data/")[1].split("/")[0]
                refused[members[int(row)].op_id] = safe_code(error["attributes"].get("code"))
        return refused

    def _remove(self, object: str, members: Sequence[Member]) -> list[Outcome]:
        kinds = _by_kind(members).items()
        found = (one for kind, values in kinds for one in self._profile_ids(kind, values))
        rows = [{"type": "profile", "id": one} for one in found]
        if rows:
            path = f"/api/lists/{self._list_id(object)}/relationships/profiles"
            self.call("DELETE", path, {"data": rows}, expect=(204,))
        return all_accepted(members)

    def _profile_ids(self, kind: str, values: Sequence[str]) -> Iterator[str]:
        """Klaviyo's own ids; a person it does not know is on no list."""
        for start in range(0, len(values), 100):
            listed = ",".join(f'"{value}"' for value in values[start : start + 100])
            params = {"filter": f"any({kind},[{listed}])", "fields[profile]": kind, "page[size]": "100"}
            for body in self._pages("/api/profiles", params):
                yield from (str(profile["id"]) for profile in body["data"])

    @cached_property
    def _lists(self) -> dict[str, str]:
        pages = self._pages("/api/lists", {"fields[list]": "name"})
        return {str(row["attributes"]["name"]): str(row["id"]) for page in pages for row in page["data"]}

    def _list_id(self, name: str) -> str:
        if name not in self._lists:
            body = {"data": {"type": "list", "attributes": {"name": name}}}
            self._lists[name] = str(self.call("POST", "/api/lists", body, expect=(201,)).get("data", "id"))
        return self._lists[name]

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Every page. Only the cursor of `links.next` is used: where it points is not the answer's choice."""
        cursor: str | None = ""
        while cursor is not None:
            answer = self.call("GET", path, params={**params, "page[cursor]": cursor} if cursor else params)
            answer.get("data")
            yield answer.body
            following = answer.find("links", "next")
            cursor = parse_qs(urlsplit(following).query)["page[cursor]"][0] if following else None


def _person(identity: Mapping[str, object]) -> dict[str, object]:
    known = ("email", "phone_number", "external_id")
    return {kind: identity[kind] for kind in known if identity.get(kind)}


def _message(member: Member) -> dict[str, object]:
    event = {
        "metric": {"data": {"type": "metric", "attributes": {"name": MESSAGE}}},
        "properties": member.payload,
        "unique_id": member.message_key,
    }
    profile = {"data": {"type": "profile", "attributes": _person(member.identity)}}
    events = {"data": [{"type": "event", "attributes": event}]}
    return {"type": "event-bulk-create", "attributes": {"profile": profile, "events": events}}


def _by_kind(members: Sequence[Member]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for member in members:
        kind, value = next(iter(_person(member.identity).items()))
        kinds.setdefault(kind, []).append(str(value))
    return kinds


def _event(event: Mapping[str, Any], metrics: Mapping[str, str]) -> dict[str, object]:
    """The event as the stream contract names it; our own properties come back as we sent them."""
    said = event["attributes"].get("event_properties") or {}
    names = ("email", "phone", "device_token", "message_id", "campaign", "decision_id", "is_machine")
    metric = metrics[event["relationships"]["metric"]["data"]["id"]]
    channel, contact_type = METRICS.get(metric, ("", metric))
    return {
        "event_id": event["id"],
        "channel": said.get("channel") or channel,
        "contact_type": said.get("contact_type") or contact_type,
        "profile_id": event["relationships"]["profile"]["data"]["id"],
        **{name: said.get(name) for name in names},
        "occurred_at": event["attributes"]["datetime"],
    }
