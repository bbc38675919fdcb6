"""What an ad platform says of whom it found is kept once a day, and nothing that is sent waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.loads import committed_loads
from orchestration.matches import STREAM, remember_matches
from orchestration.paths import Home
from sandbox.tools.toolbox import Toolbox
from sandbox.tools.vendors import vendor_kinds
from syncs.catalogue import connector_for
from syncs.connector import Connector
from syncs.matches import Matched, in_words
from syncs.shape import Member
from tests.orchestration.delivery.receiver import SmallRelease

MORNING = datetime(2026, 11, 21, 6)


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolbox]:
    with Toolbox.start(tmp_path_factory.mktemp("tools")) as running:
        running.set_time(MORNING.replace(tzinfo=UTC))
        running.add(vendor_kinds()["tiktok"])
        yield running


@pytest.fixture
def tiktok(toolbox: Toolbox) -> Connector:
    connector = connector_for("tiktok", {**toolbox.environment, "DOWNBEAT_ALLOW_LOOPBACK": "1"})
    connector.attempts = 1  # type: ignore[misc]
    hashes = (sha256(str(number).encode()).hexdigest() for number in range(40))
    people = [Member(f"r.{n}", f"m{n}", {"email": one}, {}, None) for n, one in enumerate(hashes)]
    connector.write("add", "downbeat_a", people)
    return connector


@pytest.fixture
def release(tmp_path: Path) -> SmallRelease:
    (tmp_path / "syncs").mkdir()
    lists = "('ads', 'tiktok', 'downbeat_a'), ('unmade', 'tiktok', 'downbeat_b'), ('mail', 'klaviyo', 'VIP')"
    duckdb.execute(
        "copy (select *, 'mirror' as mode, 'permissive' as polarity"
        f" from (values {lists}) as rows (sync_id, destination, object))"
        f" to '{tmp_path / 'syncs' / 'part.parquet'}'"
    )
    return SmallRelease(tmp_path, "r1")


def kept(home: Home) -> list[tuple[str, int | None, datetime]]:
    """(list, people, asked at) of every report."""
    files = [
        str(home.raw / "downbeat" / "match_reports" / load.file) for load in committed_loads(home, STREAM)
    ]
    sql = "select sync_id, people_to, reported_at from read_parquet(?) order by reported_at, sync_id"
    return duckdb.execute(sql, [files]).fetchall()


def test_every_list_is_asked_about_once_a_day(tiktok, release, toolbox, tmp_path):
    home = Home(tmp_path / "home")
    told = remember_matches(home, release, tiktok, MORNING)
    assert told == {"ads": Matched(people_from=40, people_to=40), "unmade": None}
    assert in_words(told["ads"]) == "40 people"
    before = toolbox.requests("tiktok")
    assert remember_matches(home, release, tiktok, MORNING + timedelta(hours=9)) == {}
    assert toolbox.requests("tiktok") == before
    remember_matches(home, release, tiktok, MORNING + timedelta(days=1))
    assert [(sync_id, people) for sync_id, people, _ in kept(home)] == [("ads", 40), ("unmade", None)] * 2


def test_a_platform_that_does_not_answer_is_asked_by_the_next_run(tiktok, release, toolbox, tmp_path):
    home = Home(tmp_path / "home")
    toolbox.misbehave("tiktok", "503", times=9)
    assert remember_matches(home, release, tiktok, MORNING) == {}
    toolbox.behave()
    assert len(remember_matches(home, release, tiktok, MORNING)) == 2


def test_a_tool_that_shows_nobody_is_not_asked(release, tmp_path):
    assert remember_matches(Home(tmp_path / "home"), release, connector_for("klaviyo", {}), MORNING) == {}


def test_a_span_is_said_in_words():
    assert in_words(Matched(people_from=12300, people_to=14500)) == "12,300 to 14,500 people"
    assert in_words(Matched(percent_from=61, percent_to=70)) == "61 to 70 %"
