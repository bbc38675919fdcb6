"""Files by SFTP: whole or not there, the same twice, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncs.drops import csv_of
from tests.syncs.conftest import member

RUN = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "+1 555 =1", "-"]
LEFT_ALONE = ["+15550100199", "-3.50", "+49 (30) 123-45", "007", "ann@example.com", "a=b", "", "ü"]


def cells(content: bytes) -> list[str]:
    return [cell for row in list(csv.reader(io.StringIO(content.decode(), newline="")))[1:] for cell in row]


@pytest.mark.parametrize("value", RUN[:-1])
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(value):
    assert cells(csv_of([{"a": value}])) == [f"'{value}"]


@pytest.mark.parametrize("value", LEFT_ALONE)
def test_what_it_would_not_is_left_as_it_is(value):
    assert cells(csv_of([{"a": value}])) == [value]


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20))
def test_every_text_comes_back_and_none_is_a_formula(value):
    (cell,) = cells(csv_of([{"a": value}]))
    assert cell.removeprefix("'") == value.removeprefix("'")
    assert cell[:1] not in ("=", "@", "\t", "\r")


@pytest.fixture
def drop(connect, toolbox):
    known = toolbox.environment
    names = ("HOST", "KEY_FILE", "HOST_KEY", "USER", "PORT")
    return connect("sftp_drop", **{f"SFTP_DROP_{name}": known[f"LETTERS_SFTP_{name}"] for name in names})


def test_changes_are_handed_over_as_a_file_with_its_manifest(drop, toolbox):
    people = [member(1, {"email": "a@example.com"}, {"tier": "gold"}), member(2, {"email": "b@example.com"})]
    assert drop.job_status("run-1", people)[0].outcome == "not_sent"
    for _ in range(2):
        assert [outcome.outcome for outcome in drop.write("remove", "vip", people)] == ["accepted"] * 2
    content = (toolbox.letters.home / "vip-run-1.csv").read_bytes()
    manifest = json.loads((toolbox.letters.home / "vip-run-1.manifest.json").read_text())
    assert manifest == {
        "file": "vip-run-1.csv", "rows": 2, "sha256": hashlib.sha256(content).hexdigest(), "run_id": "run-1",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert rows[0] == {"change": "remove", "email": "a@example.com", "tier": "gold"}
    assert drop.job_status("run-1", people)[1].outcome == "accepted"
    assert not list(toolbox.letters.home.glob("*.part"))
