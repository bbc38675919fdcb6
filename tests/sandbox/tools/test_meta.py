"""Meta: audiences of hashed people, upload sessions, errors by code, insights in pages."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from sandbox.tools import Toolbox
from tests.sandbox.tools.conftest import MORNING, Client


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def account(toolbox: Toolbox) -> str:
    return f"/act_{toolbox.environment['META_AD_ACCOUNT']}"


def new_audience(toolbox: Toolbox, client: Client, name: str = "a1") -> str:
    body = {"name": name, "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    return str(client.ask("POST", f"{account(toolbox)}/customaudiences", body).json()["id"])


def users(
    data: list[object], schema: object = ("EMAIL",), seq: int = 1, last: bool = True
) -> dict[str, object]:
    shown = schema if isinstance(schema, str) else list(schema)  # type: ignore[call-overload]
    session = {"session_id": 42, "batch_seq": seq, "last_batch_flag": last, "estimated_num_total": len(data)}
    return {"payload": {"schema": shown, "data": data}, "session": session}


def code(answer: object) -> int:
    return int(answer.json()["error"]["code"])  # type: ignore[attr-defined]


def test_people_are_added_and_removed_by_hash(toolbox: Toolbox, meta: Client) -> None:
    audience = new_audience(toolbox, meta)
    rows = [[sha(f"p{n}@example.com")] for n in range(5)]
    added = meta.ask("POST", f"/{audience}/users", users(rows))
    assert added.json() == {
        "audience_id": audience, "session_id": "42", "num_received": 5, "num_invalid_entries": 0,
        "invalid_entry_samples": {},
    }  # fmt: skip
    meta.ask("POST", f"/{audience}/users", users(rows[:2]))
    meta.ask("DELETE", f"/{audience}/users", users(rows[3:]))
    assert toolbox.meta.audiences() == {"a1": {row[0] for row in rows[:3]}}


def test_a_person_with_two_identifiers_goes_by_either(toolbox: Toolbox, meta: Client) -> None:
    audience = new_audience(toolbox, meta)
    people = [[sha("a@b.co"), sha("15550100199")], [sha("c@d.co"), ""]]
    meta.ask("POST", f"/{audience}/users", users(people, ("EMAIL", "PHONE")))
    assert toolbox.meta.audiences() == {"a1": {(sha("a@b.co"), sha("15550100199")), sha("c@d.co")}}
    meta.ask("DELETE", f"/{audience}/users", users([sha("15550100199")], "PHONE_SHA256"))
    assert toolbox.meta.audiences() == {"a1": {sha("c@d.co")}}


@pytest.mark.parametrize(
    "cell", ["ann@example.com", sha("x").upper(), sha("x")[:63], "", hashlib.sha256(b"").hexdigest(), None, 5]
)
def test_what_is_no_hash_is_counted_and_sampled_and_kept_out(
    toolbox: Toolbox, meta: Client, cell: object
) -> None:
    audience = new_audience(toolbox, meta)
    answer = meta.ask("POST", f"/{audience}/users", users([[sha("a@b.co")], [cell]])).json()
    assert (answer["num_received"], answer["num_invalid_entries"]) == (2, 1)
    assert list(answer["invalid_entry_samples"]) == ["1"]
    assert "ann@" not in json.dumps(answer)
    assert toolbox.meta.audiences() == {"a1": {sha("a@b.co")}}


@pytest.mark.parametrize(
    "body",
    [
        users([[sha("a"), sha("b")]]),
        users([[sha("a")]], ("MAIL",)),
        users([[sha("a"), sha("a")]], ("EMAIL", "EMAIL")),
        users([]),
        users([[sha("a")]] * 10_001),
        {"payload": users([[sha("a")]])["payload"]},
        users([[sha("a")]], seq=0),
        {**users([[sha("a")]]), "payload": {"schema": ["EMAIL"], "data": [[sha("a")]], "extra": 1}},
        {"session": users([])["session"]},
    ],
)
def test_payloads_outside_the_contract_are_refused_with_100(
    toolbox: Toolbox, meta: Client, body: object
) -> None:
    audience = new_audience(toolbox, meta)
    answer = meta.ask("POST", f"/{audience}/users", body)
    assert (answer.status_code, code(answer)) == (400, 100)
    assert toolbox.meta.audiences() == {"a1": set()}


def test_ten_thousand_rows_go_in_one_request(toolbox: Toolbox, meta: Client) -> None:
    audience = new_audience(toolbox, meta)
    rows: list[object] = [[sha(str(n))] for n in range(10_000)]
    assert meta.ask("POST", f"/{audience}/users", users(rows)).json()["num_received"] == 10_000
    assert len(toolbox.meta.audiences()["a1"]) == 10_000


def test_a_replacement_takes_effect_with_its_last_batch(toolbox: Toolbox, meta: Client) -> None:
    audience = new_audience(toolbox, meta)
    meta.ask("POST", f"/{audience}/users", users([[sha("old")]]))
    meta.ask("POST", f"/{audience}/usersreplace", users([[sha("new1")]], seq=1, last=False))
    assert toolbox.meta.audiences() == {"a1": {sha("old")}}
    meta.ask("POST", f"/{audience}/usersreplace", users([[sha("new2")]], seq=2, last=True))
    assert toolbox.meta.audiences() == {"a1": {sha("new1"), sha("new2")}}


def test_a_form_is_read_like_a_json_body(toolbox: Toolbox, meta: Client) -> None:
    audience, body = new_audience(toolbox, meta), users([[sha("a")]])
    form = {name: json.dumps(value) for name, value in body.items()}
    headers = {"Authorization": meta.headers["Authorization"]}
    answer = meta.session.post(f"{meta.url}/{audience}/users", data=form, headers=headers, timeout=5)
    assert answer.json()["num_received"] == 1


def test_audiences_are_listed_by_name_and_their_members_never(toolbox: Toolbox, meta: Client) -> None:
    made = [new_audience(toolbox, meta, f"a{n}") for n in range(3)]
    path = f"{account(toolbox)}/customaudiences?fields=id,name,operation_status&limit=2"
    first = meta.ask("GET", path).json()
    rest = meta.ask("GET", first["paging"]["next"].removeprefix(meta.url)).json()
    assert [row["id"] for row in first["data"] + rest["data"]] == made
    assert "next" not in rest["paging"]
    assert rest["data"][0]["operation_status"]["code"] == 200
    assert meta.ask("GET", f"/{made[0]}/users").status_code == 405


def test_a_name_about_health_flags_the_audience_and_blocks_it(toolbox: Toolbox, meta: Client) -> None:
    audience = new_audience(toolbox, meta, "people with diabetes")
    answer = meta.ask("POST", f"/{audience}/users", users([[sha("a")]]))
    assert (code(answer), answer.json()["error"]["error_subcode"]) == (100, 1713230)
    assert meta.ask("GET", f"/{audience}?fields=operation_status").json()["operation_status"]["code"] == 471


def test_token_account_version_and_audience_are_checked(toolbox: Toolbox, meta: Client) -> None:
    path = f"{account(toolbox)}/customaudiences"
    wrong = meta.ask("GET", path, headers={"Authorization": "Bearer EAAwrong"})
    assert (wrong.status_code, code(wrong)) == (401, 190)
    other = meta.ask("GET", "/act_1/customaudiences")
    assert (other.status_code, code(other)) == (403, 200)
    old = meta.session.get(meta.url.replace("v26.0", "v12.0") + path, headers=meta.headers, timeout=5)
    assert (old.status_code, code(old)) == (400, 2635)
    assert code(meta.ask("POST", "/999/users", users([[sha("a")]]))) == 100


def test_usage_is_told_in_percent_and_no_retry_after_when_it_is_used_up(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path, factor=10 / 190_000) as slow:  # ten calls an hour
        known = slow.environment
        client = Client(
            known["META_URL"] + "/v26.0", {"Authorization": f"Bearer {known['META_ACCESS_TOKEN']}"}
        )
        path = f"/act_{known['META_AD_ACCOUNT']}/customaudiences"
        answers = [client.ask("GET", path) for _ in range(25)]
    usage = json.loads(answers[0].headers["X-Business-Use-Case-Usage"])[known["META_AD_ACCOUNT"]][0]
    assert usage["type"] == "custom_audience"
    assert usage["call_count"] == 10
    refused = [answer for answer in answers if answer.status_code == 400]
    assert refused
    assert code(refused[0]) == 80003
    assert "Retry-After" not in refused[0].headers
    told = json.loads(refused[0].headers["X-Business-Use-Case-Usage"])[known["META_AD_ACCOUNT"]][0]
    assert told["call_count"] == 100
    assert 1 <= told["estimated_time_to_regain_access"] <= 60


def insight(day: int, campaign: str = "retargeting") -> dict[str, object]:
    return {
        "insight_id": f"{campaign}:{day}", "campaign": campaign, "message_id": "retarget_ad",
        "date_start": date(2026, 2, day), "impressions": 1000 + day, "reach": 500, "clicks": 7,
        "spend_amount": "12.30", "reported_at": MORNING,
    }  # fmt: skip


def test_insights_come_per_campaign_and_day_with_numbers_as_text(toolbox: Toolbox, meta: Client) -> None:
    toolbox.meta.publish_insights([insight(day) for day in range(1, 8)])
    toolbox.meta.publish_insights([insight(7)])
    params = {
        "level": "campaign", "time_increment": "1", "fields": "campaign_name,impressions,spend", "limit": "2",
        "time_range": json.dumps({"since": "2026-02-03", "until": "2026-02-07"}),
    }  # fmt: skip
    page, found = meta.ask("GET", f"{account(toolbox)}/insights", params=params).json(), []
    while True:
        found += page["data"]
        if "next" not in page["paging"]:
            break
        page = meta.ask("GET", page["paging"]["next"].removeprefix(meta.url)).json()
    assert [row["date_start"] for row in found] == [f"2026-02-0{day}" for day in range(3, 8)]
    assert found[0] == {
        "campaign_name": "retargeting", "impressions": "1003", "spend": "12.30", "date_start": "2026-02-03",
        "date_stop": "2026-02-03",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"level": "ad"},
        {"time_increment": "7"},
        {"fields": "emails"},
        {"time_range": "last week"},
        {"after": "x"},
    ],
)
def test_insights_refuse_what_they_do_not_know(
    toolbox: Toolbox, meta: Client, change: dict[str, str]
) -> None:
    params = {"level": "campaign", "time_increment": "1", **change}
    answer = meta.ask("GET", f"{account(toolbox)}/insights", params=params)
    assert (answer.status_code, code(answer)) == (400, 100)
