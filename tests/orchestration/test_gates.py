"""What may leave: each list is judged before anything goes, and one that looks wrong may only protect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.gates import NoSuchList, Verdict, approve, gates
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.loads import Load, asked_path, stream_folder
from orchestration.paths import Home
from orchestration.release import Release, publish
from orchestration.staleness import stale_inputs
from tests.orchestration.small_warehouse import AS_OF, Rows, fill, warehouse

VIP = {
    "sync_id": "vip", "destination": "klaviyo", "object": "VIP", "content": "audience", "mode": "mirror",
    "polarity": "permissive", "identifier_type": "email", "max_growth_factor": 3, "max_shrink_share": 0.5,
    "minimum_rows": 0,
}  # fmt: skip
BLOCKED = VIP | {
    "sync_id": "blocked",
    "object": "Blocked",
    "content": "suppression",
    "polarity": "restrictive",
}
MAILS = VIP | {"sync_id": "mails", "content": "decisions", "mode": "append", "message_channel": "email|sms"}


def people(count: int, prefix: str = "c") -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


def members(sync_id: str, customers: Sequence[str], **fields: object) -> list[dict[str, object]]:
    return [
        {"sync_id": sync_id, "member_key": c, "customer_id": c,
         "identity": json.dumps({"email": f"{c}@example.com"})} | fields
        for c in customers
    ]  # fmt: skip


def consents(
    customers: Sequence[str], granted: bool = True, channel: str = "email"
) -> list[dict[str, object]]:
    return [
        {"customer_id": c, "channel": channel, "purpose": "marketing", "is_granted": granted}
        for c in customers
    ]


def released(root: Path, run: str = "r1", **tables: list[dict[str, object]]) -> tuple[Home, Release]:
    rows: Rows = {"syncs": [VIP, BLOCKED]} | tables
    home = warehouse(root, rows)
    return home, publish(home, run, AS_OF, "duckdb")


def test_a_healthy_list_passes_and_shows_its_page(tmp_path: Path) -> None:
    home, release = released(
        tmp_path, sync_members=members("vip", people(40)), dim_customer_consents=consents(people(40))
    )
    assert gates(home, release, None) == {"vip": Verdict("vip", True), "blocked": Verdict("blocked", True)}
    pages = home.reports / "data_docs" / "leaving"
    assert (pages / "index.html").is_file()
    assert not any("@example.com" in page.read_text() for page in pages.rglob("*.html"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"identity": json.dumps({"email": "nobody at home"})}, "every email is well formed"),
        ({"identity": json.dumps({"phone_number": "0171 555"})}, "every phone_number is well formed"),
        ({"identity": json.dumps({"email": None})}, "every member has an identifier"),
        ({"identity": None}, "every member has an identifier"),
        ({"member_key": "c1"}, "no member is in the list twice"),
        ({"member_key": None}, "every member has a key"),
        ({"customer_id": "stranger"}, "every member has granted marketing consent"),
    ],
)
def test_one_bad_member_freezes_its_list_and_no_other(
    tmp_path: Path, wrong: dict[str, object], reason: str
) -> None:
    good = members("vip", people(5))
    bad = members("vip", ["c9"])[0] | wrong
    home, release = released(
        tmp_path, sync_members=[*good, bad], dim_customer_consents=consents([*people(5), "c9"])
    )
    verdicts = gates(home, release, None)
    assert verdicts["vip"].reasons == (f"does not hold: {reason}",)
    assert not verdicts["vip"].passed
    assert verdicts["blocked"].passed


def test_a_withdrawn_consent_freezes_a_permissive_list_and_never_a_suppression(tmp_path: Path) -> None:
    both = [*members("vip", ["c1"]), *members("blocked", ["c1"])]
    home, release = released(
        tmp_path, sync_members=both, dim_customer_consents=consents(["c1"], granted=False)
    )
    verdicts = gates(home, release, None)
    assert (verdicts["vip"].passed, verdicts["blocked"].passed) == (False, True)


def test_where_a_tool_wants_hashes_an_address_in_the_clear_freezes_the_list(tmp_path: Path) -> None:
    ads = VIP | {"destination": "meta"}
    hashed = json.dumps({"EMAIL": hashlib.sha256(b"c1@example.com").hexdigest()})
    granted = consents(["c1"], channel="paid_social")
    for identity, passes in ((hashed, True), (json.dumps({"EMAIL": "c1@example.com"}), False)):
        home, release = released(
            tmp_path,
            syncs=[ads],
            sync_members=members("vip", ["c1"], identity=identity),
            dim_customer_consents=granted,
        )
        assert gates(home, release, None)["vip"].passed is passes


@pytest.mark.parametrize(
    ("before", "after", "passes"),
    [(100, 300, True), (100, 301, False), (100, 50, True), (100, 49, False), (4, 20, True), (0, 500, True)],
)
def test_a_list_may_not_jump_against_the_release_before(
    tmp_path: Path, before: int, after: int, passes: bool
) -> None:
    granted = consents(people(600))
    _, previous = released(tmp_path, sync_members=members("vip", people(before)))
    home, release = released(
        tmp_path, "r2", sync_members=members("vip", people(after)), dim_customer_consents=granted
    )
    verdict = gates(home, release, previous)["vip"]
    assert verdict.passed is passes
    assert passes or "believable" in verdict.reasons[0]


def test_what_the_tool_acknowledged_counts_more_than_what_was_offered(tmp_path: Path) -> None:
    granted = consents(people(600))
    home, previous = released(tmp_path, sync_members=members("vip", people(100)))
    receipts(home, [("vip", c, "add", "accepted") for c in people(200)] + [("vip", "c0", "add", "rejected")])
    home, release = released(
        tmp_path, "r2", sync_members=members("vip", people(550)), dim_customer_consents=granted
    )
    assert gates(home, release, previous)["vip"].passed


def test_an_emptied_suppression_list_freezes_itself_and_the_audiences_of_its_tool(tmp_path: Path) -> None:
    other = VIP | {"sync_id": "ads", "destination": "till"}
    _, previous = released(tmp_path, sync_members=members("blocked", people(100)))
    home, release = released(
        tmp_path, "r2", syncs=[VIP, BLOCKED, other],
        sync_members=members("vip", people(5)), dim_customer_consents=consents(people(5)),
    )  # fmt: skip
    verdicts = gates(home, release, previous)
    assert {name for name, verdict in verdicts.items() if not verdict.passed} == {"vip", "blocked"}
    assert "blocked, which protects people at the same tool" in verdicts["vip"].reasons[0]


def test_a_message_of_service_needs_no_marketing_consent_and_one_already_sent_is_not_asked_again(
    tmp_path: Path,
) -> None:
    def decision(name: str, message: str) -> dict[str, object]:
        return {
            "decision_id": name,
            "message_id": message,
            "channel": "email",
            "expires_at": AS_OF.replace(day=9),
        }

    sent = [members("mails", [c], member_key=d, decision_id=d)[0] for c, d in [("c1", "d1"), ("c2", "d2")]]
    tables: dict[str, list[dict[str, object]]] = {
        "syncs": [MAILS],
        "messages": [
{"message_id": "ticket", "purpose": "transactional"},
{"message_id": "promo", "purpose": "marketing"},
],
        "fct_decisions": [decision("d1", "ticket"), decision("d2", "promo")],
        "sync_members": sent,
    }  # fmt: skip
    home, release = released(tmp_path, "r1", **tables)
    assert not gates(home, release, None)["mails"].passed
    receipts(home, [("mails", "d2", "add", "accepted")])
    assert gates(home, release, None)["mails"].passed


def test_an_approval_lets_one_list_go_for_one_release(tmp_path: Path) -> None:
    home, release = released(tmp_path, sync_members=members("vip", ["c1"]))
    frozen = gates(home, release, None)["vip"]
    assert not frozen.passed
    approve(home, release.release_id, "vip", "asked the list's owner", person="lifecycle")
    assert gates(home, release, None)["vip"] == replace(
        frozen, passed=True, approved_by="lifecycle: asked the list's owner"
    )
    _, later = released(tmp_path, "r2", sync_members=members("vip", ["c1"]))
    assert not gates(home, later, release)["vip"].passed


def test_approving_what_does_not_exist_names_what_does(tmp_path: Path) -> None:
    home, release = released(tmp_path)
    with pytest.raises(NoSuchList, match="there is no list vips; there are: blocked, vip"):
        approve(home, release.release_id, "vips", "typo")
    with pytest.raises(NoSuchList, match="there is no release r0; there are: r1"):
        approve(home, "r0", "vip", "typo")


def test_an_approval_file_that_cannot_be_read_approves_nothing(tmp_path: Path) -> None:
    home, release = released(tmp_path, sync_members=members("vip", ["c1"]))
    approve(home, release.release_id, "vip", "fine")
    (home.root / "approvals" / f"{release.release_id}.json").write_text('{"vip": ')
    assert not gates(home, release, None)["vip"].passed


def test_a_release_that_is_not_certified_lets_nothing_go_even_when_approved(tmp_path: Path) -> None:
    home, release = released(tmp_path)
    approve(home, release.release_id, "vip", "hurry")
    refused = Release(release.folder, release.manifest | {"verdict": "refused"})
    assert not any(verdict.passed for verdict in gates(home, refused, None).values())


def receipts(home: Home, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Commits receipts (sync_id, member_key, change, outcome) as one load."""
    folder = home.raw / "downbeat" / "receipts"
    (folder / "_loads").mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            "create table receipts (receipt_id text, sync_id text, member_key text, change text,"
            " outcome text, decision_id text, finished_at timestamp)"
        )
        names = ("receipt_id", "sync_id", "member_key", "change", "outcome", "finished_at")
        records = [dict(zip(names, (str(n), *row, AS_OF), strict=True)) for n, row in enumerate(rows)]
        fill(connection, "receipts", records)
        connection.execute(f"copy receipts to '{folder}/one.parquet' (format parquet)")
    load = Load("one", "downbeat.receipts", "own", AS_OF, "one.parquet", len(rows), len(rows))
    (folder / "_loads" / "one.json").write_text(load.to_json())


def heard(home: Home, stream: str, hours_ago: float, as_of: datetime = AS_OF) -> None:
    """The stream's last delivery was so long before the release."""
    moment = as_of - timedelta(hours=hours_ago)
    load = Load("l1", stream, "file", moment, rows_in=1, rows_kept=1, finished_at=moment)
    entry = stream_folder(home.raw, stream) / "_loads" / "l1.json"
    entry.parent.mkdir(parents=True)
    entry.write_text(load.to_json())


def test_a_stale_source_stops_what_is_permissive_until_somebody_lets_it_go(tmp_path: Path) -> None:
    lists = members("vip", people(3)) + members("blocked", people(3, "b"))
    home, release = released(tmp_path, sync_members=lists, dim_customer_consents=consents(people(3)))
    heard(home, "desk.tickets", hours_ago=30)
    assert gates(home, release, None)["vip"].passed
    heard(home, "shop.orders", hours_ago=40)
    verdicts = gates(home, release, None)
    assert not verdicts["vip"].passed
    assert verdicts["vip"].reason == "shop.orders was last heard 40 hours ago, 36 are allowed"
    assert verdicts["blocked"].passed, "what protects people never waits"
    approve(home, release.release_id, "vip", "the shop is closed this week", "somebody")
    assert gates(home, release, None)["vip"].passed


def test_every_source_that_says_how_fresh_it_must_be_is_held_to_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    timed = [contract for contract in load_contracts().values() if contract.fresh_hours]
    assert len(timed) >= 8
    for contract in timed:
        heard(home, contract.name, hours_ago=contract.fresh_hours + 1)
    assert len(stale_inputs(home, AS_OF)) == len(timed)


def test_a_source_that_was_asked_and_had_no_news_is_fresh(tmp_path: Path) -> None:
    home = Home(tmp_path)
    heard(home, "shop.orders", hours_ago=40)
    asked_path(stream_folder(home.raw, "shop.orders")).write_text(
        json.dumps({"asked_at": str(AS_OF), "rows": 0})
    )
    assert stale_inputs(home, AS_OF) == []


def test_a_plan_shows_counts_masked_samples_and_verdicts_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = members("vip", people(5)) + members("blocked", people(2, "b"))
    released(tmp_path, sync_members=lists)
    before = {(str(f), f.stat().st_mtime_ns) for f in tmp_path.rglob("*")}
    monkeypatch.setenv("DOWNBEAT_HOME", str(tmp_path))
    told = CliRunner().invoke(main, ["plan", "--json"])
    vip = next(line for line in json.loads(told.output) if line["sync_id"] == "vip")
    assert (vip["add"], vip["update"], vip["remove"]) == (5, 0, 0)
    assert "granted marketing consent" in vip["gate"]
    assert vip["samples"] == {"add": ["c***@example.com"] * 3}
    assert {(str(f), f.stat().st_mtime_ns) for f in tmp_path.rglob("*")} == before
