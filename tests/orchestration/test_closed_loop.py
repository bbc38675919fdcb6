"""The whole loop, small: people, tools over HTTP, decisions, receipts; and nothing at all when nothing is new."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from rich.console import Console

from orchestration.cli import main
from orchestration.demo import run_demo
from orchestration.lint.check import SeedsRefused
from orchestration.paths import PROJECT, Home
from orchestration.release import all_releases, current_release
from orchestration.replay.ahead import NothingAhead, look_ahead
from orchestration.replay.page import markdown, summary
from orchestration.replay.replay import NothingToReplay, replay
from orchestration.stage import Scene, Stage
from sandbox.scoreboard import identity_quality

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Two days of five hundred people, the morning after, and once more with nothing new."""
    home = Home(tmp_path_factory.mktemp("loop") / "home")
    return run_demo(home, Scene(customers=500, days=2, seed=3), Console(file=io.StringIO(), width=120))


def test_no_promise_is_broken_by_what_the_tools_received(stage: Stage) -> None:
    recount = stage.watch.recount()
    assert recount.messages > 20
    assert recount.recognised >= recount.messages * 0.95
    assert (recount.cap_breaches, recount.to_yesterdays_buyers, recount.referrals_in_a_bad_case) == (0, 0, 0)


def test_the_recount_would_see_a_broken_promise(stage: Stage) -> None:
    day = max(stage.watch.identities)
    some = next(sent for sent in stage.watch.sent if sent.day == day and sent.campaign != "service")
    stage.watch.sent += [some] * 3
    try:
        assert stage.watch.recount().cap_breaches > 0
    finally:
        del stage.watch.sent[-3:]


def test_every_list_holds_exactly_what_the_warehouse_wants(stage: Stage) -> None:
    lists = stage.holdings
    assert {line.sync_id for line in lists if line.missing or line.extra} == set()
    assert sum(line.held for line in lists) > 500


def test_a_second_run_on_unchanged_input_sends_and_writes_nothing(stage: Stage) -> None:
    assert [result.decided for result in stage.runs] == [True, True, True, False]
    assert stage.requests_when_nothing_is_new == 0
    assert stage.files_when_nothing_is_new == 0
    assert len(all_releases(stage.home)) == 3


def test_recognition_is_precise_and_finds_most(stage: Stage) -> None:
    release = current_release(stage.home)
    assert release is not None
    quality = identity_quality(release.table("dim_customer_identifiers"), stage.ours)
    assert quality["precision"] >= 0.97
    assert quality["recall"] >= 0.9


def test_why_answers_for_a_customer_who_was_sent_something(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = current_release(stage.home)
    assert release is not None
    with duckdb.connect() as connection:
        found = connection.execute(
            f"from read_parquet('{release.table('fct_decisions')}') select customer_id, message_id "
            "where channel in ('email', 'sms', 'push') order by all limit 1"
        ).fetchone()
    assert found
    monkeypatch.setenv("DOWNBEAT_HOME", str(stage.home.root))
    answer = CliRunner().invoke(main, ["why", found[0], "--json"])
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    sent = [
        each for each in told["considered"] if each["outcome"] == "send" and each["message_id"] == found[1]
    ]
    assert sent
    assert sent[0]["receipts"], "the tool's acknowledgement is missing"


def test_why_says_so_when_nobody_is_known_by_that_name(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOWNBEAT_HOME", str(stage.home.root))
    answer = CliRunner().invoke(main, ["why", "nobody@example.com"])
    assert answer.exit_code == 2


def test_a_replay_under_the_same_policies_decides_the_same(stage: Stage) -> None:
    first, last = days_of(stage)
    replayed = replay(stage.home, first, last)
    assert (replayed.rows > 500, replayed.differing, len(replayed.runs)) == (True, 0, 3)
    sampled = replay(stage.home, first, last, sample=120)
    assert (0 < sampled.rows < replayed.rows, sampled.differing, sampled.share < 0.3) == (True, 0, True)


def test_a_replay_under_other_policies_says_whom_they_silence(stage: Stage, tmp_path: Path) -> None:
    seeds = PROJECT / "seeds"
    rows = (seeds / "messages.csv").read_text().splitlines(keepends=True)
    stopped = [
        row.replace("2015-01-01,,", "2015-01-01,2015-01-02,") if ",winback," in row else row for row in rows
    ]
    (tmp_path / "messages.csv").write_text("".join(stopped))
    found = summary(replay(stage.home, *days_of(stage), seeds=tmp_path), most_a_week=4)
    winback = next(row for row in found["by_campaign"] if row["campaign"] == "winback")
    assert winback["was"] > 0
    assert winback["now"] == 0
    assert found["differing_rows"] >= found["steps_changed"] > 0
    assert found["newly_silent"] > 0
    assert 3 < len(found["customers"]) <= 20
    assert json.loads(json.dumps(found)) == found
    assert f"| winback | {winback['was']} | 0 |" in markdown(found)


def test_a_replay_of_days_without_a_release_says_which_are_kept(stage: Stage) -> None:
    with pytest.raises(NothingToReplay, match="kept are: 2026-11-02"):
        replay(stage.home, date(2020, 1, 1), date(2020, 1, 2))


def test_a_replay_refuses_policies_that_lint_refuses(stage: Stage, tmp_path: Path) -> None:
    caps = (PROJECT / "seeds" / "caps.csv").read_text()
    (tmp_path / "caps.csv").write_text(caps.replace("101,global,*,customer,2", "101,global,*,customer,0"))
    with pytest.raises(SeedsRefused, match="limit below 1"):
        replay(stage.home, *days_of(stage), seeds=tmp_path)


def test_a_planned_message_is_tried_on_each_of_the_coming_days(stage: Stage) -> None:
    found = look_ahead(stage.home, "winback_email", days=2, sample=None)
    assert [day.day for day in found.days] == [days_of(stage)[1] + timedelta(days=n) for n in (1, 2)]
    assert max(day.reach for day in found.days) > 0
    assert all("winback_email" not in {one.message_id for one in day.losers} for day in found.days)
    nobody = look_ahead(stage.home, "winback_email", days=1, audience="holdout", sample=None)
    assert [day.reach for day in nobody.days] == [0]
    with pytest.raises(NothingAhead, match="no_such_message is unknown"):
        look_ahead(stage.home, "no_such_message")


def days_of(stage: Stage) -> tuple[date, date]:
    releases = all_releases(stage.home)
    return releases[0].as_of.date(), releases[-1].as_of.date()


def test_the_plan_of_a_finished_run_is_to_change_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOWNBEAT_HOME", str(stage.home.root))
    answer = CliRunner().invoke(main, ["plan", "--json"])
    assert answer.exit_code == 0, answer.output
    assert all(line["add"] == line["update"] == line["remove"] == 0 for line in json.loads(answer.output))


HOLDS_PEOPLE = {"raw", "quarantine", "landing", "inbox", "releases", "ledgers", "warehouse", "sandbox"}


def test_no_identifier_and_no_secret_is_in_anything_but_the_data(stage: Stage) -> None:
    """Every address, number, card, push token and secret, against all that Dagster, dbt and we wrote.

    Logs, Dagster's storage, Data Docs, pages, verdicts, marks, compiled models: every file outside the rooms that hold
    people on purpose.
    """
    release = current_release(stage.home)
    assert release is not None
    sql = """select distinct lower(ltrim(identifier, '+')) from read_parquet(?)
        where identifier_type in ('email', 'phone', 'loyalty_card', 'device_token')"""
    with duckdb.connect() as connection:
        rows = connection.execute(sql, [release.table("dim_customer_identifiers")]).fetchall()
    people = {identifier.encode() for (identifier,) in rows}
    secrets = {
        value.lower().encode()
        for name, value in stage.secrets.items()
        if name.endswith(("TOKEN", "KEY", "SECRET")) and value != "demonstration"
    }
    assert len(people) > 500
    assert len(secrets) > 5
    rooms = [room for room in stage.home.root.iterdir() if room.is_dir() and room.name not in HOLDS_PEOPLE]
    files = [file for room in rooms for file in room.rglob("*") if file.is_file()]
    assert len(files) > 100
    leaks = {str(file.relative_to(stage.home.root)) for file in files if holds_any(file, people, secrets)}
    assert leaks == set()


def test_the_search_for_leaks_would_see_one(tmp_path: Path) -> None:
    people = {b"ada@example.com", b"12025550175", b"fcm-0123456789abcdef"}
    for leak in (
        "x=Ada@example.com;",
        '{"p": "+12025550175"}',
        "xfcm-0123456789abcdefy",
        "Bearer s3cret-value",
    ):
        (tmp_path / "log").write_text(leak)
        assert holds_any(tmp_path / "log", people, {b"s3cret-value"}), leak
    (tmp_path / "log").write_text("12025550176 bob@example.com")
    assert not holds_any(tmp_path / "log", people, {b"s3cret-value"})


def holds_any(file: Path, people: set[bytes], secrets: set[bytes]) -> bool:
    """Whether a file names one of the people or shows a secret; what looks like an identifier is looked up."""
    content = file.read_bytes().lower()
    addresses = set(re.findall(rb"[a-z0-9._+-]+@[a-z0-9.-]+", content))
    looks_alike = addresses | set(re.findall(rb"\d{8,15}|fcm-[0-9a-f]{16}|apns-[0-9a-f]{16}", content))
    domains = {address[address.index(b"@") :] for address in people if b"@" in address}
    close = [a for a in addresses - people if any(a.endswith(domain) for domain in domains)]
    glued = any(person in address for address in close for person in people if b"@" in person)
    return bool(looks_alike & people) or glued or any(secret in content for secret in secrets)
