"""How recognition stands: figures, page and plots of a world small enough to count by hand."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from orchestration.assets.plots import IDENTITY_QUESTIONS, plots
from orchestration.commands.identity import identity as command
from orchestration.paths import Home
from orchestration.recognition.figures import Breach, Identity, Refusal, Shared, identity
from orchestration.recognition.page import page
from orchestration.release import Release, publish
from tests.orchestration.small_warehouse import AS_OF, Rows, warehouse

TOO_MANY = "shared: too many trusted identifiers use it"


def identifier(kind: str, value: str, customer: str | None) -> dict[str, object]:
    return {"identifier_type": kind, "identifier": value, "customer_id": customer, "is_shared": customer is None,
            "refusal_reason": None if customer else TOO_MANY, "record_count": 4}  # fmt: skip


def change(days_ago: int, kind: str, customer: str) -> dict[str, object]:
    return {"changed_at": AS_OF - timedelta(days=days_ago), "kind": kind, "customer_id": customer}


def refused(left: str, customer: str, reason: str = TOO_MANY) -> dict[str, object]:
    return {"left_type": "email", "left_identifier": left, "left_customer_id": customer, "right_type": "phone",
            "right_identifier": "+12025550175", "is_accepted": False, "refusal_reason": reason,
            "evidence_count": 2}  # fmt: skip


TOUCHED = [refused("a@example.com", "c1"), refused("b@example.com", "c2")]
LINKS = [
    *TOUCHED,
    refused("x@example.com", "c1", "cut by hand: two sisters"),
    refused("y@example.com", "c2", "old"),
]
WORLD: Rows = {
    "dim_customer_identifiers": [
        *(identifier("email", f"{n}@example.com", "c1") for n in range(7)),
        identifier("email", "a@example.com", "c2"),
        identifier("email", "b@example.com", "c2"),
        identifier("phone", "+12025550175", None),
    ],
    "fct_identity_links": [
        *({k: v for k, v in row.items() if k != "left_customer_id"} for row in LINKS),
        {"is_accepted": True, "evidence_count": 1},
    ],
    "fct_customer_links": [{"customer_id": row["left_customer_id"], **row} for row in TOUCHED],
    "fct_identity_changes": [
        *(change(1, "created", customer) for customer in ("c1", "c2")),
        change(0, "merged", "c1"),
        change(40, "created", "c9"),
    ],
    "fct_identity_breaches": [
        {"customer_id": "c1", "identifier_type": "email", "identifier_count": 7, "max_per_customer": 4}
    ],
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(warehouse(tmp_path_factory.mktemp("identity"), WORLD), "r1", AS_OF, "duckdb")


@pytest.fixture(scope="module")
def found(release: Release) -> Identity:
    return identity(release)


def test_the_figures_are_those_of_the_release(found: Identity) -> None:
    today = AS_OF.date()
    assert list(found.sizes) == [("2", 1), ("6 to 10", 1)]
    assert dict(found.totals)["customers that still break a limit"] == 1
    assert list(found.growth) == [(today - timedelta(days=1), "created", 2), (today, "merged", 1)]
    assert list(found.shared) == [Shared("phone", "+1…0175", 2, 4, TOO_MANY)]
    assert list(found.breaches) == [Breach("c1", "email", 7, 4)]


def test_refused_links_are_counted_by_reason_and_what_people_wrote_is_not_repeated(found: Identity) -> None:
    assert list(found.refused) == [
        Refusal("shared", "too many trusted identifiers use it", 2, 4),
        Refusal("cut by hand", "", 1, 2),
        Refusal("old", "", 1, 2),
    ]


def test_the_page_tells_it_without_an_identifier_in_clear(found: Identity) -> None:
    told = page(found)
    for words in (
        "Who is who",
        "+1…0175",
        "seeds/identity_overrides.csv",
        "too many trusted identifiers use it",
    ):
        assert words in told, words
    assert "5550175" not in told
    assert "http" not in told


def test_every_question_with_an_answer_is_drawn(release: Release) -> None:
    drawn = plots(release, IDENTITY_QUESTIONS)
    assert drawn.keys() == IDENTITY_QUESTIONS.keys()
    for picture in drawn.values():
        assert base64.b64decode(picture.split(",", 1)[1]).startswith(b"\x89PNG")


def test_the_command_tells_it_as_tables_and_in_json_and_writes_the_page(release: Release) -> None:
    home = Home(release.folder.parent.parent)
    environment = {"DOWNBEAT_HOME": str(home.root)}
    told = CliRunner().invoke(command, ["--report"], env=environment)
    assert told.exit_code == 0
    assert "Still over a limit" in told.output
    assert (home.reports / "identity.html").is_file()
    counted = json.loads(CliRunner().invoke(command, ["--json"], env=environment).stdout)
    assert counted["breaches"] == [{"customer_id": "c1", "identifier_type": "email", "held": 7, "most": 4}]
    assert "5550175" not in json.dumps(counted) + told.output


def test_before_the_first_release_the_exit_code_is_2(tmp_path: str) -> None:
    assert CliRunner().invoke(command, [], env={"DOWNBEAT_HOME": str(tmp_path)}).exit_code == 2
