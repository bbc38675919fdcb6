"""Whatever arrives broken, no list grows and no suppression shrinks because of it; the rest of the load lands."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pytest

from orchestration.paths import Home
from orchestration.transform import Run, dbt
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 2, 6)
COLUMNS = [
    "event_id",
    "contact_type",
    "contact_point",
    "channel",
    "purpose",
    "status",
    "jurisdiction",
    "origin",
    "proof",
    "occurred_at",
]

Members = dict[tuple[str, str], set[str]]


@dataclass(frozen=True)
class Told:
    """Who was on which list before and after, and whose consent came back unreadable."""

    before: Members
    after: Members
    doubted: str
    home: Home


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A good morning, and the same morning again after every kind of bad delivery."""
    home = Home(tmp_path_factory.mktemp("bad") / "home")
    Retailer.create(300, 9, date(2026, 11, 2), 90).write_history(home.landing)
    before = lists(home, "good")
    email = reachable(home)
    drop(
        home,
        "unknown.csv",
        rows([["x1", "email", email, "email", "marketing", "maybe", "", "", "", "2026-11-01"]]),
    )
    drop(home, "empty.csv", rows([]))
    drop(home, "half.csv", rows([["x2", "email", "half@example.com", "email", "marketing", "granted"]])[:-9])
    good = rows(
        [[f"g{n}", "email", f"g{n}@example.com", "email", "marketing", "granted"] for n in range(2000)]
    )
    drop(home, "cut.csv.gz", gzip.compress(good)[:400])
    drop(home, "latin.csv", rows([["x3", "email", "jos\xe9@example.com", "email", "marketing", "granted"]]).decode()
         .encode("latin-1"))  # fmt: skip
    drop(home, "columns.csv", b"event_id,contact_point\nx4,nobody@example.com\n")
    return Told(before, lists(home, "bad"), email, home)


def test_no_permissive_list_grows(told: Told) -> None:
    grown = {name: told.after[name] - told.before[name] for name in told.after if name[1] == "permissive"}
    assert {name for name, people in grown.items() if people} == set()


def test_no_suppression_shrinks(told: Told) -> None:
    lost = {
        name: told.before[name] - told.after.get(name, set())
        for name in told.before
        if name[1] == "restrictive"
    }
    assert {name for name, people in lost.items() if people} == set()


def test_an_unreadable_consent_silences(told: Told) -> None:
    with duckdb.connect(str(told.home.warehouse / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select status from profiles.fct_consents where contact_point = ? and channel = 'email'"
            " and purpose = 'marketing'",
            [told.doubted],
        ).fetchall()
    assert found == [("unknown",)]


def test_what_was_broken_is_in_quarantine_with_its_file_and_reason(told: Told) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            "select distinct parse_filename(file), reasons <> '' from"
            f" read_parquet('{told.home.quarantine}/preferences/consents/*.parquet', union_by_name = true)"
        ).fetchall()
    names = {name for name, _ in found}
    assert {"unknown.csv", "half.csv", "columns.csv"} <= names
    assert all(has_reason for _, has_reason in found)


def lists(home: Home, run_id: str) -> Members:
    """Take in what has landed, build, and say who is on which list."""
    take_in(home, MORNING)
    dbt(home, ONLY_MODELS, "duckdb", Run(run_id, MORNING, "duckdb", ""))
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("select sync_id, polarity, member_key from syncs.sync_members").fetchall()
    found: Members = {}
    for sync_id, polarity, member in rows:
        found.setdefault((sync_id, polarity), set()).add(member)
    return found


def reachable(home: Home) -> str:
    """Somebody who agreed to e-mail."""
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select min(contact_point) from profiles.dim_customer_consents"
            " where channel = 'email' and purpose = 'marketing' and is_granted"
        ).fetchone()
    assert found
    assert found[0]
    return str(found[0])


def rows(values: list[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        row + [""] * (len(COLUMNS) - 1 - len(row)) + ["2026-11-01"] * (len(row) < 10) for row in values
    )
    return text.getvalue().encode()


def drop(home: Home, name: str, content: bytes) -> None:
    folder = home.landing / "preferences" / "consents"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
