"""The lane against the sandbox's tools over real sockets: killed anywhere, lost, asked what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.delivery.agreement import agreements
from orchestration.delivery.deliver import deliver
from orchestration.delivery.rebuild import rebuild
from orchestration.delivery.receipts import receipt_loads
from orchestration.delivery.report import Gate
from orchestration.ingestion.contract import load_contracts
from orchestration.paths import PROJECT, Home
from sandbox.tools.toolbox import Toolbox
from syncs.catalogue import connector_for
from syncs.errors import BadSetup
from tests.orchestration.delivery.receiver import MEMBERS, NOON, SmallRelease

LISTS = [
    ("messages", "klaviyo", "Downbeat Message", "append", "permissive"),
    ("leave_alone", "klaviyo", "Leave alone", "mirror", "restrictive"),
    ("high_value", "klaviyo", "High value", "mirror", "permissive"),
    ("exclusions", "meta", "downbeat_exclusions", "mirror", "restrictive"),
]
GATES = {sync_id: Gate(True) for sync_id, *_ in LISTS}
POINTS = [
    "before_prepare_commit",
    "after_prepare",
    "after_response",
    "before_ack_commit",
    "after_ack",
    "before_finish",
]


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory):
    with Toolbox.start(tmp_path_factory.mktemp("tools")) as running:
        running.set_time(NOON)
        yield running


@pytest.fixture
def environment(toolbox):
    return {**toolbox.environment, "DOWNBEAT_ALLOW_LOOPBACK": "1"}


@pytest.fixture
def write(tmp_path):
    def write(name, wanted):
        """A release whose lists hold these addresses: {sync_id: [local part, ...]}."""
        folder = tmp_path / name
        rows = [
            (
                s,
                who,
                json.dumps({"email": f"{who}@example.com"}),
                "{}",
                f"h-{who}",
                who,
                who if s == "messages" else None,
                "",
            )
            for s, people in wanted.items()
            for who in people
        ]
        lists = [
            dict(zip(("sync_id", "destination", "object", "mode", "polarity"), row, strict=True))
            for row in LISTS
        ]
        tables = {
            "sync_members": pa.Table.from_pylist(
                [dict(zip(MEMBERS.names, r, strict=True)) for r in rows], MEMBERS
            ),
            "syncs": pa.Table.from_pylist(lists),
        }
        for table, content in tables.items():
            (folder / table).mkdir(parents=True)
            pq.write_table(content, folder / table / "part-0.parquet")
        return SmallRelease(folder, name)

    return write


def at(*people):
    return {f"{who}@example.com" for who in people}


@pytest.mark.slow
@pytest.mark.parametrize("nth", ["1", "2"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_run_ends_where_it_should(toolbox, environment, tmp_path, write, point, nth):
    tag, home = f"{point}{nth}", Home(tmp_path / "home")
    klaviyo = connector_for("klaviyo", environment)
    first = write("r1", {"leave_alone": [f"{tag}a"], "high_value": [f"{tag}b", f"{tag}c"]})
    second = write(
        "r2",
        {
            "leave_alone": [f"{tag}b"],
            "high_value": [f"{tag}c", f"{tag}d"],
            "messages": [f"{tag}e", f"{tag}f"],
        },
    )
    deliver(home, first, "klaviyo", NOON, klaviyo, GATES)
    command = [
        sys.executable,
        "-m",
        "tests.orchestration.delivery.dying",
        str(home.root),
        str(second.folder),
        point,
        nth,
    ]
    died = subprocess.run(command, env={**os.environ, **environment}, cwd=PROJECT, timeout=60, check=False)
    assert died.returncode == (0 if point == "before_finish" and nth == "2" else 9)
    lists = toolbox.klaviyo.lists()
    if f"{tag}b@example.com" not in lists["Leave alone"]:
        assert not [m for m in toolbox.klaviyo.messages(NOON.date()) if tag in str(m["email"])], (
            "protection first"
        )
    for minutes in (11, 22):
        deliver(home, second, "klaviyo", NOON + timedelta(minutes=minutes), klaviyo, GATES)
    assert {m for m in toolbox.klaviyo.lists()["Leave alone"] if tag in m} == at(f"{tag}b")
    assert {m for m in toolbox.klaviyo.lists()["High value"] if tag in m} == at(f"{tag}c", f"{tag}d")
    sent = [str(m["email"]) for m in toolbox.klaviyo.messages(NOON.date()) if tag in str(m["email"])]
    assert sorted(sent) == sorted(at(f"{tag}e", f"{tag}f")), "each message once"
    before = toolbox.requests()
    assert deliver(home, second, "klaviyo", NOON + timedelta(minutes=33), klaviyo, GATES).is_quiet
    assert toolbox.requests() == before


def test_receipts_tell_every_outcome_once_and_no_address(environment, tmp_path, write):
    home, klaviyo = Home(tmp_path / "home"), connector_for("klaviyo", environment)
    wanted = {"leave_alone": ["rec-a"], "high_value": ["rec-b", "not an address"], "messages": ["rec-c"]}
    deliver(home, write("r1", wanted), "klaviyo", NOON, klaviyo, GATES)
    ((load_id, rows),) = receipt_loads(home, "klaviyo")
    assert rows.column_names == [column.name for column in load_contracts()["downbeat.receipts"].columns]
    found = rows.to_pylist()
    assert sorted((r["sync_id"], r["change"], r["outcome"], r["code"]) for r in found) == [
        ("high_value", "add", "accepted", ""),
        ("high_value", "add", "rejected", "invalid"),
        ("leave_alone", "add", "accepted", ""),
        ("messages", "add", "accepted", ""),
    ]
    assert "example.com" not in str(found)
    assert not list(receipt_loads(home, "klaviyo", {load_id})), "what is committed does not come again"
    deliver(home, write("r2", wanted), "klaviyo", NOON, klaviyo, GATES)
    assert [i for i, _ in receipt_loads(home, "klaviyo")] == [load_id], "a quiet run has no receipts"


def test_agreement_counts_what_somebody_changed_by_hand(toolbox, environment, tmp_path, write):
    home, klaviyo = Home(tmp_path / "home"), connector_for("klaviyo", environment)
    klaviyo.write("remove", "High value", _members(toolbox.klaviyo.lists().get("High value", set())))
    klaviyo.write("remove", "Leave alone", _members(toolbox.klaviyo.lists().get("Leave alone", set())))
    released = write("r1", {"leave_alone": ["agr-a"], "high_value": ["agr-b", "agr-c"]})
    deliver(home, released, "klaviyo", NOON, klaviyo, GATES)
    assert all(each.is_exact for each in agreements(home, released, "klaviyo", NOON, klaviyo))
    klaviyo.write("remove", "High value", _members(at("agr-b")))
    klaviyo.write("add", "High value", _members(at("agr-z")))
    found = {each.sync_id: each for each in agreements(home, released, "klaviyo", NOON, klaviyo)}
    assert (found["high_value"].missing, found["high_value"].extra) == (at("agr-b"), at("agr-z"))
    assert found["leave_alone"].is_exact
    assert "example.com" not in repr(found)


def test_agreement_says_where_a_tool_shows_nobody(environment, tmp_path, write):
    meta = connector_for("meta", environment)
    (found,) = agreements(Home(tmp_path / "home"), write("r1", {}), "meta", NOON, meta)
    assert "does not show" in found.note


def test_a_lost_ledger_is_rebuilt_from_the_listing_and_the_receipts(toolbox, environment, tmp_path, write):
    home, klaviyo = Home(tmp_path / "home"), connector_for("klaviyo", environment)
    wanted = {"leave_alone": ["los-a"], "high_value": ["los-b"], "messages": ["los-m"]}
    deliver(home, write("r1", wanted), "klaviyo", NOON, klaviyo, GATES)
    ((_, rows),) = receipt_loads(home, "klaviyo")
    pq.write_table(rows, tmp_path / "receipts.parquet")
    (home.ledgers / "klaviyo.duckdb").unlink()
    later = write("r2", {"leave_alone": ["los-a"], "high_value": ["los-d"], "messages": ["los-m"]})
    assert deliver(home, later, "klaviyo", NOON, klaviyo, GATES).frozen
    assert at("los-b") <= toolbox.klaviyo.lists()["High value"], "nobody knew it was there"
    with pytest.raises(BadSetup, match="receipts"):
        rebuild(home, later, "klaviyo", NOON, klaviyo)
    rebuild(home, later, "klaviyo", NOON, klaviyo, str(tmp_path / "receipts.parquet"))
    before = len(toolbox.klaviyo.messages(NOON.date()))
    assert not deliver(home, later, "klaviyo", NOON, klaviyo, GATES).frozen
    assert at("los-d") == toolbox.klaviyo.lists()["High value"]
    assert len(toolbox.klaviyo.messages(NOON.date())) == before, "a message is not sent again"


def _members(addresses):
    from syncs.shape import Member

    return [Member(f"hand-1.{n}", email, {"email": email}, {}, None) for n, email in enumerate(addresses)]
