"""The page of numbers: counts only, honest words beside them, and nothing fetched from anywhere."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.paths import PROJECT, Home
from orchestration.release import Release, publish
from orchestration.report import write_report
from orchestration.report.drawing import bars, columns, number, table
from orchestration.report.figures import figures
from orchestration.report.page import HELD_BACK
from tests.orchestration.small_warehouse import AS_OF, Rows, warehouse

TODAY = AS_OF.date()


def numbers(*rows: tuple[int, str, str, float]) -> list[dict[str, object]]:
    return [
        {"date": TODAY - timedelta(days=ago), "metric": metric, "breakdown": breakdown, "value": value}
        for ago, metric, breakdown, value in rows
    ]


TABLES: Rows = {
    "dim_customers": [{"customer_id": "c1", "email": "ada@example.com"}, {"customer_id": "c2"}],
    "dim_customer_identifiers": [
        {"identifier_type": "email", "identifier": "ada@example.com", "customer_id": "c1", "is_shared": False},
        {"identifier_type": "email", "identifier": "info@example.com", "customer_id": None, "is_shared": True},
    ],
    "fct_contacts": [
        {"contact_id": str(ago), "customer_id": "c1", "state": "sent", "counted_at": AS_OF - timedelta(days=ago)}
        for ago in (0, 1, 400)
    ],
    "fct_decision_runs": [{"run_id": "r1", "candidates": 9, "decided_at": AS_OF - timedelta(days=1)}],
    "fct_daily_numbers": numbers(
        (0, "messages_sent", "email", 40), (1, "messages_sent", "sms", 10), (400, "messages_sent", "email", 999),
        (0, "suppressed", "a service case is open", 7), (1, "suppressed", "a service case is open", 5),
        (0, "outranked", "lost to <a> better message", 3), (0, "collisions_avoided", "", 4),
        (0, "orders_by_last_click", "email", 2), (0, "revenue_by_last_click", "email", 80.5),
    ),
    "syncs": [{"sync_id": "vip", "destination": "klaviyo", "mode": "mirror"}],
    "sync_members": [{"sync_id": "vip", "member_key": k} for k in ("k1", "k2")],
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    home = warehouse(tmp_path_factory.mktemp("report"), TABLES)
    return home, publish(home, "r1", AS_OF, "duckdb")


def test_the_page_needs_nothing_but_itself_and_names_no_one(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    assert not re.search(r"https?://|<script|<link|@import|url\(", told)
    assert "@example.com" not in told
    assert 'name="viewport"' in told
    assert "prefers-color-scheme: dark" in told


def test_orders_after_a_click_are_called_association(published: tuple[Home, Release]) -> None:
    assert "Association, not effect" in write_report(*published).read_text()


def test_only_the_days_shown_are_counted(published: tuple[Home, Release]) -> None:
    found = figures(*published)
    assert (found.last - found.first).days == 27
    assert found.total("messages_sent") == 50
    assert found.people_reached == 1
    assert found.by_breakdown("suppressed") == [("a service case is open", 12)]


def test_history_without_decisions_is_shown_as_a_whole(tmp_path: Path) -> None:
    home = warehouse(tmp_path, {**TABLES, "fct_decision_runs": []})
    found = figures(home, publish(home, "r1", AS_OF, "duckdb"))
    assert found.first == TODAY - timedelta(days=400)
    assert found.total("messages_sent") == 1049


def test_a_list_says_what_its_tool_has_not_acknowledged(published: tuple[Home, Release]) -> None:
    assert [(x.wanted, x.held, x.missing) for x in figures(*published).lists] == [(2, 0, 2)]


def test_a_shared_identifier_is_known_but_of_no_customer(published: tuple[Home, Release]) -> None:
    assert figures(*published).identifiers == [("email", 2, 1)]


def test_the_truth_stands_beside_both_ways_of_working(published: tuple[Home, Release]) -> None:
    scores = {"siloed": {"collisions": 81, "opt_outs": 9}, "with Downbeat": {"collisions": 0}}
    told = write_report(*published, scores).read_text()
    assert re.search(r"two or more campaigns</td><td class=n>81</td><td class=n>0</td>", told)
    assert re.search(r"opt-outs</td><td class=n>9</td><td class=n>–</td>", told)
    assert "simulator" not in write_report(*published).read_text()


def test_words_from_the_data_cannot_become_markup(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    assert "lost to &lt;a&gt; better message" in told
    assert "<a>" not in told


def test_the_figures_of_the_page_are_those_of_the_models() -> None:
    models = "".join(
        path.read_text() for path in (PROJECT / "models" / "measurement").glob("int_numbers__*.sql")
    )
    asked = re.findall(
        r'(?:total|by_breakdown|by_day)\("(\w+)"\)', (PROJECT / "orchestration/report/page.py").read_text()
    )
    assert len(asked) > 5
    for metric in {*asked, *HELD_BACK}:
        assert f"'{metric}'" in models, metric


def test_what_was_held_back_is_counted_with_its_reasons(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    assert "<b>15</b><span>messages held back" in told
    assert "a service case is open</span><b>12</b>" in told


def test_nothing_to_show_is_said() -> None:
    assert "nothing yet" in bars([])
    assert "nothing yet" in table(["a"], [])
    assert "nothing yet" in columns({}, TODAY, TODAY, None)


def test_the_tallest_column_fills_the_drawing_and_a_long_past_is_shown_by_week() -> None:
    first = date(2026, 1, 1)
    days = {first: {"email": 30.0}, first + timedelta(days=1): {"email": 10.0, "sms": 5.0}}
    drawn = columns(days, first, first + timedelta(days=9), first + timedelta(days=5))
    assert 'height="132.0"' in drawn
    assert "30 a day at most" in drawn
    assert "Downbeat decides from here" in drawn
    assert "45 a week at most" in columns(days, first, first + timedelta(days=99), None)


@pytest.mark.parametrize(
    ("value", "told"), [(1234567, "1,234,567"), (80.5, "80.50"), (2.0, "2"), (1999.5, "2,000")]
)
def test_numbers_are_written_for_people(value: float, told: str) -> None:
    assert number(value) == told
