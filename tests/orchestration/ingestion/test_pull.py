"""A pull goes on from where the last one stopped, loses nothing to a failing page, and lands only what is news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from orchestration.ingestion.contract import Column
from orchestration.ingestion.loads import Load, freshness
from orchestration.ingestion.pull import ingest_pull
from syncs.errors import BadSetup, TryLater
from syncs.shape import Page
from tests.orchestration.ingestion.conftest import SIX, Kiosk


def at(minute: int) -> str:
    return f"2026-10-31T10:{minute:02d}:00Z"


def receipt(number: int, minute: int, **more: Any) -> dict[str, object]:
    return {"receipt_id": f"r{number}", "pieces": 1, "updated_at": at(minute)} | more


@dataclass
class Source:
    """Records in order of change; every question is remembered. trouble: raised instead of that page."""

    records: list[dict[str, object]] = field(default_factory=list)
    page_rows: int = 2
    trouble: dict[int, Exception] = field(default_factory=dict)
    asked: list[datetime | None] = field(default_factory=list)

    def read(self, stream: str, since: datetime | None) -> Iterator[Page]:
        assert stream == "receipts"
        self.asked.append(since)
        since_text = since.isoformat() + "Z" if since else ""
        changed = [record for record in self.records if str(record["updated_at"]) >= since_text]
        rows = sorted(changed, key=lambda record: str(record["updated_at"]))
        for number, start in enumerate(range(0, len(rows), self.page_rows)):
            if number in self.trouble:
                raise self.trouble[number]
            page = rows[start : start + self.page_rows]
            yield Page(page, str(page[-1]["updated_at"]))


def pull(kiosk: Kiosk, source: Source, moment: datetime = SIX) -> Load | None:
    return ingest_pull(kiosk.home, kiosk.contract, source, moment)


def test_the_cursor_moves_with_the_rows_and_the_next_pull_overlaps(kiosk: Kiosk) -> None:
    source = Source([receipt(1, 1), receipt(2, 30), receipt(3, 50)])
    first = pull(kiosk, source)
    assert first
    assert (first.rows_kept, first.cursor_before, first.cursor_after) == (
        3,
        None,
        datetime(2026, 10, 31, 10, 50),
    )
    source.records.append(receipt(4, 55))
    second = pull(kiosk, source)
    assert second
    assert (second.rows_kept, second.rows_known, second.rows_in) == (1, 3, 4)
    assert source.asked == [None, datetime(2026, 10, 31, 9, 50)]
    assert kiosk.ids() == ["r1", "r2", "r3", "r4"]


def test_a_pull_without_news_creates_no_load_but_is_remembered(kiosk: Kiosk) -> None:
    source = Source([receipt(1, 1), receipt(2, 2)])
    pull(kiosk, source)
    assert pull(kiosk, source, SIX + timedelta(days=1)) is None
    assert len(kiosk.loads()) == 1
    fresh = freshness(kiosk.home, kiosk.contract.name)
    assert (fresh.last_loaded_at, fresh.last_checked_at) == (SIX, SIX + timedelta(days=1))
    assert not fresh.is_silent


def test_a_source_that_suddenly_has_nothing_changes_nothing_and_is_called_silent(kiosk: Kiosk) -> None:
    pull(kiosk, Source([receipt(1, 1)]))
    assert pull(kiosk, Source([])) is None
    assert kiosk.ids() == ["r1"]
    assert freshness(kiosk.home, kiosk.contract.name).is_silent


def test_a_failing_page_never_moves_the_cursor_past_it(kiosk: Kiosk) -> None:
    source = Source([receipt(n, n) for n in range(1, 7)], trouble={2: TryLater("busy")})
    with pytest.raises(TryLater):
        pull(kiosk, source)
    assert kiosk.ids() == ["r1", "r2", "r3", "r4"]
    assert kiosk.loads()[-1].cursor_after == datetime(2026, 10, 31, 10, 4)
    source.trouble.clear()
    pull(kiosk, source)
    assert kiosk.ids() == [f"r{n}" for n in range(1, 7)]


def test_trouble_on_the_first_page_leaves_no_trace(kiosk: Kiosk) -> None:
    with pytest.raises(BadSetup):
        pull(kiosk, Source([receipt(1, 1)], trouble={0: BadSetup("no token")}))
    assert kiosk.loads() == []


def test_a_changed_record_lands_again_and_one_that_changed_back_too(kiosk: Kiosk) -> None:
    for pieces in (1, 2, 1, 1):
        pull(kiosk, Source([receipt(1, 1, pieces=pieces)]))
    assert kiosk.rows("receipt_id, pieces") == [("r1", 1), ("r1", 2), ("r1", 1)]


def test_a_record_on_two_pages_lands_once(kiosk: Kiosk) -> None:
    pull(kiosk, Source([receipt(1, 1), receipt(2, 2), receipt(2, 2), receipt(3, 3)]))
    assert kiosk.ids() == ["r1", "r2", "r3"]


def test_an_unfit_record_is_set_aside_once(kiosk: Kiosk) -> None:
    source = Source([receipt(1, 1), receipt(2, 2, pieces="two"), receipt(3, 3, consent="perhaps")])
    first = pull(kiosk, source)
    assert first
    assert (first.rows_kept, first.rows_quarantined) == (2, 2)
    assert pull(kiosk, source) is None
    assert [why for _, why, _ in kiosk.quarantine()] == [
        "pieces: expected bigint",
        "consent: unknown value, kept as unknown",
    ]


def test_a_source_that_drifted_is_refused_and_the_cursor_stays(kiosk: Kiosk) -> None:
    pull(kiosk, Source([receipt(1, 1)]))
    drifted = Source([receipt(n, n, pieces="many") for n in range(2, 30)])
    load = pull(kiosk, drifted)
    assert load
    assert load.is_refused
    assert load.cursor_after == load.cursor_before == datetime(2026, 10, 31, 10, 1)
    assert pull(kiosk, drifted) is None
    mended = pull(kiosk, Source([receipt(n, n) for n in range(2, 30)]))
    assert mended
    assert mended.rows_kept == 28


def test_a_record_from_the_future_does_not_take_the_cursor_with_it(kiosk: Kiosk) -> None:
    pull(kiosk, Source([receipt(1, 1), receipt(2, 2, updated_at="2099-01-01T00:00:00Z")]))
    assert kiosk.loads()[-1].cursor_after == SIX


def test_a_record_delivered_by_file_is_no_news_when_pulled(kiosk: Kiosk) -> None:
    kiosk.drop("history.ndjson", '{"receipt_id": "r1", "pieces": 1, "updated_at": "2026-10-31T10:01:00Z"}\n')
    kiosk.ingest()
    assert pull(kiosk, Source([receipt(1, 1)])) is None


def test_nested_values_and_odd_texts_arrive_as_they_were(kiosk: Kiosk) -> None:
    odd = 'line\nbreak, "quote", é, \u2028'
    pull(kiosk, Source([receipt(1, 1, kind="sale", mood={"a": [1, None]}, receipt_id=odd)]))
    assert kiosk.rows("receipt_id, _extra") == [(odd, '{"mood":{"a":[1,null]}}')]


def test_history_of_many_pages_is_one_load(kiosk: Kiosk) -> None:
    day = datetime(2026, 10, 1)
    records = [
        receipt(n, 0, updated_at=f"{day + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}") for n in range(2500)
    ]
    load = pull(kiosk, Source(records, page_rows=500))
    assert load
    assert load.rows_kept == 2500


def test_a_column_declared_later_does_not_stop_the_pull(kiosk: Kiosk) -> None:
    pull(kiosk, Source([receipt(1, 1)]))
    later = Kiosk(
        kiosk.home, replace(kiosk.contract, columns=(*kiosk.contract.columns, Column("mood", "string")))
    )
    load = pull(later, Source([receipt(1, 1), receipt(2, 2, mood="good")]))
    assert load
    assert (load.rows_kept, load.rows_known) == (1, 1)
    assert later.rows("receipt_id, mood") == [("r1", None), ("r2", "good")]
