"""What Dagster and the terminal show while lists are on their way, and what is left when one tool fails."""

from __future__ import annotations

import io
import json

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from orchestration.assets import deliveries
from orchestration.bars import Bars
from orchestration.delivery.progress import Step, watched_by
from orchestration.gates import Verdict
from orchestration.ingestion.loads import committed_loads
from orchestration.moment import AS_OF
from orchestration.paths import Home
from orchestration.shelf import current_release
from orchestration.verdicts import write_verdicts
from sandbox.tools.toolbox import Toolbox
from tests.orchestration.delivery.receiver import MEMBERS, NOON

LISTS = {
    "till_cards": ("till", "cards", "card", "900000000"),
    "klaviyo_high_value": ("klaviyo", "Downbeat high value", "email", "p"),
}
PAYLOAD = '{"lifecycle_stage": "active"}'


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A published release of two lists at two tools, which run on loopback; no other tool is connected."""
    found = Home(tmp_path / "home")
    folder = found.releases / "r1"
    lists, members = [], []
    for sync_id, (destination, name, kind, stem) in LISTS.items():
        lists.append(
            {"sync_id": sync_id, "destination": destination, "object": name, "mode": "mirror", "polarity": "permissive"}
        )  # fmt: skip
        values = [f"{stem}{n}@example.com" if kind == "email" else f"{stem}{n}" for n in range(3)]
        members += [
            (sync_id, v, json.dumps({kind: v}), PAYLOAD, f"h{v}", f"c{v}", None, "permissive") for v in values
        ]
    tables = {
        "syncs": pa.Table.from_pylist(lists),
        "sync_members": pa.Table.from_pylist(
            [dict(zip(MEMBERS.names, row, strict=True)) for row in members], MEMBERS
        ),
    }
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(rows, folder / name / "0.parquet")
    manifest = {"release_id": "r1", "as_of": NOON.isoformat(), "verdict": "certified", "sequence": 1}
    manifest["tables"] = {name: {"rows": rows.num_rows, "files": []} for name, rows in tables.items()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (found.releases / "CURRENT").write_text("r1")
    release = current_release(found)
    write_verdicts(found, release, {sync_id: Verdict(sync_id, True, (), "") for sync_id in LISTS})
    with Toolbox.start(tmp_path / "tools") as toolbox:
        toolbox.set_time(NOON)
        told = {k: v for k, v in toolbox.environment.items() if k.startswith(("TILL", "KLAVIYO"))}
        for name, value in {**told, "DOWNBEAT_ALLOW_LOOPBACK": "1"}.items():
            monkeypatch.setenv(name, value)
        yield found, toolbox


def delivered(home, selection=None):
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [deliveries.deliveries(home)],
            instance=instance,
            tags={AS_OF: NOON.isoformat(sep=" ")},
            raise_on_error=False,
            selection=selection,
        )
        logged = [record.user_message for record in instance.all_logs(result.run_id)]
    return result, logged


def test_lists_go_out_together_and_a_tool_that_refuses_us_fails_alone(home):
    house, toolbox = home
    toolbox.misbehave("klaviyo", "401", times=9)
    result, logged = delivered(house)
    assert not result.success
    assert any("klaviyo: " in line and "refused our key" in line for line in logged)
    assert set(toolbox.till.cards()) == {"9000000000", "9000000001", "9000000002"}
    done = {
        e.asset_key.path[-1]: e.materialization.metadata for e in result.get_asset_materialization_events()
    }
    assert done["till_cards"]["accepted"].value == 3
    assert done["klaviyo_high_value"]["accepted"].value == 0
    assert "letters_sftp" in done, "what is not connected is said to be so"
    assert any("letters_sftp is not connected" in line for line in logged)
    toolbox.behave()
    result, _ = delivered(house)
    assert result.success
    assert len(toolbox.klaviyo.lists("email")["Downbeat high value"]) == 3
    assert [load.rows_kept for load in committed_loads(house, "downbeat.receipts")] == [3, 3]


def test_one_list_can_be_asked_for_and_counts_are_told_while_it_is_on_its_way(home, monkeypatch):
    house, toolbox = home
    monkeypatch.setattr(deliveries, "LIVE_SECONDS", 0.0)
    steps: list[Step] = []
    with watched_by(steps.append):
        result, logged = delivered(house, selection=["syncs/till_cards"])
    assert result.success
    assert [e.asset_key.path[-1] for e in result.get_asset_materialization_events()] == ["till_cards"]
    assert toolbox.requests("klaviyo") == 0
    assert steps[-1] == Step("till", "till_cards", 3, 3)
    assert "till_cards: 3 of 3 rows" in logged
    observed = [e for e in result.all_events if e.event_type_value == "ASSET_OBSERVATION"]
    seen = observed[-1].asset_observation_data.asset_observation.metadata
    assert (seen["rows_done"].value, seen["rows_to_do"].value) == (3, 3)


def test_the_terminal_shows_a_bar_per_list_and_a_file_shows_none():
    shown, steps = io.StringIO(), [Step("till", "till_cards", done, 4) for done in (0, 2, 4)]
    with Bars(Console(file=shown, force_terminal=True, width=100)) as bars:
        for step in steps:
            bars(step)
    assert "till_cards" in shown.getvalue()
    assert "4/4" in shown.getvalue()
    silent = io.StringIO()
    with Bars(Console(file=silent)) as bars:
        bars(steps[0])
    assert silent.getvalue() == ""
