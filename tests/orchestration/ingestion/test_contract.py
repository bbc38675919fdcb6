"""A contract is read as it was written, and a mistake in it is shown by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.ingestion.contract import BadContract, load_contracts
from tests.orchestration.ingestion.conftest import YAML


def written(folder: Path, text: str) -> Path:
    path = folder / "kiosk" / "_kiosk__sources.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_every_declared_stream_of_the_project_can_be_read() -> None:
    contracts = load_contracts()
    assert {"preferences.consents", "pos.receipt_lines", "downbeat.receipts"} <= contracts.keys()
    consent = contracts["preferences.consents"].column("status")
    assert (consent.accepted, consent.otherwise, consent.is_required) == (
        ("granted", "withdrawn"),
        "unknown",
        True,
    )


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("key: [receipt_id]", "key: [receipt]", 6, "key: receipt is not a declared column"),
        ("key: [receipt_id], ", "", 6, "key: name the columns"),
        ("event_time: sold_at", "event_time: day", 6, "event_time: day must be a timestamp"),
        ("delivery: file", "delivery: pigeon", 6, "delivery: must be one of"),
        ("delivery: file", "deliver: file", 6, "deliver: unknown"),
        ("data_type: bigint", "data_type: int", 11, "data_type: 'int' is not allowed"),
        ("name: pieces", "name: Pieces", 11, "name: 'Pieces' is not allowed"),
        ("name: pieces", "name: kind", 5, "column kind is declared twice"),
        ("minimum: 1", "minimum: one", 11, "minimum: must be a number"),
        ("required: true", "required: yes please", 8, "required: must be true or false"),
        ("required: true", "requried: true", 8, "requried: unknown"),
        ("accepted: [sale, refund]", "otherwise: x", 10, "otherwise: kind has no accepted values"),
        ("- name: receipts", "- nme: receipts", 5, "name: is missing"),
        ("sources:", "sources: [", 0, "cannot be read as YAML"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, right: str, wrong: str, line: int, words: str) -> None:
    assert right in YAML
    path = written(tmp_path, YAML.replace(right, wrong, 1))
    with pytest.raises(BadContract) as caught:
        load_contracts(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}:")
    assert words in str(caught.value)


def test_the_version_changes_with_the_rules_and_not_with_the_words(tmp_path: Path) -> None:
    versions = []
    for text in (YAML, "# a remark\n" + YAML, YAML.replace("maximum: 9", "maximum: 8")):
        written(tmp_path, text)
        versions.append(load_contracts(tmp_path)["kiosk.receipts"].version)
    assert versions[0] == versions[1] != versions[2]
