"""Where the policies of a replay come from; what the workflow on pull requests calls; how coming days are ranked."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import date
from pathlib import Path

import click
import pytest
import yaml

from orchestration.commands.replay import replay
from orchestration.lint.check import lint
from orchestration.paths import PROJECT
from orchestration.project_copy import PARTS
from orchestration.replay.ahead import Ahead, Day, Loser
from orchestration.replay.project import NoSuchPolicies, project_with

WORKFLOW = PROJECT / ".github" / "workflows" / "replay.yml"


def test_policies_as_of_a_commit_are_those_of_that_commit(tmp_path: Path) -> None:
    place = project_with(tmp_path, commit="HEAD")
    assert {path.name for path in place.iterdir()} == set(PARTS)
    shown = subprocess.run(
        ["git", "show", "HEAD:seeds/caps.csv"], cwd=PROJECT, capture_output=True, check=True
    )
    assert (place / "seeds" / "caps.csv").read_bytes() == shown.stdout
    assert lint(place) == []


def test_a_commit_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPolicies, match="git does not know no-such-branch: fetch it"):
        project_with(tmp_path, commit="no-such-branch")


def test_seeds_laid_over_a_commit_replace_only_their_own_files(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "prices.csv").write_text("price_id\n")
    place = project_with(tmp_path, seeds=tmp_path / "other", commit="HEAD")
    assert (place / "seeds" / "prices.csv").read_text() == "price_id\n"
    assert (place / "seeds" / "caps.csv").stat().st_size > 100


def test_the_workflow_watches_policies_and_calls_replay_as_it_is() -> None:
    told = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    watched = told[True]["pull_request"]["paths"]  # YAML reads the key "on" as true
    assert all((PROJECT / path.removesuffix("/**")).is_dir() for path in watched)
    scripts = [step["run"] for step in told["jobs"]["replay"]["steps"] if "run" in step]
    [script] = [script for script in scripts if "downbeat replay" in script]
    words = shlex.split(re.sub(r"\$\(.*?\)", "2026-11-02", script.replace("\\\n", " ")))
    assert words[:2] == [".venv/bin/downbeat", "replay"]
    context = replay.make_context("replay", words[2:])
    assert isinstance(context, click.Context)
    assert (context.params["sample"], context.params["page_file"]) == (20000, Path("replay.md"))
    posted = next(script for script in scripts if "gh pr comment" in script)
    assert "--body-file replay.md" in posted


def test_every_make_target_that_the_workflow_calls_exists() -> None:
    called = re.findall(r"make (\w[\w-]*)", WORKFLOW.read_text(encoding="utf-8"))
    targets = re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), flags=re.M)
    assert called
    assert set(called) <= set(targets)


def test_the_least_harmful_day_is_that_which_brings_most_beyond_what_it_displaces() -> None:
    days = (
        Day(date(2026, 11, 6), 10, 5.0, (Loser("promo_email", 10, 4.0),)),
        Day(date(2026, 11, 7), 8, 4.0, ()),
        Day(date(2026, 11, 8), 0, 0.0, ()),
    )
    assert [day.day.day for day in Ahead("m", 1.0, days).least_harmful()] == [7, 6]
