"""The measured part of the page: every section, intervals or the word unknown, and a phone that need not scroll."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from orchestration.paths import PROJECT, Home
from orchestration.release import Release, publish
from orchestration.report import write_report
from orchestration.report.measured import measured
from orchestration.report.measured_page import place_of
from tests.orchestration.small_warehouse import AS_OF, Rows, warehouse
from tests.orchestration.test_report import TABLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
WIDTH = 390
MEASURED: Rows = {
    **TABLES,
    "fct_recommendations": [
        {
            "kind": "tighten a cap", "advice": "allow 2 a week in place of 4", "reason": "drawn by lot in e1",
            "effect": -0.5, "effect_low": -0.8, "effect_high": -0.2, "effect_unit": "margin", "rank_number": 1,
            "seed_file": "seeds/caps.csv", "seed_key": "policy_id=102",
        },
        {
            "kind": "a step never wins", "advice": "retire it", "reason": "considered for <900> customers",
            "effect_unit": "unknown: it was never sent", "rank_number": 2,
            "seed_file": "seeds/messages.csv", "seed_key": "message_id=promo_email",
        },
    ],
    "fct_channel_attribution": [
        {
            "period_date": AS_OF.date(), "level": "channel", "rule": rule, "channel": channel,
            "conversion_count": count,
            "incremental_count": brought, "incremental_low": low, "incremental_high": high, "evidence": evidence,
        }
        for rule in ("last", "shapley")
        for channel, count, brought, low, high, evidence in (
            ("email", 120, 40.0, 5.0, 75.0, "holdout"), ("paid_social", 60, None, None, None, "none"),
        )
    ],
    "fct_attribution_restatements": [
        {
            "period_date": date(2026, month, 1), "rule": "last", "channel": "email", "conversion_count": now,
            "earlier_count": earlier, "reason": "late orders", "published_at": AS_OF,
        }
        for month, earlier, now in ((1, 118, 121), (2, 60, 62))
    ],
    "fct_lift": [
        {
            "experiment": "universal_holdout", "analysis": "intention to treat", "metric": "orders", "arm": "treated",
            "estimand": "against silence", "cuped_difference": 0.04, "low": -0.01, "high": 0.09,
            "verdict": "no difference shown", "contamination_rate": 0.125, "crossed_rate": 0.004,
        },
        {
            "experiment": "sms_holdout", "analysis": "intention to treat", "metric": "orders", "arm": "treated",
            "estimand": "against silence", "verdict": "withheld",
        },
        {
            "experiment": "sms_holdout", "analysis": "ghosts", "metric": "orders", "arm": "treated",
            "estimand": "against what would have been sent instead", "cuped_difference": 0.02, "low": 0.01,
            "high": 0.03, "verdict": "more",
        },
        *(
            {
                "experiment": "winback_letter_holdout", "analysis": "ghosts", "metric": metric, "arm": "treated",
                "estimand": "against silence", "cuped_difference": 0.0, "low": 0.0, "high": 0.0,
                "verdict": "too few people",
            }
            for metric in ("orders", "revenue")
        ),
    ],
    "fct_message_efficacy": [
        {
            "message_id": "promo_email", "common_lift": 0.011, "common_low": -0.002, "common_high": 0.024,
            "as_sent_lift": 0.031, "click_credited_rate": 0.08, "verdict": "cannot tell yet",
        },
        {"message_id": "cart_sms", "verdict": "not tried: nothing is withheld of it"},
    ],
    "fct_pressure_curve": [
        {
            "experiment": "weekly_ceiling", "channel_group": "all channels", "from_count": 3, "to_count": 4,
            "net_value": -0.5, "net_low": -0.8, "net_high": -0.2, "verdict": "costs more than it brings",
            "suggested_cap": 2,
        },
    ],
    "fct_model_runs": [
        {
            "model": "purchase", "model_version": "purchase-1", "is_published": False, "is_in_force": False,
            "reason": "does not beat recency and frequency", "fitted_at": AS_OF,
        },
    ],
    "fct_model_measures": [
        {"model_version": "purchase-1", "competitor": "model", "measure": measure, "step": step, "value": step / 20}
        for measure in ("step_predicted", "step_actual")
        for step in range(1, 11)
    ],
    "dim_lifecycle": [{"customer_id": "c1", "stage": "at_risk"}],
    "fct_text_signal_quality": [{"signal": "complaint", "way": "words", "precision_rate": 0.9, "recall_rate": 0.75}],
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    home = warehouse(tmp_path_factory.mktemp("measured"), MEASURED)
    return home, publish(home, "r1", AS_OF, "duckdb")


def test_every_section_is_there_and_nothing_is_fetched(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    heads = re.findall(r"<h2>([^<]+)</h2>", told)
    wanted = [
        "What to change",
        "Attribution",
        "Lift",
        "Messages at one pressure",
        "Pressure",
        "Scores",
        "Signals in words",
        "Agreement",
    ]
    assert [head for head in heads if head in wanted] == wanted
    assert not re.search(r"https?://|<script|<link|@import|url\(", told)


def test_an_effect_has_its_interval_or_is_called_unknown(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    assert "−0.5 (−0.8 to −0.2) margin" in told
    assert "unknown: it was never sent" in told
    assert "40 (5 to 75), holdout" in told
    assert "withheld" in told
    assert "considered for &lt;900&gt; customers" in told


def test_an_experiment_with_too_few_people_is_one_row_without_a_figure(
    published: tuple[Home, Release],
) -> None:
    told = write_report(*published).read_text()
    assert told.count("winback letter holdout") == 1
    assert told.count("Too few people") == 1
    assert "0 (0 to 0)" not in told


def test_each_figure_of_lift_stands_under_the_question_it_answers(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    instead, silent, apart = re.split("<h3>", told[told.index("<h2>Lift") : told.index("<h2>Messages at")])[
        -3:
    ]
    assert "against the message that goes out in its place?" in instead
    assert "0.02 (0.01 to 0.03)" in instead
    assert "against nothing at all?" in silent
    assert "0.04 (−0.01 to 0.09)" in silent
    assert "<td>universal holdout</td><td>12.5 %</td><td>0.4 %</td>" in apart


def test_what_was_published_and_has_changed_since_is_said_with_its_reason(
    published: tuple[Home, Release],
) -> None:
    told = write_report(*published).read_text()
    assert (
        "<td>Jan 2026</td><td>email</td><td class=n>118</td><td class=n>121</td><td>late orders</td>" in told
    )
    assert "<td>Feb 2026</td>" not in told, "the running month changes every day"


def test_efficacy_stands_beside_the_figures_that_mislead(published: tuple[Home, Release]) -> None:
    told = write_report(*published).read_text()
    assert "0.011 (−0.002 to 0.024)</td><td>0.031</td><td>0.08</td>" in told
    assert "Nothing is withheld of: cart sms." in told
    assert "clicks are credit, not effect" in told


def test_the_row_to_edit_is_named_by_file_and_line() -> None:
    line = (PROJECT / "seeds" / "caps.csv").read_text().splitlines()[1]
    policy = line.split(",")[0]
    assert place_of("seeds/caps.csv", f"policy_id={policy}") == f"seeds/caps.csv:2 (policy_id={policy})"
    assert place_of("seeds/caps.csv", "policy_id=none") == "seeds/caps.csv (policy_id=none)"


def test_the_same_rows_draw_the_same_charts(published: tuple[Home, Release]) -> None:
    charts = measured(published[1]).charts()
    assert list(charts) == [
        "lift against what would have been sent instead, ghosts",
        "lift against silence, intention to treat",
        "pressure: what one more message is worth",
        "orders brought, by the holdouts",
        "calibration of purchase",
    ]
    assert measured(published[1]).charts() == charts


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: the page cannot be looked at")
def test_on_a_phone_nothing_is_wider_than_the_screen(published: tuple[Home, Release], tmp_path: Path) -> None:
    page = write_report(*published)
    probe = tmp_path / "probe.html"
    frame = f'<iframe id="f" width="{WIDTH}" height="6000" style="border:0"></iframe>'
    read = "const f = document.getElementById('f'); f.srcdoc = document.getElementById('t').textContent;"
    size = "const d = f.contentDocument.documentElement; document.title = d.scrollWidth + ' in ' + f.clientWidth;"
    safe = page.read_text().replace("&", "&amp;").replace("<", "&lt;")
    probe.write_text(
        f'<meta charset="utf-8"><textarea id="t" hidden>{safe}</textarea>{frame}'
        f"<script>{read} f.onload = () => {{ {size} }};</script>"
    )
    shown = chromium(tmp_path, probe, "--dump-dom", "--virtual-time-budget=5000")
    wide, _, screen = re.search(r"<title>(\d+)( in )(\d+)</title>", shown.decode()).groups()  # type: ignore[union-attr]
    assert int(screen) == WIDTH
    assert int(wide) <= WIDTH
    picture = tmp_path / "page.png"
    chromium(tmp_path, page, f"--screenshot={picture}", "--window-size=500,4000")
    assert picture.stat().st_size > 20_000


def chromium(folder: Path, page: Path, *flags: str) -> bytes:
    """What a browser with an empty profile says of a file."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, page.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
