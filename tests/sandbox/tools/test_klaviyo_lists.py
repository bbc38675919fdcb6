"""Klaviyo: profiles by import job, lists by profile id, pages, and everything it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.tools import Toolbox
from tests.sandbox.tools.conftest import Client, klaviyo_headers

JOBS = "/api/profile-bulk-import-jobs"


def new_list(client: Client, name: str) -> str:
    body = {"data": {"type": "list", "attributes": {"name": name}}}
    made = client.ask("POST", "/api/lists", body)
    assert made.status_code == 201
    return str(made.json()["data"]["id"])


def profile(**attributes: object) -> dict[str, object]:
    return {"type": "profile", "attributes": attributes}


def job(profiles: list[dict[str, object]], list_id: str = "") -> dict[str, object]:
    data: dict[str, object] = {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": profiles}},
    }
    if list_id:
        data["relationships"] = {"lists": {"data": [{"type": "list", "id": list_id}]}}
    return {"data": data}


def imported(client: Client, profiles: list[dict[str, object]], list_id: str = "") -> dict[str, object]:
    """Run a job to its end; its attributes."""
    taken = client.ask("POST", JOBS, job(profiles, list_id))
    assert taken.status_code == 202
    number = taken.json()["data"]["id"]
    for _ in range(3):
        shown = client.ask("GET", f"{JOBS}/{number}").json()["data"]
    return {**shown["attributes"], "id": number}


def ids(client: Client, *emails: str) -> list[str]:
    wanted = ",".join(f'"{email}"' for email in emails)
    found = client.ask("GET", "/api/profiles", params={"filter": f"any(email,[{wanted}])"}).json()["data"]
    return [str(row["id"]) for row in found]


def refs(found: list[str]) -> dict[str, object]:
    return {"data": [{"type": "profile", "id": one} for one in found]}


def test_an_import_is_a_job_that_is_done_after_it_was_polled(toolbox: Toolbox, klaviyo: Client) -> None:
    list_id = new_list(klaviyo, "do not promote")
    taken = klaviyo.ask("POST", JOBS, job([profile(email="ann@example.com")], list_id)).json()["data"]
    assert taken["attributes"]["status"] == "queued"
    states = [klaviyo.ask("GET", f"{JOBS}/{taken['id']}").json()["data"]["attributes"] for _ in range(2)]
    assert [state["status"] for state in states] == ["processing", "complete"]
    assert (states[1]["total_count"], states[1]["completed_count"], states[1]["failed_count"]) == (1, 1, 0)
    assert toolbox.klaviyo.lists() == {"do not promote": {"ann@example.com"}}


def test_an_import_tells_its_bad_rows_in_pages(toolbox: Toolbox, klaviyo: Client) -> None:
    list_id = new_list(klaviyo, "all")
    bad = [profile(email=f"nobody{n}") for n in range(23)] + [
        profile(phone_number="555 0100"),
        profile(title="x"),
    ]
    done = imported(klaviyo, [profile(email="ann@example.com"), *bad], list_id)
    assert (done["completed_count"], done["failed_count"]) == (1, 25)
    first = klaviyo.ask("GET", f"{JOBS}/{done['id']}/import-errors").json()
    rest = klaviyo.ask("GET", first["links"]["next"].removeprefix(klaviyo.url)).json()
    pointers = [row["attributes"]["source"]["pointer"] for row in first["data"] + rest["data"]]
    assert len(first["data"]) == 20
    assert rest["links"]["next"] is None
    assert pointers[0] == "/data/attributes/profiles/data/1/attributes/email"
    assert pointers[23] == "/data/attributes/profiles/data/24/attributes/phone_number"
    assert len(pointers) == 25
    assert toolbox.klaviyo.lists() == {"all": {"ann@example.com"}}


def test_ten_thousand_profiles_go_in_one_job_and_one_more_is_refused(
    toolbox: Toolbox, klaviyo: Client
) -> None:
    people = [profile(email=f"p{n}@example.com", external_id=f"c{n}") for n in range(10_001)]
    refused = klaviyo.ask("POST", JOBS, job(people))
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["source"]["pointer"] == "/data/attributes/profiles/data"
    list_id = new_list(klaviyo, "all")
    assert imported(klaviyo, people[:10_000], list_id)["completed_count"] == 10_000
    assert len(toolbox.klaviyo.lists(by="external_id")["all"]) == 10_000


def test_five_megabytes_are_the_limit(klaviyo: Client) -> None:
    answer = klaviyo.ask("POST", JOBS, b"x" * 5_000_001)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["code"] == "too_large"


def test_an_import_is_an_upsert_by_any_identifier(klaviyo: Client) -> None:
    imported(klaviyo, [profile(email="Ann@Example.com", external_id="c1", properties={"a": 1})])
    imported(klaviyo, [profile(external_id="c1", phone_number="+15550100199", properties={"b": 2})])
    (one,) = klaviyo.ask("GET", "/api/profiles").json()["data"]
    assert one["attributes"]["email"] == "ann@example.com"
    assert one["attributes"]["phone_number"] == "+15550100199"
    assert one["attributes"]["properties"] == {"a": 1, "b": 2}


def test_a_row_that_would_join_two_profiles_is_refused(klaviyo: Client) -> None:
    imported(klaviyo, [profile(email="ann@example.com"), profile(external_id="c1")])
    done = imported(klaviyo, [profile(email="ann@example.com", external_id="c1")])
    (error,) = klaviyo.ask("GET", f"{JOBS}/{done['id']}/import-errors").json()["data"]
    assert error["attributes"]["code"] == "duplicate_profile"


def test_members_come_and_go_by_klaviyos_own_ids(toolbox: Toolbox, klaviyo: Client) -> None:
    list_id = new_list(klaviyo, "vip")
    imported(klaviyo, [profile(email=f"p{n}@example.com") for n in range(3)])
    found = ids(klaviyo, "P0@example.com", "p1@example.com", "stranger@example.com")
    path = f"/api/lists/{list_id}/relationships/profiles"
    added = klaviyo.ask("POST", path, refs(found))
    assert (added.status_code, added.content) == (204, b"")
    assert klaviyo.ask("POST", path, refs(found)).status_code == 204
    assert toolbox.klaviyo.lists()["vip"] == {"p0@example.com", "p1@example.com"}
    assert klaviyo.ask("DELETE", path, refs(found[:1])).status_code == 204
    assert klaviyo.ask("DELETE", path, refs(found[:1])).status_code == 204
    assert len(toolbox.klaviyo.lists()["vip"]) == 1
    assert len(klaviyo.ask("GET", "/api/profiles").json()["data"]) == 3


def test_a_thousand_ids_are_the_limit_and_strangers_are_not_found(klaviyo: Client) -> None:
    path = f"/api/lists/{new_list(klaviyo, 'vip')}/relationships/profiles"
    assert klaviyo.ask("POST", path, refs([f"X{n}" for n in range(1001)])).status_code == 400
    assert klaviyo.ask("POST", path, refs(["01AB"])).status_code == 404
    assert klaviyo.ask("POST", "/api/lists/NONE/relationships/profiles", refs(["01AB"])).status_code == 404


def test_a_list_is_read_in_pages_of_at_most_a_hundred(klaviyo: Client) -> None:
    list_id = new_list(klaviyo, "all")
    imported(klaviyo, [profile(email=f"p{n}@example.com") for n in range(250)], list_id)
    found, path, pages = [], f"/api/lists/{list_id}/profiles?page[size]=100", 0
    while path:
        page = klaviyo.ask("GET", path).json()
        found += [row["attributes"]["email"] for row in page["data"]]
        path = (page["links"]["next"] or "").removeprefix(klaviyo.url)
        pages += 1
    assert pages == 3
    assert sorted(found) == sorted(f"p{n}@example.com" for n in range(250))
    assert klaviyo.ask("GET", f"/api/lists/{list_id}/profiles?page[size]=101").status_code == 400
    only = klaviyo.ask("GET", f"/api/lists/{list_id}/relationships/profiles?page[size]=1000").json()["data"]
    assert len(only) == 250
    assert set(only[0]) == {"type", "id"}


def test_lists_are_found_by_name_ten_to_a_page(klaviyo: Client) -> None:
    for number in range(11):
        new_list(klaviyo, f"list {number}")
    first = klaviyo.ask("GET", "/api/lists").json()
    assert len(first["data"]) == 10
    assert len(klaviyo.ask("GET", first["links"]["next"].removeprefix(klaviyo.url)).json()["data"]) == 1
    named = klaviyo.ask("GET", "/api/lists", params={"filter": 'equals(name,"list 3")'}).json()["data"]
    assert [row["attributes"]["name"] for row in named] == ["list 3"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        {
            "data": {
                "type": "profile-import-job",
                "attributes": {"profiles": {"data": [profile(email="a@b.co")]}},
            }
        },
        {"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": []}}}},
        job([{"type": "profile", "attributes": {"email": "a@b.co", "segment": "vip"}}]),
        job([{"type": "profile", "attributes": {"email": "a@b.co"}, "consent": "SUBSCRIBED"}]),
        {**job([profile(email="a@b.co")]), "meta": {}},
    ],
)
def test_bodies_outside_the_contract_are_refused_whole(
    toolbox: Toolbox, klaviyo: Client, body: object
) -> None:
    answer = klaviyo.ask("POST", JOBS, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert set(answer.json()["errors"][0]) >= {"id", "code", "title", "detail"}
    toolbox.klaviyo.lists()
    assert klaviyo.ask("GET", "/api/profiles").json()["data"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Klaviyo-API-Key pk_wrong"}, 401),
        ({"Authorization": "Bearer pk_wrong"}, 401),
        ({"revision": ""}, 400),
        ({"revision": "2020-01-01"}, 400),
        ({"Content-Type": "application/json"}, 415),
    ],
)
def test_key_revision_and_media_type_are_checked(
    klaviyo: Client, headers: dict[str, str], status: int
) -> None:
    body = {"data": {"type": "list", "attributes": {"name": "x"}}}
    assert klaviyo.ask("POST", "/api/lists", body, headers=headers).status_code == status


@pytest.mark.parametrize("text", ["any(name,[1])", "equals(email,", "contains(email,'x')", "nonsense"])
def test_filters_outside_the_contract_are_refused(klaviyo: Client, text: str) -> None:
    assert klaviyo.ask("GET", "/api/profiles", params={"filter": text}).status_code == 400


def test_the_window_is_counted_down_and_then_only_retry_after_is_said(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path, factor=1) as strict:
        known = strict.environment
        client = Client(known["KLAVIYO_URL"], klaviyo_headers(known["KLAVIYO_API_KEY"]))
        list_id = new_list(client, "x")
        path = f"/api/lists/{list_id}/relationships/profiles"
        answers = [client.ask("DELETE", path, refs(["01"])) for _ in range(25)]
        free = client.ask("GET", "/api/lists")
    assert free.headers["RateLimit-Limit"] == "700"
    assert int(free.headers["RateLimit-Remaining"]) <= 699
    assert 1 <= int(free.headers["RateLimit-Reset"]) <= 60
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["Retry-After"] == "1"
    assert "RateLimit-Remaining" not in refused[0].headers
    assert refused[0].json()["errors"][0]["code"] == "throttled"
