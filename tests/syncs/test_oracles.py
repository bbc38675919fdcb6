"""Judged by what nobody here wrote: vendors' own models read our requests, vendors' own clients use our sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.customaudience import CustomAudience
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from google.ads import datamanager_v1 as data_manager
from google.ads.datamanager_v1.services.ingestion_service.transports.rest import IngestionServiceRestTransport
from google.ads.datamanager_v1.services.user_list_service.transports.rest import UserListServiceRestTransport
from google.oauth2.credentials import Credentials
from google.protobuf import json_format
from openapi_client import ApiClient, Configuration
from openapi_client.api.data_privacy_api import DataPrivacyApi
from openapi_client.api.events_api import EventsApi
from openapi_client.api.lists_api import ListsApi
from openapi_client.api.profiles_api import ProfilesApi
from openapi_client.models.data_privacy_create_deletion_job_query import DataPrivacyCreateDeletionJobQuery
from openapi_client.models.list_create_query import ListCreateQuery
from openapi_client.models.list_members_delete_query import ListMembersDeleteQuery
from openapi_client.models.profile_import_job_create_query import ProfileImportJobCreateQuery
from square import Square
from square.core.api_error import ApiError
from standardwebhooks import Webhook as VerifiedWebhook
from standardwebhooks import WebhookVerificationError

from tests.syncs.conftest import HASH, NOW, Sent, member

EMAIL, PHONE = "ann.secret@example.com", "+15550100199"


def body_to(sent: list[Sent], method: str, ending: str) -> Any:
    """The body of the one request to this place."""
    (found,) = [each.body for each in sent if each.method == method and each.path.endswith(ending)]
    return found


def survives(given: Any, kept: Any) -> bool:
    """Whether every key and value of `given` is still in what a vendor's model made of it."""
    if isinstance(given, dict):
        return all(name in kept and survives(value, kept[name]) for name, value in given.items())
    if isinstance(given, list):
        return len(given) == len(kept) and all(
            survives(one, other) for one, other in zip(given, kept, strict=True)
        )
    return bool(given == kept)


# ---- Google Data Manager: protobufs that refuse unknown fields, wrong enums and wrong types ----------------------


def test_googles_protobufs_take_what_we_send(connect, sent):
    google = connect("google_data_manager")
    people = [
        member(1, {"email": EMAIL, "phone_number": PHONE}, {"customer_consent": True}),
        member(2, {"email": "two@example.com"}),
    ]
    google.write("add", "downbeat_oracle", people)
    google.write("remove", "downbeat_oracle", people)
    kinds = {
        ":ingest": data_manager.IngestAudienceMembersRequest,
        ":remove": data_manager.RemoveAudienceMembersRequest,
        "/userLists": data_manager.UserList,
    }
    judged = 0
    for each in sent:
        for ending, kind in kinds.items():
            if each.path.endswith(ending) and each.body:
                message = json_format.ParseDict(each.body, kind.pb()())
                assert json_format.MessageToDict(message) == each.body
                judged += 1
    assert judged == 4
    granted = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
    told = [
        row.get("consent")
        for each in sent
        if each.path.endswith(":ingest")
        for row in each.body["audienceMembers"]
    ]
    assert told == [granted, None]


@pytest.fixture
def google_client(toolbox):
    """Google's own REST transports, talking to the sandbox."""
    key = Credentials(token=toolbox.environment["GOOGLE_DATA_MANAGER_TOKEN"])
    host = toolbox.environment["GOOGLE_DATA_MANAGER_URL"].removeprefix("http://")

    def client(kind, transport):
        return kind(transport=transport(host=host, credentials=key, url_scheme="http"))

    return (
        client(data_manager.IngestionServiceClient, IngestionServiceRestTransport),
        client(data_manager.UserListServiceClient, UserListServiceRestTransport),
    )


def test_googles_client_uses_the_sandbox_without_an_error(toolbox, google_client):
    ingestion, lists = google_client
    account = toolbox.environment["GOOGLE_DATA_MANAGER_ACCOUNT"]
    parent = f"accountTypes/GOOGLE_ADS/accounts/{account}"
    info = {"upload_key_types": [data_manager.IngestedUserListInfo.UploadKeyType.CONTACT_ID]}
    made = lists.create_user_list(
        parent=parent, user_list={"display_name": "by_google", "ingested_user_list_info": info}
    )
    parsed = json_format.ParseDict(
        {"ingestedUserListInfo": {"contactIdInfo": {"matchRatePercentage": 57}}}, data_manager.UserList.pb()()
    )
    assert parsed.ingested_user_list_info.contact_id_info.match_rate_percentage == 57
    assert lists.get_user_list(name=f"{parent}/userLists/{made.id}").display_name == "by_google"
    assert "by_google" in {each.display_name for each in lists.list_user_lists(parent=parent)}
    to = {
        "operating_account": {"account_type": "GOOGLE_ADS", "account_id": account},
        "product_destination_id": str(made.id),
    }
    people = [{"user_data": {"user_identifiers": [{"email_address": HASH}]}}]
    asked = {"destinations": [to], "audience_members": people, "encoding": "HEX"}
    terms = {"terms_of_service": {"customer_match_terms_of_service_status": "ACCEPTED"}}
    taken = ingestion.ingest_audience_members(request=asked | terms)
    status = [
        ingestion.retrieve_request_status(
            request={"request_id": taken.request_id}
        ).request_status_per_destination[0]
        for _ in range(2)
    ]
    assert [each.request_status.name for each in status] == ["PROCESSING", "SUCCESS"]
    assert toolbox.tool("google_data_manager").held()["by_google"] == {HASH}
    ingestion.remove_audience_members(request=asked)
    assert toolbox.tool("google_data_manager").held()["by_google"] == set()


def test_the_sandbox_refuses_what_google_would(toolbox):
    """What the protobufs let pass the sandbox must not: an address in clear, no destination, no terms."""
    url = toolbox.environment["GOOGLE_DATA_MANAGER_URL"] + "/v1/audienceMembers:ingest"
    headers = {"Authorization": f"Bearer {toolbox.environment['GOOGLE_DATA_MANAGER_TOKEN']}"}
    account = {"accountType": "GOOGLE_ADS", "accountId": toolbox.environment["GOOGLE_DATA_MANAGER_ACCOUNT"]}
    fine = {
        "destinations": [{"operatingAccount": account, "productDestinationId": "1"}],
        "audienceMembers": [{"userData": {"userIdentifiers": [{"emailAddress": HASH}]}}],
        "encoding": "HEX",
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
    }
    plain = [{"userData": {"userIdentifiers": [{"emailAddress": EMAIL}]}}]
    many = fine["audienceMembers"] * 10_001
    for wrong in (
        {"audienceMembers": plain}, {"destinations": []}, {"termsOfService": {}}, {"encoding": "BASE64"},
        {"audienceMembers": many}, {"audienceMembers": []}, {"unknown": 1},
    ):  # fmt: skip
        answer = requests.post(url, json=fine | wrong, headers=headers, timeout=10)
        assert answer.status_code == 400
        assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


# ---- Klaviyo: pydantic models that drop what they do not know ----------------------------------------------------


def test_klaviyos_models_keep_every_key_we_send(connect, sent):
    klaviyo = connect("klaviyo")
    people = [
        member(1, {"email": EMAIL}, {"tier": "gold"}),
        member(2, {"phone_number": PHONE}),
        member(3, {"external_id": "e-3"}),
    ]
    klaviyo.write("add", "Oracle", people)
    klaviyo.write("remove", "Oracle", people)
    for kind, body in (
        (ListCreateQuery, body_to(sent, "POST", "/api/lists")),
        (ProfileImportJobCreateQuery, body_to(sent, "POST", "/api/profile-bulk-import-jobs")),
        (ListMembersDeleteQuery, body_to(sent, "DELETE", "/relationships/profiles")),
    ):
        assert survives(body, kind.from_dict(body).to_dict())


def test_klaviyos_client_and_our_connector_erase_the_same_at_the_sandbox(
    connect, toolbox, sent, klaviyo_client
):
    klaviyo = connect("klaviyo")
    ann, bob = (
        member(number, {"email": email}) for number, email in enumerate((EMAIL, "bob.secret@example.com"))
    )
    klaviyo.write("add", "Erasing", [ann, bob])
    assert klaviyo.erase([ann.identity]) == 1
    ours = body_to(sent, "POST", "/api/data-privacy-deletion-jobs")
    assert survives(ours, DataPrivacyCreateDeletionJobQuery.from_dict(ours).to_dict())
    assert toolbox.klaviyo.lists()["Erasing"] == {"bob.secret@example.com"}
    theirs = {"type": "profile", "attributes": {"email": "bob.secret@example.com"}}
    job = {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": theirs}}}
    DataPrivacyApi(klaviyo_client).request_profile_deletion({"data": job})
    assert toolbox.klaviyo.lists()["Erasing"] == set()


@pytest.fixture
def klaviyo_client(toolbox):
    known = toolbox.environment
    kind = "Klaviyo-API-Key"
    key = {"api_key": {kind: known["KLAVIYO_API_KEY"]}, "api_key_prefix": {kind: kind}}
    client = ApiClient(Configuration(host=known["KLAVIYO_URL"], **key))
    client.set_default_header("revision", "2026-10-15")
    return client


def test_klaviyos_client_reads_every_answer_of_the_sandbox(toolbox, klaviyo_client):
    """Its models refuse an answer that lacks what the contract promises."""
    lists, profiles = ListsApi(klaviyo_client), ProfilesApi(klaviyo_client)
    made = lists.create_list({"data": {"type": "list", "attributes": {"name": "By Klaviyo"}}}).data.id
    people = [{"type": "profile", "attributes": {"email": email}} for email in (EMAIL, "no address")]
    job = {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": people}},
        "relationships": {"lists": {"data": [{"type": "list", "id": made}]}},
    }
    job_id = profiles.bulk_import_profiles({"data": job}).data.id
    told = [profiles.get_bulk_import_profiles_job(job_id).data.attributes.status for _ in range(2)]
    assert told == ["processing", "complete"]
    (error,) = profiles.get_errors_for_bulk_import_profiles_job(job_id).data
    assert error.attributes.source.pointer.endswith("/profiles/data/1/attributes/email")
    (member_row,) = lists.get_profiles_for_list(made).data
    assert member_row.attributes.email == EMAIL
    lists.remove_profiles_from_list(made, {"data": [{"type": "profile", "id": member_row.id}]})
    assert toolbox.klaviyo.lists()["By Klaviyo"] == set()


def test_klaviyos_client_reads_engagement_from_the_sandbox(toolbox, klaviyo_client):
    opened = {
        "event_id": "o1", "channel": "email", "contact_type": "opened", "email": EMAIL, "phone": None,
        "device_token": None, "message_id": "m1", "campaign": "c", "decision_id": "d1", "is_machine": False,
        "occurred_at": NOW,
    }  # fmt: skip
    toolbox.klaviyo.publish_events([opened])
    found = EventsApi(klaviyo_client).get_events(include=["metric"])
    assert "o1" in [each.id for each in found.data]


# ---- Meta: the payload its library builds, and its client against the sandbox ------------------------------------


def test_metas_library_builds_the_payload_we_send(connect, sent):
    names = CustomAudience.Schema.MultiKeySchema
    connect("meta").write("add", "downbeat_oracle", [member(1, {"EMAIL": HASH}, {"customer_consent": True})])
    body = body_to(sent, "POST", "/users")
    theirs = CustomAudience.format_params([names.email], [["john.smith@example.com"]], is_raw=True)["payload"]
    assert {"schema": theirs["schema"], "data": theirs["data"]} == body["payload"]
    made = body_to(sent, "POST", "/customaudiences")
    sources = {
        value for name, value in vars(CustomAudience.CustomerFileSource).items() if not name.startswith("_")
    }
    assert made["customer_file_source"] in sources
    assert made["subtype"] in {v for n, v in vars(CustomAudience.Subtype).items() if not n.startswith("_")}


def test_metas_client_uses_the_sandbox_without_an_error(toolbox, monkeypatch):
    monkeypatch.setattr(FacebookSession, "GRAPH", toolbox.environment["META_URL"])
    api = FacebookAdsApi(
        FacebookSession(access_token=toolbox.environment["META_ACCESS_TOKEN"]), api_version="v26.0"
    )
    account = AdAccount(f"act_{toolbox.environment['META_AD_ACCOUNT']}", api=api)
    made = account.create_custom_audience(
        params={"name": "by_meta", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    )
    audience = CustomAudience(made["id"], api=api)
    session = {"session_id": 1, "batch_seq": 1, "last_batch_flag": True}
    audience.add_users([CustomAudience.Schema.MultiKeySchema.email], [["john.smith@example.com"]], is_raw=True,
                       session=session)  # fmt: skip
    assert toolbox.meta.audiences()["by_meta"] == {HASH}
    assert "by_meta" in {each["name"] for each in account.get_custom_audiences(fields=["name"])}
    audience.remove_users([CustomAudience.Schema.MultiKeySchema.email], [["john.smith@example.com"]], is_raw=True,
                          session=session)  # fmt: skip
    assert toolbox.meta.audiences()["by_meta"] == set()


# ---- Square: its client against the sandbox, and the same requests as ours ---------------------------------------


def test_squares_client_and_our_connector_do_the_same_to_the_sandbox(connect, toolbox, sent):
    held = toolbox.tool("square")
    held.meet(["c1@example.com"])
    own = held.people()["c1@example.com"]
    square = Square(
        token=toolbox.environment["SQUARE_ACCESS_TOKEN"], base_url=toolbox.environment["SQUARE_URL"]
    )
    group = square.customers.groups.create(group={"name": "By Square"}, idempotency_key="one").group
    square.customers.groups.add(customer_id=own, group_id=group.id)
    assert held.held()["By Square"] == {"c1@example.com"}
    assert "By Square" in {each.name for each in square.customers.groups.list()}
    found = square.customers.search(query={"filter": {"group_ids": {"any": [group.id]}}})
    assert [each.id for each in found.customers] == [own]
    connect("square").write("add", "By Square", [member(1, {"email": "c1@example.com"})])
    assert [each.path for each in sent if each.method == "PUT"] == [f"/v2/customers/{own}/groups/{group.id}"]
    square.customers.groups.remove(customer_id=own, group_id=group.id)
    assert held.held()["By Square"] == set()
    square.customers.delete(customer_id=own)
    assert held.people().get("c1@example.com") is None
    assert connect("square").erase([{"email": "c1@example.com"}]) == 0
    with pytest.raises(ApiError) as refused:
        square.customers.groups.add(customer_id="NOBODY", group_id=group.id)
    assert refused.value.status_code == 404
    assert refused.value.body["errors"][0]["code"] == "NOT_FOUND"


# ---- Standard Webhooks: its own library verifies what we sign ----------------------------------------------------


def test_the_standards_own_library_verifies_what_we_sign(connect, toolbox):
    webhook, content = connect("webhook"), b'{"type":"vip.add","data":{"cookie_id":"\xc3\xbc"}}'
    signed = webhook.signed("decision-1", content)
    verifier = VerifiedWebhook(toolbox.environment["WEBHOOK_SECRET"])
    assert verifier.verify(content, signed) == json.loads(content)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(content + b" ", signed)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(content, {**signed, "webhook-timestamp": "1"})
