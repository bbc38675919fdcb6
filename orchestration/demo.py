"""The closed loop in one sitting: a retailer lives through some days, and Downbeat with it, tools and all.

Two branches continue from the same past with the same luck: in one every channel team acts for itself, in the other
nothing reaches a tool but what Downbeat decided. The figures at the end come from the simulator's own books and from
what the tools received, not from our ledger.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from secrets import token_bytes

from rich.console import Console
from rich.progress import Progress

from orchestration.environment import environment_set
from orchestration.ingestion.inbox import Inbox
from orchestration.paths import Home
from orchestration.received import Watch
from orchestration.release import current_release
from orchestration.run import RunResult, run
from orchestration.sandbox_home import fresh_sandbox
from orchestration.stage import GO_LIVE, Scene, Stage
from orchestration.summary import show
from sandbox.exports import export_day
from sandbox.received import sends_from_tools
from sandbox.retailer import Retailer
from sandbox.tools import Toolbox

MORNING = time(6)


def run_demo(home: Home, scene: Scene, out: Console) -> Stage:
    """Clear the sandbox home, live through the days, show what came of it. RunFailed if a run stops."""
    fresh_sandbox(home)
    with Progress(console=out, redirect_stdout=False, redirect_stderr=False) as progress:
        bar = progress.add_task("people and their past", total=scene.days + 3)
        with stage_of(home, scene) as stage:
            progress.advance(bar)
            for number in range(scene.days):
                day = GO_LIVE + timedelta(days=number)
                progress.update(bar, description=f"{day:%a %d %b}: listen, decide, speak, live")
                live(stage, day)
                progress.advance(bar)
            progress.update(bar, description="the morning after, and once more with nothing new")
            morning_after(stage, GO_LIVE + timedelta(days=scene.days))
            progress.advance(bar, 2)
            show(stage, out)
            return stage


@contextmanager
def stage_of(home: Home, scene: Scene) -> Iterator[Stage]:
    """People with a past, the tools they meet, and the inbox for their preferences."""
    retailer = Retailer.create(scene.customers, scene.seed, GO_LIVE, scene.history_days)
    retailer.write_history(home.landing)
    with Toolbox.start(home.sandbox / "tools") as toolbox:
        secrets = {
            **toolbox.environment,
            "INBOX_SECRET": new_secret(),
            "DOWNBEAT_ERASURE_SECRET": "demonstration",
            "DOWNBEAT_ALLOW_LOOPBACK": "1",
        }
        with environment_set(secrets), Inbox.start(home) as inbox:
            toolbox.inbox_url = inbox.url
            siloed = retailer.branch()
            yield Stage(home, scene, toolbox, inbox, retailer, siloed, Watch(home, toolbox), secrets)


def new_secret() -> str:
    """A webhook secret for this demonstration only."""
    return "whsec_" + b64encode(token_bytes(24)).decode()


def live(stage: Stage, day: date) -> None:
    """One day: in the morning Downbeat decides and speaks, then people live through it, in both branches."""
    stage.runs.append(morning(stage, day))
    release = current_release(stage.home)
    assert release is not None
    stage.watch.note(day, release)
    sends = sends_from_tools(stage.toolbox, stage.ours, day)
    export_day(stage.ours.live_day(day, sends), stage.home.landing, stage.toolbox, day)
    stage.siloed.live_day(day, stage.siloed.siloed_sends(day))


def morning(stage: Stage, day: date) -> RunResult:
    """Six o'clock: the run for this day."""
    moment = datetime.combine(day, MORNING)
    stage.toolbox.set_time(moment)
    return run(stage.home, moment, stage.scene.target, tell=lambda _: None)


def morning_after(stage: Stage, day: date) -> None:
    """A last run takes in the last day; a second one finds nothing new and must leave the tools alone."""
    stage.runs.append(morning(stage, day))
    requests, files = stage.watch.writes(), kept_files(stage.home)
    stage.runs.append(morning(stage, day))
    stage.requests_when_nothing_is_new = stage.watch.writes() - requests
    stage.files_when_nothing_is_new = len(kept_files(stage.home) ^ files)
    release = current_release(stage.home)
    assert release is not None
    stage.holdings = stage.watch.agreement(release)


def kept_files(home: Home) -> set[tuple[str, int]]:
    """Every file that holds rows, in whatever room, with the time of its last writing."""
    folders = (home.raw, home.quarantine, home.releases, home.ledgers, home.warehouse)
    files = [p for folder in folders for p in folder.rglob("*") if p.suffix in (".parquet", ".duckdb")]
    return {(str(file), file.stat().st_mtime_ns) for file in files}
