"""The walls of the house, held against dbt's manifest."""

from __future__ import annotations

import csv
import re
from typing import Any

from tests.conftest import PROJECT

LAYERS = [
    "seeds",
    "staging",
    "identity",
    "profiles",
    "context",
    "scores",
    "audiences",
    "decisions",
    "syncs",
    "measurement",
]
PREFIXES = {
    "staging": ("stg_",),
    "identity": ("int_", "fct_", "dim_"),
    "profiles": ("int_", "fct_", "dim_"),
    "context": ("int_", "fct_", "dim_"),
    "scores": ("int_", "fct_", "dim_"),
    "audiences": ("int_", "aud_", "fct_", "dim_"),
    "decisions": ("int_", "fct_", "dim_"),
    "syncs": ("int_", "sync_", "fct_"),
    "measurement": ("int_", "fct_", "dim_"),
}


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: dict[str, Any]) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def test_there_are_models_in_every_layer(manifest: dict[str, Any]) -> None:
    assert {layer(model) for model in models(manifest)} == set(LAYERS) - {"seeds"}


def test_a_models_name_tells_its_layer_in_forty_characters(manifest: dict[str, Any]) -> None:
    wrong = [
        m["name"]
        for m in models(manifest)
        if not m["name"].startswith(PREFIXES[layer(m)]) or len(m["name"]) > 40
    ]
    assert wrong == []


def test_every_model_has_its_own_yaml_beside_it(manifest: dict[str, Any]) -> None:
    wrong = []
    for model in models(manifest):
        expected = model["original_file_path"].replace(".sql", ".yml")
        if (model["patch_path"] or "").removeprefix("downbeat://") != expected:
            wrong.append(f"{model['name']}: expected {expected}")
    assert wrong == []


def test_every_model_and_column_is_described(manifest: dict[str, Any]) -> None:
    wrong = [m["name"] for m in models(manifest) if not m["description"].strip() or not m["columns"]]
    wrong += [
        f"{m['name']}.{c['name']}"
        for m in models(manifest)
        for c in m["columns"].values()
        if not c["description"].strip()
    ]
    assert wrong == []


def test_every_model_is_tested(manifest: dict[str, Any]) -> None:
    tested = {
        n
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        for n in test["depends_on"]["nodes"]
    }
    assert [m["name"] for m in models(manifest) if m["unique_id"] not in tested] == []


def test_only_staging_reads_sources(manifest: dict[str, Any]) -> None:
    wrong = [
        m["name"]
        for m in models(manifest)
        if layer(m) != "staging" and any(n.startswith("source.") for n in m["depends_on"]["nodes"])
    ]
    assert wrong == []


def test_a_model_looks_only_at_its_own_layer_or_an_earlier_one(manifest: dict[str, Any]) -> None:
    wrong = []
    for model in models(manifest):
        for name in model["depends_on"]["nodes"]:
            parent = manifest["nodes"].get(name)
            if parent and LAYERS.index(layer(parent)) > LAYERS.index(layer(model)):
                wrong.append(f"{model['name']} <- {parent['name']}")
    assert wrong == []


def test_intermediate_models_are_private_to_their_folder(manifest: dict[str, Any]) -> None:
    wrong = []
    for model in models(manifest):
        for name in model["depends_on"]["nodes"]:
            parent = manifest["nodes"].get(name)
            if parent and parent["name"].startswith("int_") and layer(parent) != layer(model):
                wrong.append(f"{model['name']} <- {parent['name']}")
    assert wrong == []


def test_the_contracts_at_the_seams_are_enforced(manifest: dict[str, Any]) -> None:
    enforced = {m["name"] for m in models(manifest) if m["config"]["contract"]["enforced"]}
    assert {
        "fct_contact_events",
        "dim_customer_identifiers",
        "dim_customers",
        "fct_consents",
        "fct_contacts",
        "fct_audience_members",
        "fct_ledger",
        "fct_decisions",
        "sync_members",
    } <= enforced


def test_no_model_asks_which_engine_it_runs_on() -> None:
    wrong = [
        str(f) for f in (PROJECT / "models").rglob("*.sql") if re.search(r"{%-?\s*if\s+target", f.read_text())
    ]
    assert wrong == []


def test_no_model_reads_the_wall_clock() -> None:
    clock = re.compile(r"\b(current_timestamp|current_date|now\(\)|today\(\)|getdate)\b", re.IGNORECASE)
    wrong = [
        str(f.relative_to(PROJECT))
        for f in (PROJECT / "models").rglob("*.sql")
        if clock.search(f.read_text())
    ]
    assert wrong == []


def test_models_are_at_most_a_hundred_lines_and_begin_in_words() -> None:
    wrong = []
    for file in (PROJECT / "models").rglob("*.sql"):
        lines = file.read_text().splitlines()
        if len(lines) > 100:
            wrong.append(f"{file.name}: {len(lines)} lines")
        if not any(line.startswith("--") for line in lines[:4]):
            wrong.append(f"{file.name}: its first line says nothing in words")
    assert wrong == []


def test_personal_columns_of_staging_are_tagged_in_the_sources(manifest: dict[str, Any]) -> None:
    personal = {"email", "phone", "first_name", "last_name", "street", "contact_point", "birth_date"}
    wrong = []
    for source in manifest["sources"].values():
        for column in source["columns"].values():
            if column["name"] in personal and not column.get("config", {}).get("meta", column["meta"]).get(
                "pii"
            ):
                wrong.append(f"{source['source_name']}.{source['name']}.{column['name']}")
    assert wrong == []


def test_every_list_is_an_exposure(manifest: dict[str, Any]) -> None:
    with (PROJECT / "seeds" / "syncs.csv").open() as handle:
        lists = {row["sync_id"] for row in csv.DictReader(handle)}
    assert {exposure["name"] for exposure in manifest["exposures"].values()} == lists
