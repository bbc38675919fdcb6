"""Google Data Manager: hashed people on and off the customer lists of Google Ads. It never shows who is in.

A request is taken at once and judged later, by counts per reason: where some rows were refused, nobody knows which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syncs.asking import followed, pages, staged
from syncs.errors import BadRows
from syncs.identifiers import RULES
from syncs.lists import NamedLists
from syncs.matches import Matched
from syncs.redaction import safe_code
from syncs.rows import all_accepted, by_consent, identified, in_turn, not_sent
from syncs.shape import Answer, Codes, Example, Member, Outcome

FIELDS = {"email": "emailAddress", "phone_number": "phoneNumber"}
GRANTED = {"consent": {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}}
TERMS = {"termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"}}
NEW_LIST = {"membershipDuration": "46656000s", "ingestedUserListInfo": {"uploadKeyTypes": ["CONTACT_ID"]}}


class GoogleDataManager(NamedLists):
    """An OAuth token of scope datamanager; consent is said per member, and only where it is known."""

    name = "google_data_manager"
    version = "v1"
    base_url_variable = "GOOGLE_DATA_MANAGER_URL"
    secret_variables = ("GOOGLE_DATA_MANAGER_TOKEN", "GOOGLE_DATA_MANAGER_ACCOUNT")
    batch_rows = 10_000
    batch_bytes = 8_000_000
    is_ad_platform = True
    tells_matches = True
    codes = Codes(("error", "status"), busy=frozenset({"RESOURCE_EXHAUSTED"}))
    example = Example("downbeat_a", {"email": "ann.secret@example.com"}, {"customer_consent": True})

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        members, strange = identified(members, lambda m: any(identifiers(m)))
        if change == "remove":
            return strange + (self._send("remove", object, members, {}, {}) if members else [])
        consented, silent, held = by_consent(members)

        def send(group: Sequence[Member]) -> list[Outcome]:
            return self._send("ingest", object, group, GRANTED if group is consented else {}, TERMS)

        return strange + held + in_turn([group for group in (consented, silent) if group], send)

    def _send(
        self,
        verb: str,
        object: str,
        members: Sequence[Member],
        said: Mapping[str, Any],
        terms: Mapping[str, Any],
    ) -> list[Outcome]:
        people = [{"userData": {"userIdentifiers": list(identifiers(m))}, **said} for m in members]
        account = {"accountType": "GOOGLE_ADS", "accountId": self.secret("GOOGLE_DATA_MANAGER_ACCOUNT")}
        to = [{"operatingAccount": account, "productDestinationId": self.list_id(object)}]
        body = {"destinations": to, "audienceMembers": people, "encoding": "HEX", **terms}
        answer = self.call("POST", f"/v1/audienceMembers:{verb}", body)
        outcomes = followed(self, str(answer.get("requestId")), members)
        if outcomes[0].outcome == "not_sent":
            raise BadRows(outcomes[0].code)  # so that the batch is halved until the rows are found
        return outcomes

    def job_status(self, job_id: str, members: Sequence[Member]) -> list[Outcome]:
        asked = {"requestId": job_id}
        answer = self.call("GET", "/v1/requestStatus:retrieve", params=asked, expect=(200, 404))
        if answer.status == 404:
            return not_sent(members, "request_forgotten")
        told = answer.get("requestStatusPerDestination", 0)
        if told["requestStatus"] == "SUCCESS":
            return all_accepted(members)
        if told["requestStatus"] == "PROCESSING":
            return staged(job_id, members)
        reason = answer.find("requestStatusPerDestination", 0, "errorInfo", "errorCounts", 0, "reason")
        return not_sent(members, safe_code(str(reason).removeprefix("PROCESSING_ERROR_REASON_")))

    def matched(self, object: str) -> Matched | None:
        """The share that the list itself shows, in whole percent; none while it is too young or too small."""
        if not (own := self.known_lists.get(object)):
            return None
        about = self.call("GET", f"{self._parent}/{own}")
        about.get("displayName")
        share = about.find("ingestedUserListInfo", "contactIdInfo", "matchRatePercentage")
        return Matched(percent_from=int(share), percent_to=int(share)) if share else None

    @property
    def _parent(self) -> str:
        return f"/v1/accountTypes/GOOGLE_ADS/accounts/{self.secret('GOOGLE_DATA_MANAGER_ACCOUNT')}/userLists"

    def find_lists(self) -> Iterator[tuple[str, str]]:
        for answer in pages(self, self._parent, {"pageSize": "1000"}, _next_page):
            yield from ((row["displayName"], str(row["id"])) for row in answer.get().get("userLists", []))

    def make_list(self, name: str) -> str:
        return str(self.call("POST", self._parent, {"displayName": name, **NEW_LIST}).get("id"))


def identifiers(member: Member) -> Iterator[dict[str, str]]:
    """One identifier each, in Google's form, hashed."""
    for kind, field in FIELDS.items():
        value = RULES["google"].ready(kind.removesuffix("_number"), member.identity.get(kind))
        if value:
            yield {field: value}


def _next_page(answer: Answer) -> dict[str, str] | None:
    token = answer.find("nextPageToken")
    return {"pageToken": token} if token else None
