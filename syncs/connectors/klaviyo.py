"""Klaviyo: messages go out as events, lists are mirrored, engagement comes back.

A list shrinks by its membership call alone: the unsubscribe job would end a person's consent everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from syncs.asking import followed, pages, staged
from syncs.erasing import values_of
from syncs.errors import BadSetup
from syncs.lists import NamedLists
from syncs.redaction import safe_code
from syncs.rows import all_accepted, by_kind, except_for, not_sent, renamed
from syncs.shape import Answer, Example, Member, Outcome, Page

MESSAGE = "Downbeat Message"
PERSON = {kind: kind for kind in ("email", "phone_number", "external_id")}
METRICS = {
    "Received Email": ("email", "delivered"), "Opened Email": ("email", "opened"),
    "Clicked Email": ("email", "clicked"), "Bounced Email": ("email", "bounced"),
    "Marked Email as Spam": ("email", "complained"), "Unsubscribed from Email Marketing": ("email", "unsubscribed"),
    "Sent SMS": ("sms", "sent"), "Received SMS": ("sms", "delivered"), "Clicked SMS": ("sms", "clicked"),
    "Failed to Deliver SMS": ("sms", "bounced"), "Unsubscribed from SMS Marketing": ("sms", "unsubscribed"),
    "Received Push": ("push", "delivered"), "Opened Push": ("push", "opened"), "Bounced Push": ("push", "bounced"),
}  # fmt: skip


class Klaviyo(NamedLists):
    """JSON:API. `unique_id` makes a repeated event harmless; imports are jobs."""

    name = "klaviyo"
    version = "2026-07-15"
    base_url_variable = "KLAVIYO_URL"
    secret_variables = ("KLAVIYO_API_KEY",)
    streams = ("events",)
    media_type = "application/vnd.api+json"
    batch_rows = 1000
    batch_bytes = 4_000_000
    can_list = True
    can_erase = True
    example = Example(MESSAGE, {"email": "ann.secret@example.com"}, {"channel": "email"})

    def headers(self) -> dict[str, str]:
        key = self.secret("KLAVIYO_API_KEY")
        return {"Authorization": f"Klaviyo-API-Key {key}", "revision": self.version}

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
        if list_id := self.known_lists.get(object):
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
        people = ({"properties": m.payload, **renamed(m, PERSON)} for m in members)
        profiles = [{"type": "profile", "attributes": person} for person in people]
        job = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": self.list_id(object)}]}},
        }
        answer = self.call("POST", "/api/profile-bulk-import-jobs", {"data": job}, expect=(202,))
        return followed(self, str(answer.get("data", "id")), members)

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        """Staged until the job is complete; then each row as the job's import errors say."""
        path = f"/api/profile-bulk-import-jobs/{job_id}"
        answer = self.call("GET", path, expect=(200, 404))
        if answer.status == 404:
            return not_sent(members, "job_forgotten")
        status = answer.get("data", "attributes", "status")
        if status == "complete":
            return except_for(members, self._import_errors(path, members))
        if status == "cancelled":
            return [Outcome(member.op_id, "unknown", "cancelled", job_id) for member in members]
        return staged(job_id, members)

    def _import_errors(self, path: str, members: Sequence[Member]) -> dict[str, str]:
        refused = {}
        for body in self._pages(f"{path}/import-errors", {}):
            for error in body["data"]:
                row = error["attributes"]["source"]["pointer"].split("/profiles/data/")[1].split("/")[0]
                refused[members[int(row)].op_id] = safe_code(error["attributes"].get("code"))
        return refused

    def _remove(self, object: str, members: Sequence[Member]) -> list[Outcome]:
        kinds = ((kind, [m.identity[kind] for m in people]) for kind, people in by_kind(members).items())
        found = (one for kind, values in kinds for one in self._profile_ids(kind, values))
        rows = [{"type": "profile", "id": one} for one in found]
        if rows:
            path = f"/api/lists/{self.list_id(object)}/relationships/profiles"
            self.call("DELETE", path, {"data": rows}, expect=(204,))
        return all_accepted(members)

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """A data privacy deletion job, with everything it keeps, for everyone it knows under one of these."""
        known = values_of(identities, PERSON)
        ids = dict.fromkeys(one for kind, value in known for one in self._profile_ids(kind, [value]))
        for own in ids:
            profile = {"data": {"type": "profile", "id": own, "attributes": {}}}
            job = {"type": "data-privacy-deletion-job", "attributes": {"profile": profile}}
            self.call("POST", "/api/data-privacy-deletion-jobs", {"data": job}, expect=(202, 404))
        return len(ids)

    def _profile_ids(self, kind: str, values: Sequence[object]) -> Iterator[str]:
        """Klaviyo's own ids; a person it does not know is on no list."""
        for start in range(0, len(values), 100):
            listed = ",".join(f'"{value}"' for value in values[start : start + 100])
            params = {"filter": f"any({kind},[{listed}])", "fields[profile]": kind, "page[size]": "100"}
            for body in self._pages("/api/profiles", params):
                yield from (str(profile["id"]) for profile in body["data"])

    def find_lists(self) -> Iterator[tuple[str, str]]:
        for body in self._pages("/api/lists", {"fields[list]": "name"}):
            yield from ((str(row["attributes"]["name"]), str(row["id"])) for row in body["data"])

    def make_list(self, name: str) -> str:
        body = {"data": {"type": "list", "attributes": {"name": name}}}
        return str(self.call("POST", "/api/lists", body, expect=(201,)).get("data", "id"))

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Every page. Only the cursor of `links.next` is used: where it points is not the answer's choice."""
        for answer in pages(self, path, params, _cursor):
            answer.get("data")
            yield answer.body


def _cursor(answer: Answer) -> dict[str, str] | None:
    following = answer.find("links", "next")
    return {"page[cursor]": parse_qs(urlsplit(following).query)["page[cursor]"][0]} if following else None


def _message(member: Member) -> dict[str, object]:
    event = {
        "metric": {"data": {"type": "metric", "attributes": {"name": MESSAGE}}},
        "properties": member.payload,
        "unique_id": member.message_key,
    }
    profile = {"data": {"type": "profile", "attributes": renamed(member, PERSON)}}
    events = {"data": [{"type": "event", "attributes": event}]}
    return {"type": "event-bulk-create", "attributes": {"profile": profile, "events": events}}


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
