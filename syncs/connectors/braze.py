"""Braze: an audience is a true or false attribute of the person; sending status or events is left alone.

A subscription status would be consent, and an event sent twice would be logged twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncs.connector import Connector
from syncs.erasing import values_of
from syncs.errors import TryLater
from syncs.rows import except_for, identified, renamed
from syncs.shape import Example, Member, Outcome

# /users/export/ids takes external ids as a list, and one address or number by itself.
LOOKUPS = {"external_id": "external_ids", "email": "email_address", "phone_number": "phone"}
NAMES = {"external_id": "external_id", "email": "email", "phone_number": "phone"}


class Braze(Connector):
    """75 objects a request; data points are billed, so only changes go out. Its window ends at a told epoch."""

    name = "braze"
    base_url_variable = "BRAZE_URL"
    secret_variables = ("BRAZE_API_KEY",)
    batch_rows = 75
    can_erase = True
    example = Example("downbeat_vip", {"email": "ann.secret@example.com"})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, strange = identified(members, lambda m: renamed(m, NAMES))
        if not members:
            return strange
        said = {object: change != "remove", "_update_existing_only": True}
        rows = [m.payload | renamed(m, NAMES) | said for m in members]
        answer = self.call("POST", "/users/track", {"attributes": rows}, expect=(201,))
        errors = [
            error["index"] for error in answer.find("errors") or [] if error["input_array"] == "attributes"
        ]
        if answer.get("attributes_processed") + len(errors) != len(rows):
            raise TryLater("the answer does not account for every row", is_ambiguous=True)
        return strange + except_for(members, {members[place].op_id: "invalid" for place in errors})

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        """Every profile with one of these, by its Braze id: several may share an address. It cannot be undone."""
        found: list[str] = []
        for kind, value in values_of(identities, LOOKUPS):
            asked = {kind: [value] if kind == "external_ids" else value, "fields_to_export": ["braze_id"]}
            answer = self.call("POST", "/users/export/ids", asked, expect=(200, 201))
            found += [str(user["braze_id"]) for user in answer.get("users")]
        ids = list(dict.fromkeys(found))
        for start in range(0, len(ids), 50):
            self.call("POST", "/users/delete", {"braze_ids": ids[start : start + 50]}, expect=(200, 201)).get(
                "deleted"
            )
        return len(ids)
