"""What single tools need beyond the common contract."""

from __future__ import annotations

import base64
import csv
import io
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from syncs.connectors.klaviyo import MESSAGE
from syncs.errors import BadRows, BadSetup, TryLater
from tests.syncs.conftest import HASH, NOW, member


def ends(outcomes):
    return [(outcome.outcome, outcome.code) for outcome in outcomes]


def test_klaviyo_names_the_row_it_refused(connect, toolbox):
    people = [
        member(1, {"email": "one@example.com"}),
        member(2, {"email": "no address"}),
        member(3, {"email": "tri@example.com"}),
    ]
    assert ends(connect("klaviyo").write("add", "Row by row", people)) == [
        ("accepted", ""),
        ("rejected", "invalid"),
        ("accepted", ""),
    ]
    assert toolbox.klaviyo.lists()["Row by row"] == {"one@example.com", "tri@example.com"}


def test_klaviyo_removes_by_its_own_ids_and_nobody_is_unsubscribed(connect, toolbox):
    klaviyo = connect("klaviyo")
    people = [member(1, {"email": "in@example.com"}), member(2, {"phone_number": "+15550100200"})]
    klaviyo.write("add", "To empty", people)
    stranger = member(3, {"email": "stranger@example.com"})
    assert ends(klaviyo.write("remove", "To empty", [*people, stranger])) == [("accepted", "")] * 3
    assert toolbox.klaviyo.lists()["To empty"] == set()
    assert toolbox.requests("klaviyo", "subscription") == 0


def test_klaviyo_shows_its_list_in_pages(connect):
    klaviyo = connect("klaviyo")
    people = [member(n, {"email": f"p{n}@example.com"}) for n in range(230)]
    klaviyo.write("add", "Long", people)
    assert set(klaviyo.list_members("Long")) == {f"p{n}@example.com" for n in range(230)}
    assert list(klaviyo.list_members("Nobody has made this one")) == []


def test_a_job_that_still_runs_is_staged_and_told_later(connect, toolbox):
    klaviyo = connect("klaviyo")
    people = [member(1, {"email": "later@example.com"})]
    toolbox.misbehave("klaviyo", "503", times=50, path_contains="/profile-bulk-import-jobs/")
    staged = klaviyo.write("add", "Slow", people)
    assert [outcome.outcome for outcome in staged] == ["staged"]
    toolbox.behave()
    klaviyo.job_status(staged[0].job_id, people)
    assert ends(klaviyo.job_status(staged[0].job_id, people)) == [("accepted", "")]


def test_engagement_comes_back_with_our_decision_and_our_own_messages_do_not(connect, toolbox):
    klaviyo = connect("klaviyo")
    klaviyo.write("add", MESSAGE, [member(1, {"email": "e@example.com"}, {"channel": "email"}, "d77")])
    opened = {
        "event_id": "e1", "channel": "email", "contact_type": "opened", "email": "e@example.com", "phone": None,
        "device_token": None, "message_id": "m1", "campaign": "c", "decision_id": "d77", "is_machine": False,
        "occurred_at": NOW,
    }  # fmt: skip
    toolbox.klaviyo.publish_events([opened])
    (record,) = [record for page in klaviyo.read("events", NOW) for record in page.records]
    assert record["decision_id"] == "d77"
    assert (record["channel"], record["contact_type"], record["event_id"]) == ("email", "opened", "e1")


def test_meta_is_never_sent_a_person_whose_consent_is_not_given(connect, toolbox):
    others = [f"{n:064x}" for n in range(3)]
    people = [
        member(1, {"EMAIL": HASH}, {"customer_consent": True}),
        member(2, {"EMAIL": others[0]}, {"customer_consent": False}),
        member(3, {"EMAIL": others[1]}, {"customer_consent": None}),
        member(4, {"EMAIL": others[2]}),
    ]
    outcomes = connect("meta").write("add", "downbeat_consent", people)
    assert {o.op_id: o.outcome for o in outcomes} == {
        "run-1.1": "accepted", "run-1.2": "rejected", "run-1.3": "rejected", "run-1.4": "accepted",
    }  # fmt: skip
    assert toolbox.meta.audiences()["downbeat_consent"] == {HASH, others[2]}


def test_meta_removes_whoever_it_is_asked_to_whatever_they_consented(connect, toolbox):
    meta = connect("meta")
    meta.write("add", "downbeat_gone", [member(1, {"EMAIL": HASH}, {"customer_consent": True})])
    meta.write("remove", "downbeat_gone", [member(1, {"EMAIL": HASH}, {"customer_consent": False})])
    assert toolbox.meta.audiences()["downbeat_gone"] == set()


def test_meta_counts_bad_rows_without_naming_them(connect):
    with pytest.raises(BadRows) as told:
        connect("meta").write(
            "add", "downbeat_bad", [member(1, {"EMAIL": HASH}), member(2, {"EMAIL": "plain@example.com"})]
        )
    assert told.value.rows == {}


def test_an_unknown_cell_is_empty_and_not_the_hash_of_nothing(connect, toolbox):
    phone = "90be998a6e4b5bec4f18e14bc56a618ba6dd57100b89276067e3a77ff7140b4a"
    connect("meta").write("add", "downbeat_two", [member(1, {"EMAIL": HASH}), member(2, {"PHONE": phone})])
    assert toolbox.meta.audiences()["downbeat_two"] == {HASH, phone}


def test_meta_waits_where_its_error_says_the_quota_is_used(connect, toolbox, waiting):
    toolbox.misbehave("meta", "throttled", seconds=60)
    connect("meta").write("add", "downbeat_busy", [member(1, {"EMAIL": HASH})])
    assert waiting.waits


def test_the_till_refuses_one_card_and_keeps_the_others(connect, toolbox):
    cards = [
        member(1, {"card": "77001"}, {"lifecycle_stage": "new"}),
        member(2, {"card": "no card!"}),
        member(3, {"card": "77003"}),
    ]
    assert [o.outcome for o in connect("till").write("add", "cards", cards)] == [
        "accepted",
        "rejected",
        "accepted",
    ]
    assert {"77001", "77003"} <= set(connect("till").list_members("cards"))
    connect("till").write("remove", "cards", cards)
    assert not {"77001", "77003"} & set(toolbox.till.cards())


def test_a_till_that_took_half_is_asked_for_the_rest(connect, toolbox):
    toolbox.misbehave("till", "partial")
    outcomes = connect("till").write("add", "cards", [member(n, {"card": f"88{n}"}) for n in range(4)])
    assert {outcome.outcome for outcome in outcomes} == {"accepted", "not_sent"}


def test_a_webhook_that_breaks_off_keeps_what_was_taken(connect, toolbox):
    webhook = connect("onsite_webhook")
    webhook.attempts = 1
    people = [member(n, {"cookie_id": f"broken-{n}"}, {}, f"broken-{n}") for n in range(4)]
    webhook.write("add", "banners", people[:1])
    toolbox.misbehave("onsite", "500_after", path_contains="/hooks")
    outcomes = webhook.write("add", "banners", people)
    assert [outcome.outcome for outcome in outcomes] == ["unknown", "not_sent", "not_sent", "not_sent"]


def test_a_letter_file_is_whole_and_says_so(connect, toolbox):
    letters = connect("letters_sftp")
    people = [
        member(1, {"loyalty_card": "007"}, {"text": '=1+1, "quoted"\nsecond line'}, "d1"),
        member(2, {"loyalty_card": "ü"}, {}, "d2"),
    ]
    assert ends(letters.write("add", "letters", people)) == [("accepted", "")] * 2
    file = toolbox.letters.home / "letters-run-1.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    assert rows[0] == {"decision_id": "d1", "loyalty_card": "007", "text": '\'=1+1, "quoted"\nsecond line'}
    assert rows[1]["loyalty_card"] == "ü"
    assert b"\r" not in file.read_bytes()
    manifest = json.loads((toolbox.letters.home / "letters-run-1.manifest.json").read_text())
    assert (manifest["rows"], manifest["run_id"]) == (2, "run-1")
    assert toolbox.letters.refused(file) == ""
    assert not list(toolbox.letters.home.rglob("*.part"))


def test_letters_without_their_manifest_are_taken_back(connect, toolbox):
    letters = connect("letters_sftp")
    left = toolbox.letters.home / "letters-run-9.csv"
    left.write_text("decision_id\nd1\n")
    people = [member(1, {"loyalty_card": "1"}, {}, "d1")]
    assert ends(letters.job_status("run-9", people)) == [("not_sent", "no_manifest")]
    assert not left.exists()


def test_a_mail_house_with_another_host_key_gets_no_file(connect):
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    letters = connect("letters_sftp", LETTERS_SFTP_HOST_KEY=base64.b64encode(stranger).decode())
    with pytest.raises(BadSetup, match="host key"):
        letters.write("add", "letters", [member(1, {"loyalty_card": "1"}, {}, "d1")])


def test_a_mail_house_that_is_down_is_tried_later(connect):
    with pytest.raises(TryLater):
        connect("letters_sftp", LETTERS_SFTP_PORT="9").write(
            "add", "letters", [member(1, {"loyalty_card": "1"})]
        )


def test_the_shop_and_the_desk_are_read_to_their_end(connect, toolbox):
    orders = [
        {"order_id": str(n), "updated_at": f"2026-11-{1 + n // 100:02}T00:{n % 60:02}:00Z"}
        for n in range(1100)
    ]
    toolbox.shop.publish("orders", orders)
    pages = list(connect("shop").read("orders", None))
    assert len({record["order_id"] for page in pages for record in page.records}) == 1100
    assert [page.cursor for page in pages] == sorted(str(page.cursor) for page in pages)
    said = {"ticket_id": "T-1", "email": "t@example.com", "order_id": "o1", "body": "b", "csat_score": 2}
    rest = {"phone": "+1555", "subject": "s", "status": "open", "csat_comment": "bad", "solved_at": None}
    toolbox.desk.publish("tickets", [said | rest | {"created_at": NOW, "updated_at": NOW}])
    (record,) = [record for page in connect("desk").read("tickets", None) for record in page.records]
    assert {name: record[name] for name in [*said, *rest]} == said | rest


def test_insights_have_one_id_per_campaign_and_day(connect, toolbox):
    row = {"insight_id": "x", "campaign": "retargeting", "date_start": "2026-11-20", "impressions": 10, "reach": 5,
           "clicks": 1, "spend_amount": "1.20", "reported_at": NOW}  # fmt: skip
    toolbox.meta.publish_insights([row])
    found = [
        record
        for page in connect("meta").read("campaign_insights", NOW - timedelta(days=3))
        for record in page.records
    ]
    assert [(r["insight_id"], r["spend_amount"]) for r in found] == [("retargeting:2026-11-20", "1.20")]
