"""Google Data Manager v1: audience members ingested and removed by request, judged later by counts per reason."""

from __future__ import annotations

import json
from typing import Any

from sandbox.tools.pace import Window
from sandbox.tools.shape import SHA256, Misfit, a_list, an_object
from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request, json_bytes

STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
            429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}  # fmt: skip
# Enums may come as their numbers, and Google's own client sends them so.
FIRST = {"uploadKeyTypes": "CONTACT_ID", "accountType": "GOOGLE_ADS", "encoding": "HEX",
         "customerMatchTermsOfServiceStatus": "ACCEPTED", "adUserData": "CONSENT_GRANTED",
         "adPersonalization": "CONSENT_GRANTED"}  # fmt: skip
CONSENT = {"CONSENT_GRANTED", "CONSENT_DENIED"}
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class GoogleDataManager(Vendor):
    name = "google_data_manager"
    secret_variables = ("GOOGLE_DATA_MANAGER_TOKEN", "GOOGLE_DATA_MANAGER_ACCOUNT")
    windows = (Window(300, 60), Window(100_000, 86_400))

    def routes(self) -> list[tuple[str, str, Handler]]:
        lists = "/v1/accountTypes/GOOGLE_ADS/accounts/(\\d+)/userLists"
        return [
            ("GET", lists, self._lists),
            ("POST", lists, self._make),
            ("GET", f"{lists}/(\\d+)", self._show),
            ("POST", "/v1/audienceMembers:(ingest|remove)", self._change),
            ("GET", "/v1/requestStatus:retrieve", self._status),
        ]

    def error(self, status: int, code: str, message: str, /, **_: str) -> Answer:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": code.upper(),
            "domain": "googleapis.com",
        }
        said = {
            "code": status,
            "message": message,
            "status": STATUSES.get(status, "INTERNAL"),
            "details": [info],
        }
        return Answer(status, {"error": said})

    def throttled(self, _seconds: int) -> Answer:
        return self.error(
            429, "rate_limit_exceeded", "Quota exceeded for 'IngestRequestsPerMinutePerProject'."
        )

    def json_of(self, request: Request) -> object:
        return _worded(super().json_of(request), "")

    def _own(self, account: str) -> None:
        if account != self.secrets["GOOGLE_DATA_MANAGER_ACCOUNT"]:
            raise self.refusal(
                403, "destination_account_not_accessible", "The caller may not use this account."
            )

    def _lists(self, request: Request, account: str) -> Answer:
        self._own(account)
        size = self.number_of(request, "pageSize", 50, 1, 1000)
        start = int(request.query.get("pageToken") or 0)
        found = [{"id": own, "displayName": name} for own, name in self.lists().items()]
        more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
        return Answer(200, {"userLists": found[start : start + size], **more})

    def _show(self, _: Request, account: str, own: str) -> Answer:
        """A list with its match rate: everybody here has an account, once there are a hundred."""
        self._own(account)
        if own not in self.lists():
            raise self.refusal(404, "not_found", "No such user list.")
        name = self.lists()[own]
        rate = {"matchRatePercentage": 100} if len(self.held()[name]) >= 100 else {}
        info = {"uploadKeyTypes": ["CONTACT_ID"], "contactIdInfo": rate}
        return Answer(200, {"id": own, "displayName": name, "ingestedUserListInfo": info})

    def _make(self, request: Request, account: str) -> Answer:
        self._own(account)
        body = self.body_of(
            request, ("displayName", "ingestedUserListInfo"), ("membershipDuration", "description")
        )
        seconds = str(body.get("membershipDuration", "0s")).removesuffix("s")
        if not seconds.isdigit() or int(seconds) % 86_400:
            raise self.refusal(400, "invalid_membership_duration", "membershipDuration must be whole days.")
        if body["ingestedUserListInfo"].get("uploadKeyTypes") != ["CONTACT_ID"]:
            raise self.refusal(
                400, "invalid_upload_key_types", "This sandbox keeps lists of CONTACT_ID only."
            )
        return Answer(200, {"id": self.new_list(body["displayName"]), "displayName": body["displayName"]})

    def _change(self, request: Request, verb: str) -> Answer:
        extra = ("termsOfService", "consent") if verb == "ingest" else ()
        body = self.body_of(
            request, ("destinations", "audienceMembers"), ("encoding", "validateOnly", *extra)
        )
        name = self.fit(lambda: self._destination(body["destinations"]))
        if body.get("encoding") != "HEX":
            raise self.refusal(400, "invalid_encoding", "This sandbox reads HEX only.")
        terms = body.get("termsOfService", {}).get("customerMatchTermsOfServiceStatus")
        if verb == "ingest" and terms != "ACCEPTED":
            raise self.refusal(
                400, "terms_and_conditions_not_signed", "The terms of customer match are not accepted."
            )
        members = self.fit(lambda: a_list(body["audienceMembers"], "/audienceMembers", 10_000))
        keys = self.fit_each(_keys, members)
        kept, dropped = request.kept(keys)
        (self.put if verb == "ingest" else self.drop)(name, [key for group in kept for key in group])
        return Answer(200, {"requestId": self._job(len(kept), len(dropped))})

    def _destination(self, value: object) -> str:
        (first,) = a_list(value, "/destinations", 1)
        to = an_object(first, "/destinations/0", ("operatingAccount", "productDestinationId"))
        account = an_object(to["operatingAccount"], "/operatingAccount", ("accountType", "accountId"))
        self._own(str(account["accountId"]))
        if not isinstance(account["accountId"], str) or account["accountType"] != "GOOGLE_ADS":
            raise Misfit("/operatingAccount", "needs accountType GOOGLE_ADS and an accountId as text")
        if (name := self.lists().get(str(to["productDestinationId"]))) is None:
            raise self.refusal(404, "destination_not_found", "No such user list.")
        return name

    def _job(self, taken: int, refused: int) -> str:
        told: dict[str, Any] = {"requestStatus": "SUCCESS"}
        if refused:
            counts = [{"recordCount": str(refused), "reason": "PROCESSING_ERROR_REASON_INVALID_FORMAT"}]
            told = {
                "requestStatus": "PARTIAL_SUCCESS" if taken else "FAILED",
                "errorInfo": {"errorCounts": counts},
            }
        with self.store.write() as db:
            row = db.execute("insert into jobs (answer) values (?)", (json_bytes(told).decode(),))
            return f"req-{row.lastrowid}"

    def _status(self, request: Request) -> Answer:
        """Processing when first asked, done from then on."""
        number = request.query.get("requestId", "").removeprefix("req-")
        found = self.store.value("select answer from jobs where id = ?", (number,))
        if found is None:
            raise self.refusal(404, "request_id_not_found", "No such request.")
        asked = self.store.count("select count(*) from messages where body = ?", (number,))
        with self.store.write() as db:
            db.execute("insert into messages (body) values (?)", (number,))
        told = json.loads(str(found)) if asked else {"requestStatus": "PROCESSING"}
        return Answer(200, {"requestStatusPerDestination": [told]})


def _worded(value: Any, name: str) -> Any:
    """The body with the number 1 of a known enum as its word."""
    if isinstance(value, dict):
        return {key: _worded(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_worded(each, name) for each in value]
    return FIRST[name] if value == 1 and value is not True and name in FIRST else value


def _keys(value: object) -> list[str]:
    """The hashes of a member; a Misfit for anything that is not one."""
    member = an_object(value, "/audienceMembers", ("userData",), ("consent",))
    for word in an_object(
        member.get("consent", {}), "/consent", (), ("adUserData", "adPersonalization")
    ).values():
        if word not in CONSENT:
            raise Misfit("/consent", "must be CONSENT_GRANTED or CONSENT_DENIED")
    data = an_object(member["userData"], "/userData", ("userIdentifiers",))
    found = []
    for each in a_list(data["userIdentifiers"], "/userIdentifiers", 10):
        identifier = an_object(each, "/userIdentifiers", (), ("emailAddress", "phoneNumber"))
        values = list(identifier.values())
        if len(values) != 1 or not SHA256.fullmatch(str(values[0])) or values[0] == EMPTY:
            raise Misfit("/userIdentifiers", "INVALID_SHA256_FORMAT")
        found.append(str(values[0]))
    return found
