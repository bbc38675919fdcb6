"""What a person sees in Dagster: every asset in its group, with words and an owner; triggers that fire in time."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.catalogue import build
from orchestration.ingestion.contract import load_contracts
from orchestration.paths import Home
from orchestration.triggers import new_files_sensor

GROUPS = {
    "listen", "memory", "seeds", "staging", "identity", "profiles", "context", "audiences", "decisions", "syncs",
    "scores", "measurement", "publish", "speak", "upkeep",
}  # fmt: skip


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build(Home(tmp_path_factory.mktemp("dagster") / "home"))


def test_the_definitions_can_be_loaded(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_asset_is_in_a_group_and_has_words_and_an_owner(definitions: dg.Definitions) -> None:
    nodes = definitions.resolve_all_asset_specs()
    assert {spec.group_name for spec in nodes} == GROUPS
    assert [spec.key.to_user_string() for spec in nodes if not spec.description] == []
    assert [spec.key.to_user_string() for spec in nodes if not spec.owners] == []


def test_every_stream_and_every_list_is_an_asset(definitions: dg.Definitions) -> None:
    keys = {spec.key for spec in definitions.resolve_all_asset_specs()}
    assert {dg.AssetKey([c.source, c.stream]) for c in load_contracts().values()} <= keys
    assert dg.AssetKey(["syncs", "meta_exclusions"]) in keys


def test_streams_are_held_to_a_freshness(definitions: dg.Definitions) -> None:
    stale = [
        s.key
        for s in definitions.resolve_all_asset_specs()
        if s.group_name == "listen" and not s.freshness_policy
    ]
    assert stale == []


def test_every_list_shows_its_gate(definitions: dg.Definitions) -> None:
    checks = {key for key in definitions.resolve_asset_graph().asset_check_keys if key.name == "gate"}
    lists = {
        s.key
        for s in definitions.resolve_all_asset_specs()
        if s.group_name == "speak" and s.key.path[0] == "syncs"
    }
    assert {key.asset_key for key in checks} == lists


def test_a_new_file_asks_for_one_run_and_then_there_is_quiet(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home(tmp_path_factory.mktemp("sensor"))
    sensor = new_files_sensor(home, "downbeat")
    assert isinstance(sensor(dg.build_sensor_context()), dg.SkipReason)
    folder = home.landing / "pos" / "receipt_lines"
    folder.mkdir(parents=True)
    (folder / "night.csv").write_text("receipt_line_id\n")
    context = dg.build_sensor_context()
    assert isinstance(sensor(context), dg.RunRequest)
    assert isinstance(sensor(dg.build_sensor_context(cursor=context.cursor)), dg.SkipReason)
