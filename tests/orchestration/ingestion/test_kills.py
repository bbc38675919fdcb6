"""A killed ingestion leaves a load that is there entirely or not at all, and the next one finishes the work."""

from __future__ import annotations

import fcntl
import multiprocessing
import signal
import threading
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion import commit
from orchestration.ingestion.commit import StreamBusy, nothing, shelf
from orchestration.ingestion.loads import committed_loads, stream_folder
from orchestration.ingestion.spooled_bodies import Waiting
from orchestration.paths import Home
from tests.orchestration.ingestion.conftest import Kiosk
from tests.orchestration.ingestion.killed import SIX, take, take_and_die

STREAMS = {"files": "pos.coupon_redemptions", "pull": "shop.products", "inbox": "preferences.consents"}
STEPS = ("before writing", "before quarantine", "before parquet", "before entry", "after entry")
CONSENT = b"""{"event_id": "c%d", "contact_type": "email", "contact_point": "a@example.com", "channel": "email",
"purpose": "marketing", "status": "withdrawn", "occurred_at": "2026-10-31 10:00:00"}"""


def prepare(home: Home, what: str) -> None:
    """Something to take in: three rows that fit, and for files one that does not."""
    if what == "files":
        folder = stream_folder(home.landing, STREAMS[what])
        folder.mkdir(parents=True)
        rows = "".join(f"r{i},,c,mail,2026-10-31 10:00:00\n" for i in range(3))
        header = "redemption_id,loyalty_card,coupon,campaign,redeemed_at\n"
        (folder / "a.csv").write_text(header + rows + "half a li")
    if what == "inbox":
        for number in range(3):
            Waiting.of(home, STREAMS[what]).accept(f"id-{number}", CONSENT % number, SIX)


def killed(home: Home, what: str, point: str) -> None:
    """A process of its own, killed by the kernel. The server it is forked from imports once and does nothing else."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.orchestration.ingestion.killed"])
    process = processes.Process(target=take_and_die, args=(str(home.root), what, point))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL


def rows_seen(home: Home, what: str) -> list[str]:
    """The keys a reader sees."""
    folder = stream_folder(home.raw, STREAMS[what])
    files = [str(folder / load.file) for load in committed_loads(home, STREAMS[what])]
    return sorted(
        row[0] for f in files for row in duckdb.sql(f"select * from read_parquet('{f}')").fetchall()
    )


@pytest.mark.parametrize(
    ("what", "point"),
    [
        *(("files", step) for step in STEPS),
        ("pull", "after pull"),
        ("pull", "before entry"),
        ("pull", "after entry"),
        ("inbox", "before entry"),
        ("inbox", "before clearing"),
    ],
)
def test_a_killed_ingestion_is_whole_or_absent_and_then_completed_once(
    tmp_path: Path, what: str, point: str
) -> None:
    home = Home(tmp_path)
    prepare(home, what)
    killed(home, what, point)
    assert len(rows_seen(home, what)) in (0, 3)
    assert bool(rows_seen(home, what)) == (point in ("after entry", "before clearing"))
    take(home, what, nothing)
    take(home, what, nothing)
    assert len(rows_seen(home, what)) == len(set(rows_seen(home, what))) == 3
    (load,) = committed_loads(home, STREAMS[what])
    assert load.rows_kept == 3
    assert no_leftovers(home, STREAMS[what])


def no_leftovers(home: Home, stream: str) -> bool:
    """Parquet without an entry, and drafts, are gone after the next ingestion."""
    raw, quarantine = stream_folder(home.raw, stream), stream_folder(home.quarantine, stream)
    entries = {entry.stem for entry in (raw / "_loads").iterdir()}
    found = {file.stem for folder in (raw, quarantine) for file in folder.glob("*.parquet")}
    return found <= entries and not list((raw / "_scratch").iterdir())


def test_two_ingestions_of_one_stream_wait_for_each_other(kiosk: Kiosk) -> None:
    order: list[str] = []

    def second() -> None:
        with shelf(kiosk.home, kiosk.contract.name):
            order.append("second")

    with shelf(kiosk.home, kiosk.contract.name):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(timeout=5)
    assert order == ["first", "second"]


def test_a_stream_held_too_long_says_so(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "WAIT_SECONDS", 0.0)
    with shelf(kiosk.home, kiosk.contract.name) as held, (held.raw / "_lock").open("w") as mine:
        with pytest.raises(BlockingIOError):
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(StreamBusy, match=r"kiosk\.receipts"), shelf(kiosk.home, kiosk.contract.name):
            pass
