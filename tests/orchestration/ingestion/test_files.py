"""A file is taken in once, by what it holds; where it lies and what it is called does not matter."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion import files
from orchestration.ingestion.loads import data_version, freshness
from orchestration.ingestion.own import ensure_declared
from tests.orchestration.ingestion.conftest import SIX, Kiosk

Line = Callable[..., str]


def test_the_second_look_at_a_file_changes_nothing(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"))
    kiosk.ingest()
    before = {p: p.stat().st_mtime_ns for p in kiosk.home.raw.rglob("*") if p.is_file() and p.name != "_lock"}
    assert kiosk.ingest() == []
    after = {p: p.stat().st_mtime_ns for p in kiosk.home.raw.rglob("*") if p.is_file() and p.name != "_lock"}
    assert before == after


def test_an_unchanged_file_is_not_even_hashed(
    kiosk: Kiosk, good: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.drop_lines("a.csv", good("r1"))
    kiosk.ingest()
    monkeypatch.setattr(files, "content_hash", lambda path: pytest.fail(f"{path} was hashed"))
    assert kiosk.ingest() == []


def test_the_same_content_under_another_name_is_no_delivery(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"))
    kiosk.drop_lines("b.csv", good("r1"))
    assert [load.source_file for load in kiosk.ingest()] == ["a.csv"]
    kiosk.drop_lines("c.csv", good("r1"))
    assert kiosk.ingest() == []


def test_a_file_sent_again_with_corrections_lands_after_the_first(kiosk: Kiosk, good: Line) -> None:
    path = kiosk.drop_lines("a.csv", good("r1", pieces="1"))
    kiosk.ingest()
    kiosk.drop_lines(path.name, good("r1", pieces="2"))
    kiosk.ingest()
    assert kiosk.rows("pieces") == [(1,), (2,)]
    moments = [load.loaded_at for load in kiosk.loads()]
    assert moments == [SIX, SIX + timedelta(microseconds=1)]


def test_loads_of_one_stream_never_share_or_turn_back_a_moment(kiosk: Kiosk, good: Line) -> None:
    for number, moment in enumerate((SIX, SIX, SIX - timedelta(days=3), SIX + timedelta(days=1))):
        kiosk.drop_lines(f"{number}.csv", good(f"r{number}"))
        kiosk.ingest(moment)
    moments = [load.loaded_at for load in kiosk.loads()]
    assert moments == sorted(set(moments))
    assert [load.load_id for load in kiosk.loads()] == sorted(load.load_id for load in kiosk.loads())
    assert [row[0] for row in kiosk.rows("distinct _loaded_at")] == moments


def test_files_are_taken_in_as_they_arrived(kiosk: Kiosk, good: Line) -> None:
    for number, name in enumerate(("z.csv", "a.csv", "m.csv")):
        os.utime(kiosk.drop_lines(name, good(name)), (number, number))
    assert [load.source_file for load in kiosk.ingest()] == ["z.csv", "a.csv", "m.csv"]


@pytest.mark.parametrize(
    "name", [".a.csv", "_a.csv", "a.csv.part", "a.csv.tmp", "a.csv.sha256", "a.csv.done"]
)
def test_what_is_not_finished_or_no_data_is_left_alone(kiosk: Kiosk, good: Line, name: str) -> None:
    kiosk.drop_lines(name, good("r1"))
    assert kiosk.ingest() == []


def test_landing_is_left_as_it_was(kiosk: Kiosk, good: Line) -> None:
    path = kiosk.drop_lines("a.csv", good("r1"), "bad")
    content = path.read_bytes()
    kiosk.ingest()
    assert [p.name for p in kiosk.landing.iterdir()] == ["a.csv"]
    assert path.read_bytes() == content


def test_a_refused_file_is_tried_again_when_its_contract_has_changed(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1", pieces="10"))
    assert kiosk.ingest_one().is_refused
    assert kiosk.ingest() == []
    roomier = tuple(replace(c, maximum=None) for c in kiosk.contract.columns)
    later = Kiosk(kiosk.home, replace(kiosk.contract, columns=roomier))
    assert later.ingest_one().rows_kept == 1
    assert later.ingest() == []


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_every_form_lands_as_the_same_rows(kiosk: Kiosk, form: str, packing: str) -> None:
    rows = """select * from (values ('r1', 'granted', 'sale', 2, 9.5::decimal(18, 2), 0.5::double, true,
        date '2026-10-31', timestamp '2026-10-31 10:00:00', timestamp '2026-10-31 11:00:00', 'x'),
        ('r2', null, null, null, null, null, null, null, null, null, null))
        t(receipt_id, consent, kind, pieces, amount, share, is_gift, day, sold_at, updated_at, mood)"""
    plain = kiosk.home.root / "plain"
    duckdb.sql(rows).query("r", f"copy r to '{plain}' (format {'json' if form == 'ndjson' else form})")
    kiosk.drop(f"a.{form}{packing}", plain.read_bytes())
    assert kiosk.ingest_one().rows_quarantined == 0
    nothing = '{"mood":null}' if form == "ndjson" else None  # only JSON can say that a value is not there
    expected = [(*row[:-1], '{"mood":"x"}' if row[-1] else nothing) for row in duckdb.sql(rows).fetchall()]
    found = kiosk.rows("* exclude (_load_id, _loaded_at, _file, _line)")
    assert found == expected
    assert kiosk.rows("_file, _loaded_at") == [(f"a.{form}{packing}", SIX)] * 2


def test_parquet_values_of_other_types_fit_where_nothing_is_lost(kiosk: Kiosk) -> None:
    rows = """select * from (values (1, 3.0::double, '2.5', '2026-10-31'), (2, 2.5::double, 'x', '2026-10-31'),
        (3, null, null, null)) t(receipt_id, pieces, amount, sold_at)"""
    duckdb.sql(rows).query("r", f"copy r to '{kiosk.landing / 'a.parquet'}' (format parquet)")
    kiosk.ingest()
    assert kiosk.rows("receipt_id, pieces, cast(amount as varchar), _line") == [
        ("1", 3, "2.50", 1),
        ("3", None, None, 3),
    ]
    ((line, why, raw),) = kiosk.quarantine()
    assert (line, why) == (2, "pieces: expected bigint; amount: expected decimal(18, 2)")
    assert json.loads(raw) == {"receipt_id": 2, "pieces": 2.5, "amount": "x", "sold_at": "2026-10-31"}


def test_other_delimiters_are_recognised_by_the_header(kiosk: Kiosk) -> None:
    kiosk.drop("a.csv", "Receipt_ID; amount ;kind\nr1;1.50;sale\n")
    kiosk.ingest()
    assert kiosk.rows("receipt_id, cast(amount as varchar), kind") == [("r1", "1.50", "sale")]


def test_readers_find_types_before_anything_came(kiosk: Kiosk) -> None:
    contracts = {kiosk.contract.name: kiosk.contract}
    assert len(ensure_declared(kiosk.home, contracts)) == 1
    assert ensure_declared(kiosk.home, contracts) == []
    assert kiosk.rows() == []
    (load,) = kiosk.loads()
    file = kiosk.home.raw / "kiosk" / "receipts" / load.file
    types = {
        name: kind
        for name, kind, *_ in duckdb.sql(f"describe select * from read_parquet('{file}')").fetchall()
    }
    assert types["amount"] == "DECIMAL(18,2)"
    assert types["_loaded_at"] == types["sold_at"] == "TIMESTAMP"
    assert (types["_line"], types["pieces"], types["_extra"]) == ("BIGINT", "BIGINT", "VARCHAR")


def test_the_data_version_speaks_of_rows_from_outside(kiosk: Kiosk, good: Line) -> None:
    def version() -> str:
        return data_version(kiosk.home, [kiosk.contract])

    empty = version()
    ensure_declared(kiosk.home, {kiosk.contract.name: kiosk.contract})
    kiosk.drop_lines("empty.csv")
    kiosk.ingest()
    assert version() == empty
    kiosk.drop_lines("a.csv", good("r1"))
    kiosk.ingest()
    full = version()
    assert full != empty
    kiosk.ingest()
    assert version() == full


def test_freshness_says_when_rows_came_and_how_new_their_events_are(kiosk: Kiosk, good: Line) -> None:
    assert freshness(kiosk.home, kiosk.contract.name).last_loaded_at is None
    kiosk.drop_lines(
        "a.csv", good("r1", sold_at="2026-10-30 09:00:00"), good("r2", sold_at="2026-10-29 09:00:00")
    )
    kiosk.ingest()
    kiosk.drop_lines("b.csv")
    kiosk.ingest(SIX + timedelta(hours=1))
    fresh = freshness(kiosk.home, kiosk.contract.name)
    assert (fresh.last_loaded_at, fresh.last_event_at) == (SIX, datetime(2026, 10, 30, 9))
    assert fresh.last_checked_at == SIX + timedelta(hours=1)
    assert fresh.last_flags == ("empty: nothing was delivered",)


def test_quarantine_is_for_its_owner_only(kiosk: Kiosk, good: Line) -> None:
    kiosk.drop_lines("a.csv", good("r1"), "bad")
    kiosk.ingest()
    (file,) = kiosk.home.quarantine.rglob("*.parquet")
    assert file.stat().st_mode & 0o077 == file.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_changes_while_it_is_read_waits_for_the_next_run(
    kiosk: Kiosk, good: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kiosk.drop_lines("a.csv", good("r1"))
    hashed = files.content_hash

    def hash_then_someone_writes(looked_at: Path) -> str:
        sha256 = hashed(looked_at)
        with looked_at.open("a") as file:
            file.write(good("r2") + "\n")
        return sha256

    monkeypatch.setattr(files, "content_hash", hash_then_someone_writes)
    assert kiosk.ingest() == []
    monkeypatch.setattr(files, "content_hash", hashed)
    assert path.exists()
    assert kiosk.ingest_one().rows_kept == 2
