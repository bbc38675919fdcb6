"""HubSpot: contacts on and off a manual list (segment), found by their address, and contacts read by last change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from syncs.asking import pages
from syncs.erasing import values_of
from syncs.errors import BadSetup
from syncs.lists import NamedLists
from syncs.rows import except_for
from syncs.shape import Answer, Example, Member, Outcome, Page

CHANGED = "lastmodifieddate"
FIELDS = ("email", "phone", CHANGED)


class Hubspot(NamedLists):
    """Dated paths. Lists hold record ids as text; a contact HubSpot does not know is refused, never made."""

    name = "hubspot"
    version = "2026-09"
    base_url_variable = "HUBSPOT_URL"
    secret_variables = ("HUBSPOT_TOKEN",)
    streams = ("contacts",)
    batch_rows = 100
    can_list = True
    can_erase = True
    example = Example("Downbeat VIP", {"email": "ann.secret@example.com"})

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        if stream not in self.streams:
            raise BadSetup(f"{self.name} offers no stream {stream}")
        search: dict[str, object] = {"limit": 200, "properties": list(FIELDS), "sorts": [CHANGED]}
        if since:
            moment = str(int(since.replace(tzinfo=since.tzinfo or UTC).timestamp() * 1000))
            term = {"propertyName": CHANGED, "operator": "GTE", "value": moment}
            search["filterGroups"] = [{"filters": [term]}]
        path = f"/crm/objects/{self.version}/contacts/search"
        for answer in pages(self, path, {}, _after, search):
            rows = answer.get("results")
            records = [
                {"contact_id": row["id"], **{f: row["properties"].get(f) for f in FIELDS}} for row in rows
            ]
            yield Page(records, str(records[-1][CHANGED]) if records else None)

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        ids = self._records([self.identity_key(m.identity) for m in members], "email")
        found = {email: record for record, email in ids.items()}
        known = [found[key] for m in members if (key := self.identity_key(m.identity)) in found]
        named = {"recordIdsToAdd": known, "recordIdsToRemove": []}
        if change == "remove":
            named = {"recordIdsToAdd": [], "recordIdsToRemove": known}
        if known:
            path = f"/crm/lists/{self.version}/{self.list_id(object)}/memberships/add-and-remove"
            missing = set(map(str, self.call("PUT", path, named).get("recordIdsMissing")))
            found = {email: record for email, record in found.items() if record not in missing}
        if change == "remove":
            return except_for(members, {})  # whom it does not know is on no list
        strangers = [m for m in members if self.identity_key(m.identity) not in found]
        return except_for(members, {m.op_id: "not_a_contact" for m in strangers})

    def identity_of(self, key: str) -> dict[str, object]:
        return {"email": key}

    def list_members(self, object: str) -> Iterator[str]:
        if list_id := self.known_lists.get(object):
            path = f"/crm/lists/{self.version}/{list_id}/memberships"
            for answer in pages(self, path, {"limit": "100"}, _after):
                records = [str(row["recordId"]) for row in answer.get("results")]
                yield from self._records(records, "").values() if records else ()

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """By record id: asked by an address it does not know, HubSpot would bar that address for good."""
        known = [value for _, value in values_of(identities, {"email": "email"})]
        ids = list(self._records(known, "email")) if known else []
        for own in ids:
            path = f"/crm/objects/{self.version}/contacts/gdpr-delete"
            self.call("POST", path, {"objectId": own}, expect=(204, 404))
        return len(ids)

    def _records(self, keys: Sequence[str], by: str) -> dict[str, str]:
        """E-mail addresses by record id, for addresses (`by` email) or ids."""
        body = {"properties": ["email"], "inputs": [{"id": key} for key in keys]} | (
            {"idProperty": by} if by else {}
        )
        answer = self.call(
            "POST", f"/crm/objects/{self.version}/contacts/batch/read", body, expect=(200, 207)
        )
        return {str(row["id"]): str(row["properties"]["email"]) for row in answer.get("results")}

    def find_lists(self) -> Iterator[tuple[str, str]]:
        search = {"processingTypes": ["MANUAL"], "count": 500}
        for answer in pages(self, f"/crm/lists/{self.version}/search", {}, _offset, search):
            yield from ((str(row["name"]), str(row["listId"])) for row in answer.get("lists"))

    def make_list(self, name: str) -> str:
        body = {"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"}
        return str(self.call("POST", f"/crm/lists/{self.version}", body).get("list", "listId"))


def _after(answer: Answer) -> dict[str, str] | None:
    after = answer.find("paging", "next", "after")
    return {"after": str(after)} if after else None


def _offset(answer: Answer) -> dict[str, int] | None:
    return {"offset": answer.get("offset")} if answer.get("hasMore") else None
