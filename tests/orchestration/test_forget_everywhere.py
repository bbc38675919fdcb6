"""`downbeat forget`: gone from files, releases, ledger and tools, proven by a receipt, whenever it was broken off."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.delivery.deliver import deliver
from orchestration.delivery.report import Gate
from orchestration.erasure.forget import Erased, forget
from orchestration.erasure.resent import leave_out_erased
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.files import ingest_files
from orchestration.paths import PROJECT, Home
from orchestration.recognition.erasure import SECRET, digest, pepper
from orchestration.release import publish
from orchestration.shelf import all_releases, current_release
from syncs.errors import TryLater
from tests.orchestration.delivery.receiver import AUDIENCE, LISTS, SUPPRESSION, Receiver, ToolConnector
from tests.orchestration.small_warehouse import AS_OF, warehouse

LATER = AS_OF + timedelta(days=1)
ADA = {"email": "ada@example.com", "phone": "+12025550175", "account": "A1000001"}
BOB = {"email": "bob@example.com", "phone": "+12025550199", "account": "A1000002"}
PEOPLE = {"c111111111": ADA, "c222222222": BOB}
ACCOUNTS = [
    {"account_id": "A1000001", "email": "ADA@example.com ", "phone": "(202) 555-0175", "first_name": "Ada"},
    {"account_id": "A1000002", "email": "bob@example.com", "phone": "202 555 0199", "first_name": "Bob"},
]
TICKETS = [
    {"ticket_id": "t1", "subject": "Late", "body": "Call me on 202-555-0175 please"},
    {"ticket_id": "t2", "subject": "Late", "body": "Nobody calls me"},
]


class Broken(BaseException):
    """The process is gone at this point."""


def land(home: Home, stream: str, rows: list[dict[str, str]], name: str) -> None:
    """A file as an outside system drops it, and taken in."""
    contract = load_contracts()[stream]
    folder = home.landing / contract.source / contract.stream
    folder.mkdir(parents=True, exist_ok=True)
    filled = [
        {
            c.name: "2026-02-01T10:00:00"
            for c in contract.columns
            if c.is_required and c.data_type == "timestamp"
        }
        | {
            c.name: (c.accepted or ("x",))[0]
            for c in contract.columns
            if c.is_required and c.data_type == "string"
        }
        | row
        for row in rows
    ]
    lines = [json.dumps(row) for row in filled] + ['{"email": "ada@example.com", torn']
    (folder / name).write_text("\n".join(lines) + "\n")
    list(ingest_files(home, contract, AS_OF))


def lists_of_everybody() -> list[dict[str, object]]:
    return [
        {"sync_id": sync_id, "member_key": f"{sync_id}-{who}", "identity": json.dumps({"email": known["email"]}),
         "payload": "{}", "content_hash": f"h-{who}", "customer_id": who, "polarity": polarity}
        for sync_id, _, polarity in LISTS if sync_id in (AUDIENCE, SUPPRESSION) for who, known in PEOPLE.items()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two people, known in files, in two releases, in the ledger and at a tool."""
    root = tmp_path_factory.mktemp("forget") / "home"
    known = [
        {"identifier_type": kind, "identifier": value, "customer_id": who}
        for who, identifiers in PEOPLE.items() for kind, value in identifiers.items()
    ]  # fmt: skip
    syncs = [
        {"sync_id": s, "destination": "tool", "object": s, "mode": mode, "polarity": polarity}
        for s, mode, polarity in LISTS
    ]
    rows = {
        "dim_customers": [{"customer_id": who} for who in PEOPLE],
        "dim_customer_identifiers": known,
        "syncs": syncs,
        "sync_members": lists_of_everybody(),
        "fct_record_identifiers": [
            {"source": "shop.accounts", "record_id": "A1000001", "email": ADA["email"]}
        ],
    }
    home = warehouse(root, rows)
    for stream, told in (("shop.accounts", ACCOUNTS), ("desk.tickets", TICKETS)):
        land(home, stream, told, "first.ndjson")
    publish(home, "r1", AS_OF, "duckdb")
    publish(home, "r2", AS_OF, "duckdb")
    return home


class Erasing(ToolConnector):
    """A tool that erases; `asked` is by what, each time it could."""

    can_erase = True

    def __init__(self, receiver: Receiver, name: str, busy: bool = False) -> None:
        super().__init__(receiver)
        self.name, self.busy = name, busy  # type: ignore[misc]
        self.asked: list[Mapping[str, object]] = []

    def erase(self, identities: Sequence[Mapping[str, object]]) -> int:
        if self.busy:
            raise TryLater("busy", 30)
        self.asked += identities
        return 1


class Scene:
    """A copy of that home, and the tool with what it was sent."""

    def __init__(self, full: Home, root: Path) -> None:
        shutil.copytree(full.root, root / "home")
        self.home, self.receiver = Home(root / "home"), Receiver()
        release = current_release(self.home)
        assert release is not None
        gates = {sync_id: Gate(True) for sync_id, *_ in LISTS}
        deliver(self.home, release, "tool", AS_OF, ToolConnector(self.receiver), gates)

    def forget(self, passing: Callable[[str], None] = lambda _: None, who: str = ADA["email"]) -> Erased:
        return forget(self.home, who, LATER, {"tool": ToolConnector(self.receiver)}, passing)

    def state(self) -> dict[str, object]:
        """Everything that must come out the same, however often it was broken off."""
        told = {
            place: sorted(map(str, self.rows(place))) for place in ("raw/shop/accounts", "raw/desk/tickets")
        }
        releases = {
            r.release_id: (r.rows("sync_members"), r.changed_files()) for r in all_releases(self.home)
        }
        return told | {"releases": releases, "tool": self.receiver.lists}

    def rows(self, place: str) -> list[tuple[object, ...]]:
        files = f"{self.home.root}/{place}/*.parquet"
        return duckdb.execute(
            "from read_parquet(?, union_by_name = true) select * exclude (_file)", [files]
        ).fetchall()


@pytest.fixture
def scene(full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv(SECRET, "for this test only")
    return Scene(full, tmp_path)


def test_nothing_of_the_person_is_left_anywhere_and_everybody_else_is(scene: Scene) -> None:
    erased = scene.forget()
    assert erased.left == {}
    assert scene.receiver.lists == {name: {BOB["email"]: "{}"} for name in (AUDIENCE, SUPPRESSION)}
    content = {file: file.read_bytes().lower() for file in scene.home.root.rglob("*") if file.is_file()}
    for value in (*ADA.values(), "555-0175", hashlib.sha256(ADA["email"].encode()).hexdigest()):
        assert [file for file, told in content.items() if value.lower().encode() in told] == []
    assert "A1000001" not in str(scene.state())
    assert [str(row).count("A1000002") for row in scene.rows("raw/shop/accounts")] == [1]
    assert len(scene.rows("raw/desk/tickets")) == 1
    for release in all_releases(scene.home):
        assert release.changed_files() == []
        members = duckdb.execute(
            "select identity from read_parquet(?)", [release.table("sync_members")]
        ).fetchall()
        assert {identity for (identity,) in members} == {json.dumps({"email": BOB["email"]})}
    assert not (scene.home.warehouse / "warehouse.duckdb").exists(), "the next run builds it anew"


def test_the_receipt_proves_it_and_names_nobody(scene: Scene) -> None:
    receipt = scene.forget().receipt
    assert receipt is not None
    told = json.loads(receipt.read_text())
    assert told.pop("sha256") == hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    assert told["identifier_digests"] == sorted(digest(kind, value, pepper()) for kind, value in ADA.items())
    assert set(told["rows_found_afterwards_by_place"].values()) == {0}
    places = told["erased_rows_by_place"]
    assert places["tool tool, list entries"] == 2
    assert (
        min(places[place] for place in ("raw", "quarantine", "releases", "ledger of tool", "landed files"))
        > 0
    )
    assert not [value for value in (*ADA.values(), "c111111111") if value in receipt.read_text()]
    assert told["asked_of_tools"] == {"tool": "to take the person off its lists, for it offers no erasure"}


def test_every_tool_that_can_is_asked_to_erase_even_one_we_never_wrote_to(scene: Scene) -> None:
    ours, theirs = Erasing(scene.receiver, "tool"), Erasing(scene.receiver, "other", busy=True)
    tools = {"tool": ours, "other": theirs}
    waiting = forget(scene.home, ADA["email"], LATER, tools)
    assert list(waiting.left) == ["tool other"]
    assert waiting.receipt is None
    theirs.busy = False
    done = forget(scene.home, ADA["phone"], LATER, tools)
    assert done.receipt is not None
    both = {"email": ADA["email"], "phone_number": ADA["phone"]}
    for tool in tools.values():
        assert {kind: str(value) for known in tool.asked for kind, value in known.items()} == both
    told = json.loads(done.receipt.read_text())
    assert set(told["asked_of_tools"].values()) == {"to erase everything it holds of the person"}
    assert told["erased_rows_by_place"]["tool other, profiles"] == 1


def test_while_a_tool_does_not_answer_the_case_stays_open(scene: Scene) -> None:
    scene.receiver.faults = ["busy"]
    waiting = scene.forget()
    assert waiting.receipt is None
    assert list(waiting.left) == ["tool tool"]
    done = scene.forget(who="(202) 555-0175")
    assert done.receipt is not None, "asked for again by another identifier, it goes on where it stood"
    assert scene.receiver.lists[AUDIENCE].keys() == {BOB["email"]}


def test_a_ledger_without_the_person_is_not_a_lost_ledger(scene: Scene) -> None:
    scene.forget()
    release = current_release(scene.home)
    assert release is not None
    gates = {sync_id: Gate(True) for sync_id, *_ in LISTS}
    report = deliver(scene.home, release, "tool", LATER, ToolConnector(scene.receiver), gates)
    assert report.is_quiet


@pytest.mark.slow
def test_killed_anywhere_and_begun_again_it_ends_the_same(full: Home, tmp_path: Path, scene: Scene) -> None:
    points: list[str] = []
    scene.forget(points.append)
    wanted, seen = scene.state(), {}
    for number, point in enumerate(points):
        seen.setdefault(point, number)
    for point, number in seen.items():
        again = Scene(full, tmp_path / f"{number}")
        passed: list[str] = []

        def die(reached: str, passed: list[str] = passed, number: int = number) -> None:
            passed.append(reached)
            if len(passed) > number:
                raise Broken

        with pytest.raises(Broken):
            again.forget(die)
        erased = again.forget()
        assert erased.receipt is not None, point
        assert again.state() == wanted, point
        shutil.rmtree(tmp_path / f"{number}")
    assert len(seen) >= 10


@pytest.mark.slow
def test_a_process_that_is_killed_in_the_middle_leaves_a_case_that_the_next_one_ends(scene: Scene) -> None:
    code = """
import os, sys
from datetime import datetime
from pathlib import Path
from orchestration.erasure.forget import forget
from orchestration.paths import Home
def passing(point):
    if point == "stream":
        os.kill(os.getpid(), 9)
forget(Home(Path(sys.argv[1])), "ada@example.com", datetime(2026, 3, 3, 6), {}, passing)
"""
    command = [sys.executable, "-c", code, str(scene.home.root)]
    died = subprocess.run(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=False)
    assert died.returncode == -9
    erased = scene.forget()
    assert erased.receipt is not None
    assert scene.receiver.lists[AUDIENCE].keys() == {BOB["email"]}


def test_files_that_come_again_are_left_out_before_anybody_reads_them(scene: Scene) -> None:
    scene.forget()
    cid = {"account_id": "A1000003", "email": "cid@example.com"}
    land(scene.home, "shop.accounts", ACCOUNTS, "first.ndjson")
    land(scene.home, "shop.accounts", [*ACCOUNTS, cid], "again.ndjson")
    land(scene.home, "desk.tickets", [*TICKETS, TICKETS[1] | {"ticket_id": "t3"}], "again.ndjson")
    assert leave_out_erased(scene.home) >= 6
    assert leave_out_erased(scene.home) == 0, "what was looked at is not looked at again"
    told = [str(row) for place in ("raw/shop/accounts", "raw/desk/tickets") for row in scene.rows(place)]
    assert not [row for row in told if "ada@" in row.lower() or "A1000001" in row or "555-0175" in row]
    assert [row for row in told if "A1000002" in row]
    assert [row for row in told if "A1000003" in row]
    files = [file for file in scene.home.landing.rglob("*") if file.is_file()]
    assert not [file for file in files if b"ada@example.com" in file.read_bytes().lower()]
