"""Every fault that can be planted in a seed is found, with its line and what to do."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.lint.check import SeedsRefused, lint, refuse_bad_seeds
from orchestration.lint.rows import Finding
from orchestration.paths import PROJECT
from syncs import connectors


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what lint reads."""
    for folder in ("seeds", "models/audiences"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    return tmp_path


def edit(project: Path, seed: str, line: int, **cells: str) -> None:
    """Change cells of one line of a seed (the header is line 1)."""
    path = project / "seeds" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[line - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def on_line(findings: list[Finding], seed: str, line: int) -> list[str]:
    return [f.problem for f in findings if (f.file, f.line) == (f"seeds/{seed}.csv", line)]


def test_the_seeds_as_they_stand_have_no_fault(project: Path) -> None:
    assert lint(project) == []
    assert lint() == []


@pytest.mark.parametrize(
    ("seed", "line", "cells", "problem"),
    [
        ("match_weights", 2, {"model_version": "other"}, "version other says nothing about given_name same"),
        ("match_weights", 4, {"level": "same"}, "version start speaks of given_name same twice"),
        ("match_weights", 3, {"m": "0.9"}, "m of given_name in version start adds up to 1.410"),
        ("match_weights", 3, {"u": "0"}, "m and u are shares between 0 and 1"),
        ("match_weights", 3, {"weight": "99"}, "weight does not follow from m and u: 5800"),
        ("match_weights", 3, {"field": "shoe_size"}, "field shoe_size is unknown"),
        ("hour_bands", 3, {"hour": "24"}, "hour 24 is none of a day"),
        ("hour_bands", 2, {"hour": "3"}, "hour 0 is in no part of the day"),
        ("messages", 4, {"audience": "cart_abandonners"}, "audience cart_abandonners is unknown"),
        ("messages", 4, {"audience": "open_case"}, "audience open_case is a suppression"),
        ("messages", 4, {"channel": "fax"}, "channel fax is unknown"),
        ("messages", 4, {"purpose": "spam"}, "purpose spam is unknown"),
        ("messages", 4, {"occasion": "sometimes"}, "occasion sometimes is unknown"),
        ("messages", 4, {"message_id": "welcome_email"}, "message_id welcome_email stands on line 3 already"),
        ("messages", 4, {"message_number": "2"}, "message_number 2 stands on line 3 already"),
        ("messages", 4, {"message_number": "1024"}, "message_number does not fit the choice key"),
        ("messages", 4, {"message_number": "many"}, "message_number many is no bigint"),
        ("messages", 4, {"tier": "16"}, "tier does not fit the choice key"),
        ("messages", 4, {"tier": "0"}, "tier 0 that is not transactional"),
        ("messages", 4, {"value_amount": "90000"}, "the score does not fit the choice key"),
        ("messages", 4, {"base_rate": "1.5"}, "base_rate is no share"),
        ("messages", 4, {"ttl_hours": "0"}, "ttl_hours is out of range"),
        ("messages", 4, {"ttl_hours": "721"}, "ttl_hours is out of range"),
        ("messages", 4, {"weekdays": "1|8"}, "weekdays is no list of days"),
        ("messages", 4, {"exclusion_group": "alone"}, "exclusion group alone has one message"),
        ("messages", 4, {"exempt_caps": "true"}, "marketing but exempt from caps"),
        ("messages", 2, {"exempt_caps": "false"}, "transactional but capped"),
        ("messages", 4, {"owner": ""}, "owner is empty"),
        ("messages", 4, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        ("messages", 4, {"valid_from": "1.1.2026"}, "valid_from 1.1.2026 is no date"),
        ("messages", 4, {"channel": "call"}, "no list takes decisions for call"),
        (
            "messages",
            4,
            {"campaign": "x'); drop table"},
            "campaign holds characters that could end a text in SQL",
        ),
        ("messages", 4, {"campaign": "{{ 1 }}"}, "campaign holds characters that could end a text in SQL"),
        ("messages", 9, {"audience": ""}, "offered to nobody"),
        ("messages", 4, {"audience": "lapsed"}, "offered to an audience and by a programme"),
        ("messages", 4, {"occasion": "day"}, "a step is sent once in each life"),
        ("customer_events", 4, {"event": "checked_out"}, "event checked_out stands on line 3 already"),
        ("programmes", 2, {"enter_on": "sneezed"}, "enter_on sneezed is unknown"),
        ("programmes", 2, {"converts_on": "ordered|sneezed"}, "event sneezed is unknown"),
        ("programmes", 2, {"exit_on": "ordered"}, "ordered both converts and exits"),
        ("programmes", 2, {"life_hours": "0"}, "life_hours is out of range"),
        ("programmes", 2, {"life_hours": "961"}, "life_hours is out of range"),
        ("programmes", 2, {"reentry_hours": "23"}, "reentry_hours is out of range"),
        ("programmes", 2, {"suspends": "abandoned_card"}, "programme abandoned_card is unknown"),
        ("programmes", 2, {"suspends": "abandoned_cart"}, "it suspends itself"),
        ("programmes", 2, {"suspends": "service_recovery"}, "it and service_recovery suspend each other"),
        ("programmes", 2, {"programme": "carts"}, "it has no steps"),
        ("programmes", 2, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        ("programmes", 2, {"owner": ""}, "owner is empty"),
        ("programme_steps", 3, {"message_id": "cart_fax"}, "message_id cart_fax is unknown"),
        (
            "programme_steps",
            3,
            {"message_id": "cart_onsite"},
            "message_id cart_onsite stands on line 2 already",
        ),
        ("programme_steps", 7, {"message_id": "cart_sms"}, "message_id cart_sms stands on line 5 already"),
        ("programme_steps", 3, {"programme": "carts"}, "programme carts is unknown"),
        ("programme_steps", 3, {"step_number": "3"}, "step_number leaves a gap or stands twice"),
        ("programme_steps", 3, {"wait_hours": "-1"}, "wait_hours is negative"),
        ("programme_steps", 6, {"wait_hours": "168"}, "its turn comes after the programme has ended"),
        (
            "programme_steps",
            6,
            {"condition": "not clicked(cart_sms) within 9 days"},
            "its turn comes after the programme has ended",
        ),
        ("programme_steps", 3, {"ttl_hours": "0"}, "ttl_hours is out of range"),
        ("programme_steps", 4, {"condition": "slept(cart_email)"}, "the word slept is unknown"),
        ("programme_steps", 4, {"condition": "opened(cart_sms)"}, "opened(cart_sms) names no earlier step"),
        ("programme_steps", 4, {"condition": "opened(cart_push)"}, "opened(cart_push) names no earlier step"),
        ("programme_steps", 4, {"condition": "did(sneezed)"}, "did(sneezed) names unknown"),
        ("programme_steps", 4, {"condition": "in(martians)"}, "in(martians) names unknown"),
        ("programme_steps", 4, {"condition": "consent(fax)"}, "consent(fax) names unknown"),
        ("programme_steps", 4, {"condition": "in(lapsed) within 2 days"}, "in knows no within"),
        ("programme_steps", 4, {"condition": "opened(cart_email) or"}, "the condition is no condition"),
        ("programme_steps", 4, {"condition": "(in(lapsed))"}, "the condition is no condition"),
        ("programme_steps", 4, {"condition": "in(lapsed)  and in(lapsed)"}, "the condition is no condition"),
        ("programme_steps", 4, {"condition": "1=1"}, "the condition is no condition"),
        (
            "programme_steps",
            4,
            {"condition": "in(x); drop table y"},
            "condition holds characters that could end a text in SQL",
        ),
        (
            "programme_steps",
            4,
            {"condition": "in(lapsed') or did(ordered)"},
            "condition holds characters that could end a text in SQL",
        ),
        ("programme_steps", 4, {"condition": " or ".join(["in(lapsed)"] * 7)}, "the condition is too long"),
        ("caps", 3, {"policy_id": "101"}, "policy_id 101 stands on line 2 already"),
        ("caps", 3, {"policy_id": "999"}, "policy_id is no reason code of a cap"),
        ("caps", 3, {"scope_type": "planet"}, "scope_type planet is unknown"),
        ("caps", 3, {"scope_key": "email"}, "a global cap has no key"),
        ("caps", 4, {"scope_key": "fax"}, "channel fax is unknown"),
        ("caps", 11, {"scope_key": "spam"}, "category spam is unknown"),
        ("caps", 13, {"scope_key": "summer"}, "campaign summer is unknown"),
        ("caps", 14, {"scope_key": "nobody"}, "group nobody is unknown"),
        ("caps", 15, {"scope_key": "fax_fax"}, "message fax_fax is unknown"),
        ("caps", 3, {"unit": "planet"}, "unit planet is unknown"),
        ("caps", 3, {"window_unit": "year"}, "window_unit year is unknown"),
        ("caps", 3, {"window_kind": "sliding"}, "window_kind sliding is unknown"),
        ("caps", 3, {"window_unit": "week"}, "a week window cannot be rolling"),
        ("caps", 17, {"window_kind": "calendar"}, "a hour window cannot be calendar"),
        ("caps", 17, {"window_n": "960"}, "window is longer than contacts are kept"),
        ("caps", 19, {"window_n": "2"}, "window is longer than contacts are kept"),
        ("caps", 20, {"scope_key": "p1"}, "a product cap has no key"),
        ("caps", 3, {"policy_id": "901"}, "policy_id 901 is a budget"),
        ("caps", 16, {"segment": "martians"}, "segment martians is unknown"),
        ("caps", 16, {"max_n": "4", "reserve_n": "1", "reserve_tier": "1"}, "says the same as policy 102"),
        ("caps", 18, {"segment": "lapsed"}, "a segment is of customers, not of a household"),
        ("caps", 3, {"reserve_tier": ""}, "half a reserve"),
        ("caps", 3, {"reserve_n": "4"}, "the reserve leaves the others nothing"),
        ("caps", 3, {"reserve_tier": "3"}, "the reserve is kept from nobody"),
        ("caps", 23, {"max_n": "2000000000"}, "limit does not fit the rooms"),
        ("caps", 3, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        ("caps", 3, {"note": "x; drop table y"}, "note holds characters that could end a text in SQL"),
        ("budgets", 2, {"amount": "0"}, "amount is out of range"),
        ("budgets", 2, {"amount": "much"}, "amount much is no double"),
        ("budgets", 2, {"budget_id": "999"}, "budget_id is no reason code of a cap"),
        ("budgets", 2, {"scope_key": "fax"}, "channel fax is unknown"),
        ("budgets", 2, {"scope_key": "email"}, "no message of this scope costs anything"),
        ("budgets", 3, {"window_n": "2"}, "window is longer than contacts are kept"),
        ("budgets", 2, {"window_unit": "hour"}, "window_unit hour is unknown"),
        (
            "budgets",
            3,
            {"scope_key": "sms", "window_unit": "day"},
            "the same window as budget 901",
        ),
        ("budgets", 2, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        ("budgets", 2, {"owner": ""}, "owner is empty"),
        ("prices", 2, {"amount": "-1"}, "amount is out of range"),
        ("prices", 2, {"from_tier": "0"}, "transactional messages pay no price"),
        ("prices", 2, {"scope_key": "email"}, "a global cap has no key"),
        ("experiments", 3, {"scope_key": "fax"}, "channel fax is unknown"),
        (
            "experiments",
            4,
            {"scope_key": "ticket_update_email"},
            "message ticket_update_email is never held out",
        ),
        ("experiments", 2, {"scope_key": "sms"}, "all has no key"),
        ("experiments", 3, {"arm": "half"}, "arm half does nothing"),
        ("experiments", 2, {"arm": "replaced"}, "nothing is left to take the place of all"),
        (
            "experiments",
            5,
            {"scope_key": "recovery_email"},
            "message recovery_email takes no place that another could get",
        ),
        ("experiments", 3, {"per_mille": "1000"}, "per_mille is out of range"),
        ("experiments", 5, {"arm": "treated"}, "treated is everybody else"),
        ("experiments", 3, {"salt": "universal-2026"}, "draws the same people as universal_holdout"),
        (
            "experiments",
            3,
            {"scope_type": "all", "scope_key": "*"},
            "holds out the same as universal_holdout",
        ),
        ("experiments", 3, {"experiment": "universal_holdout"}, "contradicts line 2"),
        ("experiments", 3, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        ("caps", 24, {"segment": "weekly_ceiling:looser"}, "segment weekly_ceiling:looser is unknown"),
        ("messages", 2, {"holdout": "true"}, "transactional but held out"),
        ("messages", 8, {"unit_cost": "0.1"}, "costs money but is not counted"),
        ("messages", 4, {"unit_cost": "-1"}, "unit_cost is out of range"),
        ("messages", 4, {"lever": "-101"}, "lever is out of range"),
        ("messages", 4, {"campaign": "a|b"}, "campaign is no name"),
        ("suppressions", 3, {"unit": "planet"}, "unit planet is unknown"),
        ("suppressions", 3, {"valid_to": "2014-12-31"}, "it ends before it starts"),
        (
            "quiet_hours",
            3,
            {"open_local": "21:00", "close_local": "23:00"},
            "opens when sms_everywhere has closed",
        ),
        ("caps", 3, {"window_n": "400"}, "window is longer than contacts are kept"),
        ("caps", 3, {"window_n": "1"}, "the same window as policy 101"),
        ("caps", 3, {"max_n": "14"}, "can never bind beside policy 101"),
        ("caps", 3, {"max_n": "0"}, "limit below 1"),
        ("caps", 3, {"max_n": "999"}, "limit does not fit the rooms"),
        ("caps", 2, {"max_n": "4"}, "more than 3 a day cannot be decided in one run"),
        ("suppressions", 3, {"audience": "grumpy"}, "audience grumpy is unknown"),
        ("suppressions", 3, {"audience": "high_value"}, "audience high_value is a segment"),
        ("suppressions", 3, {"scope_key": "promo|spam"}, "category spam is unknown"),
        ("suppressions", 3, {"scope_key": "*"}, "scope_key and scope_type do not fit"),
        ("suppressions", 3, {"rule_number": "41"}, "rule_number does not fit the reasons"),
        ("suppressions", 3, {"exempt_purpose": "fun"}, "purpose fun is unknown"),
        ("suppressions", 3, {"kind": "forever"}, "kind forever is unknown"),
        ("quiet_hours", 2, {"open_local": "21:30"}, "opens when it has closed"),
        ("quiet_hours", 2, {"open_local": "8am"}, "opening or closing is no time of day"),
        ("quiet_hours", 2, {"country": "XX"}, "country XX has no clocks"),
        ("quiet_hours", 2, {"days": "0"}, "days is no list of days"),
        ("audiences", 2, {"audience": "made_up"}, "audience made_up has no model"),
        ("destinations", 2, {"connector": "fax"}, "connector fax does not exist"),
        ("syncs", 3, {"destination": "fax"}, "destination fax is unknown"),
        ("syncs", 3, {"audience": "open_case|grumpy"}, "audience grumpy is unknown"),
        ("syncs", 3, {"audience": "high_value"}, "audience high_value is no suppression"),
        ("syncs", 3, {"polarity": "permissive"}, "suppression cannot be permissive"),
        ("syncs", 4, {"audience": "lapsed|bad_csat"}, "audience bad_csat is no segment"),
        ("syncs", 2, {"message_channel": "email|fax"}, "message_channel fax is unknown"),
        ("syncs", 2, {"max_growth_factor": "0"}, "max_growth_factor is out of range"),
        ("syncs", 2, {"max_shrink_share": "30"}, "max_shrink_share is no share"),
    ],
)
def test_a_planted_fault_is_found_on_its_line_with_a_remedy(
    project: Path, seed: str, line: int, cells: dict[str, str], problem: str
) -> None:
    edit(project, seed, line, **cells)
    findings = lint(project)
    assert problem in on_line(findings, seed, line)
    assert all(finding.remedy for finding in findings)


@pytest.mark.parametrize("connector", ["webhook", "loyalty_desk"])
def test_a_destination_may_be_reached_by_code_or_by_a_description(
    project: Path, connector: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = tmp_path / "more" / "loyalty_desk.toml"
    described.parent.mkdir()
    described.write_text("")
    monkeypatch.setattr(connectors, "__path__", [*connectors.__path__, str(described.parent)])
    edit(project, "destinations", 2, connector=connector)
    assert lint(project) == []


def test_a_day_without_a_ceiling_is_found(project: Path) -> None:
    edit(project, "caps", 2, window_n="2")
    assert "no cap on all messages of one day" in on_line(lint(project), "caps", 1)


def test_two_rows_of_which_one_follows_the_other_do_not_contradict_each_other(project: Path) -> None:
    edit(project, "caps", 3, valid_to="2026-10-31")
    edit(project, "caps", 16, segment="*", max_n="4", valid_from="2026-11-01")
    assert lint(project) == []
    edit(project, "caps", 16, valid_from="2026-10-31")
    assert "the same window as policy 102" in on_line(lint(project), "caps", 16)


def test_a_project_without_a_universal_holdout_is_found(project: Path) -> None:
    edit(project, "experiments", 2, experiment="other")
    assert "no universal_holdout" in on_line(lint(project), "experiments", 1)


def test_arms_that_take_everybody_are_found(project: Path) -> None:
    path = project / "seeds" / "experiments.csv"
    arm = "weekly_ceiling,cap,*,looser,900,weekly-ceiling-2026,2015-01-01,,lifecycle,"
    path.write_text(path.read_text() + arm + "\n")
    assert "the arms leave nobody to compare with" in on_line(lint(project), "experiments", 7)


def test_more_segments_than_a_mask_can_hold_are_found(project: Path) -> None:
    path = project / "seeds" / "caps.csv"
    rows = [f"{n},global,*,customer,1,2,hour,rolling,a{n},,,2015-01-01,,nobody," for n in range(300, 341)]
    path.write_text("\n".join([path.read_text().rstrip("\n"), *rows, ""]))
    assert "too many segments" in on_line(lint(project), "caps", 1)


def test_a_ringing_channel_without_quiet_hours_is_found(project: Path) -> None:
    edit(project, "quiet_hours", 2, country="DE")
    problems = {finding.problem for finding in lint(project)}
    assert "sms has no quiet hours for everyone" in problems


def test_a_line_cut_short_is_found(project: Path) -> None:
    path = project / "seeds" / "caps.csv"
    path.write_text(path.read_text().rstrip("\n").rsplit(",", 4)[0] + "\n")
    assert "owner is empty" in on_line(lint(project), "caps", 25)


def test_a_cell_too_many_is_found(project: Path) -> None:
    path = project / "seeds" / "caps.csv"
    path.write_text(path.read_text().rstrip("\n") + ",one,more\n")
    assert any(
        "columns are not the declared ones" in problem for problem in on_line(lint(project), "caps", 25)
    )


def test_refused_seeds_stop_with_every_finding(project: Path) -> None:
    edit(project, "messages", 4, audience="nobody")
    with pytest.raises(
        SeedsRefused, match=r"seeds/messages\.csv:4: audience nobody is unknown\. Known: .*bad_csat"
    ):
        refuse_bad_seeds(project)


def test_the_command_says_that_the_seeds_are_in_order() -> None:
    from orchestration.commands.seeds import lint as command

    result = CliRunner().invoke(command)
    assert (result.exit_code, result.output) == (0, "the seeds are in order\n")


HEADER = "action,left_type,left_identifier,right_type,right_identifier,owner,reason,expires_at"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("merge,email,a@example.com,phone,+12025550175,service,said so,", "action merge is unknown"),
        ("cut,mail,a@example.com,phone,+12025550175,service,said so,", "left_type mail is unknown"),
        ("cut,email,a@example.com,phone,+12025550175,,said so,", "owner is empty"),
        ("cut,email,a@example.com,phone,+12025550175,service,,", "reason is empty"),
        ("cut,email,a@example.com,phone,+12025550175,service,x,soon", "expires_at soon is no timestamp"),
        ("cut,email,A@example.com,phone,+12025550175,service,x,", "left_identifier is not in the spelling"),
        ("cut,email,a@example.com,phone,202 555 0175,service,x,", "right_identifier is not in the spelling"),
        ("cut,email,a@example.com,email,a@example.com,service,x,", "both ends are the same identifier"),
        (
            "join,phone,+12025550199,email,b@example.com,service,x,",
            "line 2 says the opposite of the same two",
        ),
        ("cut,email,b@example.com,phone,+12025550199,service,x,", "the same two stand on line 2 already"),
    ],
)
def test_a_faulty_override_is_found_with_its_line(project: Path, row: str, problem: str) -> None:
    first = "cut,email,b@example.com,phone,+12025550199,service,two sisters,2027-01-01 00:00:00"
    path = project / "seeds" / "identity_overrides.csv"
    path.write_text(f"{HEADER}\n{first}\n")
    assert lint(project) == []
    path.write_text(f"{HEADER}\n{first}\n{row}\n")
    assert [found for found in on_line(lint(project), "identity_overrides", 3) if found.startswith(problem)]


@pytest.mark.parametrize(
    ("seed", "cells", "problem"),
    [
        ("identifier_types", {"max_per_customer": "0"}, "max_per_customer below 1"),
        ("identifier_types", {"tier": "9"}, "tier 9 stands on line"),
        ("identifier_blocklist", {"value": "%%", "is_pattern": "true"}, "the pattern blocks every value"),
        ("identifier_blocklist", {"value": "a%", "is_pattern": "false"}, "a value with % that is no pattern"),
        ("identifier_blocklist", {"identifier_type": "fax"}, "identifier_type fax is unknown"),
    ],
)
def test_a_faulty_rule_of_recognition_is_found(
    project: Path, seed: str, cells: dict[str, str], problem: str
) -> None:
    edit(project, seed, 2, **cells)
    assert [found for found in lint(project) if found.problem.startswith(problem)]
