"""All tools together: quick to start, the same again after a restart or a kill, safe under many hands at once."""

from __future__ import annotations

import os
import shlex
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from sandbox.tools import Toolbox
from tests.sandbox.tools.conftest import MORNING, Client, klaviyo_headers
from tests.sandbox.tools.test_klaviyo_events import PATH as EVENTS
from tests.sandbox.tools.test_klaviyo_events import TODAY, bulk, event
from tests.sandbox.tools.test_klaviyo_lists import imported, new_list, profile
from tests.sandbox.tools.test_letters import sftp


def test_the_tools_start_in_well_under_two_seconds(tmp_path: Path) -> None:
    started = time.monotonic()
    with Toolbox.start(tmp_path):
        assert time.monotonic() - started < 1.5


def test_the_environment_names_everything_a_client_needs(toolbox: Toolbox) -> None:
    known = toolbox.environment
    assert set(known) == {
        "SHOP_URL", "SHOP_TOKEN", "DESK_URL", "DESK_TOKEN", "KLAVIYO_URL", "KLAVIYO_API_KEY", "META_URL",
        "META_ACCESS_TOKEN", "META_AD_ACCOUNT", "TILL_URL", "TILL_TOKEN", "LETTERS_SFTP_HOST", "LETTERS_SFTP_PORT",
        "LETTERS_SFTP_USER", "LETTERS_SFTP_KEY_FILE", "LETTERS_SFTP_HOST_KEY", "ONSITE_WEBHOOK_URL",
        "ONSITE_WEBHOOK_SECRET", "INBOX_SECRET",
    }  # fmt: skip
    assert all(known.values())


def test_a_restart_keeps_state_secrets_ports_and_the_time(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path) as first:
        first.set_time(MORNING)
        before = first.environment
        client = Client(before["KLAVIYO_URL"], klaviyo_headers(before["KLAVIYO_API_KEY"]))
        imported(client, [profile(email="ann@example.com")], new_list(client, "vip"))
        client.ask("POST", EVENTS, bulk(event("d1", {"email": "ann@example.com"})))
        first.shop.publish("orders", [{"order_id": "o1", "updated_at": MORNING}])
    with Toolbox.start(tmp_path) as second:
        assert second.environment == before
        assert second.clock.now() == MORNING
        assert second.klaviyo.lists() == {"vip": {"ann@example.com"}}
        assert client.ask("POST", EVENTS, bulk(event("d1", {"email": "ann@example.com"}))).status_code == 202
        assert len(second.klaviyo.messages(TODAY)) == 1
        bearer = {"Authorization": f"Bearer {before['SHOP_TOKEN']}"}
        assert len(Client(before["SHOP_URL"], bearer).ask("GET", "/api/v1/orders").json()["data"]) == 1
        assert second.requests("klaviyo") >= 5


def test_a_job_left_behind_is_finished_after_the_restart(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path) as first:
        known = first.environment
        client = Client(known["KLAVIYO_URL"], klaviyo_headers(known["KLAVIYO_API_KEY"]))
        data = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": [profile(email="ann@example.com")]}},
            "relationships": {"lists": {"data": [{"type": "list", "id": new_list(client, "vip")}]}},
        }
        number = client.ask("POST", "/api/profile-bulk-import-jobs", {"data": data}).json()["data"]["id"]
    with Toolbox.start(tmp_path) as second:
        client.ask("GET", f"/api/profile-bulk-import-jobs/{number}")
        assert second.klaviyo.lists() == {"vip": {"ann@example.com"}}


def test_a_port_that_was_taken_meanwhile_gives_way_unless_it_was_fixed(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path / "a") as first:
        taken = int(first.environment["TILL_URL"].rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            Toolbox.start(tmp_path / "b", ports={"till": taken})
    with Toolbox.start(tmp_path / "b", ports={"till": taken}) as second:
        assert second.environment["TILL_URL"] == f"http://127.0.0.1:{taken}"
        with Toolbox.start(tmp_path / "a") as third:
            assert third.environment["TILL_URL"] != second.environment["TILL_URL"]


def test_many_writers_at_once_lose_nothing(toolbox: Toolbox) -> None:
    known = toolbox.environment
    headers = klaviyo_headers(known["KLAVIYO_API_KEY"])

    def send(writer: int) -> list[int]:
        client = Client(known["KLAVIYO_URL"], headers)
        # Everyone sends the same people, half of them the same messages.
        bodies = [
            bulk(
                *(
                    event(f"d{n if n % 2 else f'{n}-{writer}'}", {"email": f"p{n}@example.com"})
                    for n in range(40)
                )
            )
            for _ in range(3)
        ]
        return [client.ask("POST", EVENTS, body).status_code for body in bodies]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for found in pool.map(send, range(8)) for status in found]
    assert statuses == [202] * 24
    assert len(toolbox.klaviyo.messages(TODAY)) == 20 + 20 * 8
    assert toolbox.klaviyo.store.count("select count(*) from profiles") == 40
    assert toolbox.requests("klaviyo") == 24


def test_a_connection_is_kept_open_for_the_next_request(till: Client) -> None:
    till.ask("GET", "/v1/cards")
    (pool,) = till.session.get_adapter("http://").poolmanager.pools._container.values()  # type: ignore[attr-defined]
    for _ in range(5):
        till.ask("GET", "/v1/cards")
    assert pool.num_connections == 1
    assert pool.num_requests == 6


def test_secrets_and_keys_are_readable_by_their_owner_only(toolbox: Toolbox) -> None:
    key = Path(toolbox.environment["LETTERS_SFTP_KEY_FILE"])
    for path in (toolbox.folder / "toolbox.json", key, key.with_name("hostkey")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_length_must_be_said(till: Client) -> None:
    answer = requests.put(f"{till.url}/v1/cards", data=iter([b"[]"]), headers=till.headers, timeout=5)
    assert answer.status_code == 411


def test_serve_prints_the_environment_and_state_survives_its_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox.tools", "serve", "--state", str(tmp_path)]
    for stop, cards in ((signal.SIGKILL, 1), (signal.SIGTERM, 2)):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        known = dict(shlex.split(line)[1].split("=", 1) for line in _until_comment(process))
        client = Client(known["TILL_URL"], {"Authorization": f"Bearer {known['TILL_TOKEN']}"})
        client.ask("PUT", "/v1/cards", [{"card": f"L{cards}"}])
        assert len(client.ask("GET", "/v1/cards").json()["data"]) == cards
        with sftp(known) as folder:
            assert folder.listdir(".") == []
        os.kill(process.pid, stop)
        code = process.wait(timeout=10)
        assert code == (0 if stop == signal.SIGTERM else -stop)


def _until_comment(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    while not (line := process.stdout.readline()).startswith("#"):
        assert line, "the server ended before it was ready"
        lines.append(line.strip())
    return lines


def test_a_clock_nobody_has_set_runs_with_real_time(tmp_path: Path) -> None:
    with Toolbox.start(tmp_path) as fresh:
        assert abs((datetime.now(UTC) - fresh.clock.now()).total_seconds()) < 5
        fresh.set_time(datetime(2026, 1, 1))
        assert fresh.clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
