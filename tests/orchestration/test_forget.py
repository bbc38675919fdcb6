"""Who asks to be forgotten is, and stays so when the files come again; everybody else is who they were."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.commands.forget import forget as command
from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.ingestion.loads import committed_loads, data_version
from orchestration.memory import remember
from orchestration.paths import Home
from orchestration.recognition.erasure import SECRET, Forgotten, NoSecret, forget
from orchestration.release import publish
from orchestration.transform import Run, TransformFailed, dbt
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in
from tests.orchestration.small_warehouse import AS_OF, warehouse

MORNINGS = [datetime(2026, 11, day, 6) for day in (2, 3, 4)]
Owners = dict[tuple[str, str], str]


class World:
    """One home, its mornings, and whoever was forgotten."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.before: Owners = {}
        self.matched_before = 0
        self.forgotten = Forgotten("", {}, "")

    def morning(self, number: int) -> None:
        run = Run(f"r{number}", MORNINGS[number], "duckdb", "")
        dbt(self.home, ONLY_MODELS, run=run)
        publish(
            self.home,
            run.run_id,
            run.as_of,
            "duckdb",
            tables=CONTRACT_TABLES,
            before_flip=lambda sealed: remember(self.home, sealed),
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.home.warehouse / "warehouse.duckdb"), read_only=True) as base:
            return base.execute(query).fetchall()

    def matches(self, customer: str) -> list[tuple[object, ...]]:
        return self.rows(
            f"select * from identity.fct_match_pairs where '{customer}' in (left_customer_id, right_customer_id)"
        )

    def owners(self) -> Owners:
        rows = self.rows(
            "select identifier_type, identifier, customer_id from identity.dim_customer_identifiers"
        )
        return {(str(kind), str(value)): str(customer) for kind, value, customer in rows}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Somebody with several identifiers asks to be forgotten; the next morning every file comes once more."""
    patch = pytest.MonkeyPatch()
    patch.setenv(SECRET, "for this test only")
    world = World(Home(tmp_path_factory.mktemp("forget") / "home"))
    Retailer.create(150, 5, date(2026, 11, 2), 40).write_history(world.home.landing)
    shutil.copytree(world.home.landing, world.home.root / "sent before")
    take_in(world.home, MORNINGS[0])
    world.morning(0)
    world.before = world.owners()
    [(somebody,)] = world.rows(
        "select customer_id from identity.dim_customer_identifiers where customer_id in"
        " (select left_customer_id from identity.fct_match_pairs"
        " union select right_customer_id from identity.fct_match_pairs)"
        " group by 1 having count(*) between 5 and 9 order by 1 limit 1"
    )
    world.matched_before = len(world.matches(str(somebody)))
    world.forgotten = forget(world.home, str(somebody), MORNINGS[0])
    shutil.copytree(world.home.root / "sent before", world.home.landing, dirs_exist_ok=True)
    take_in(world.home, MORNINGS[1])
    world.morning(1)
    return world


@pytest.mark.slow
def test_nothing_of_the_person_is_left_in_identity_and_nobody_else_moves(world: World) -> None:
    gone = {node for node, customer in world.before.items() if customer == world.forgotten.customer_id}
    assert len(gone) == sum(world.forgotten.identifiers.values()) > 3
    after = world.owners()
    assert not gone & after.keys()
    assert {node: after.get(node) for node in world.before.keys() - gone} == {
        node: customer for node, customer in world.before.items() if node not in gone
    }
    for table in (
        "fct_identity_links",
        "fct_customer_links",
        "fct_record_identifiers",
        "fct_identifier_observations",
        "fct_match_pairs",
        "int_match_people",
    ):
        told = {str(value) for row in world.rows(f"select * from identity.{table}") for value in row}
        assert not told & {value for _, value in gone}, table


@pytest.mark.slow
def test_who_was_alike_somebody_is_alike_nobody_once_forgotten(world: World) -> None:
    assert world.matched_before > 0
    assert world.matches(world.forgotten.customer_id) == []
    gone = [node for node, customer in world.before.items() if customer == world.forgotten.customer_id]
    names = {value.split("@")[0] for kind, value in gone if kind == "email"}
    assert not names & {
        str(name) for (name,) in world.rows("select email_name from identity.int_match_people")
    }


@pytest.mark.slow
def test_the_change_is_told_and_the_customer_is_on_no_list(world: World) -> None:
    its = f"customer_id = '{world.forgotten.customer_id}'"
    kinds = world.rows(
        f"select kind, evidence from identity.fct_identity_changes where {its} order by changed_at"
    )
    assert [kind for kind, _ in kinds] == ["created", "erased"]
    assert not any(evidence and "@" in str(evidence) for _, evidence in kinds)
    for table in ("profiles.dim_customers", "audiences.fct_audience_members", "syncs.sync_members"):
        assert world.rows(f"select count(*) from {table} where {its}") == [(0,)]


@pytest.mark.slow
def test_a_warehouse_built_anew_forgets_the_same(world: World) -> None:
    owners, changes = world.owners(), world.rows("select * from identity.fct_identity_changes order by all")
    shutil.rmtree(world.home.warehouse)
    world.morning(1)
    assert world.owners() == owners
    assert world.rows("select * from identity.fct_identity_changes order by all") == changes


@pytest.mark.slow
def test_a_run_that_does_not_know_the_secret_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in ("", "another one"):
        monkeypatch.setenv(SECRET, other)
        with pytest.raises(TransformFailed, match="DOWNBEAT_ERASURE_SECRET"):
            dbt(
                world.home,
                [*ONLY_MODELS, "--select", "int_identifiers_erased"],
                run=Run("x", MORNINGS[2], "duckdb", ""),
            )


@pytest.fixture
def small(tmp_path: Path) -> Home:
    home = warehouse(
        tmp_path,
        {
            "dim_customers": [{"customer_id": "c1"}],
            "dim_customer_identifiers": [
                {"identifier_type": "email", "identifier": "ada@example.com", "customer_id": "c1"},
                {"identifier_type": "phone", "identifier": "+12025550175", "customer_id": "c1"},
            ],
        },
    )
    publish(home, "r1", AS_OF, "duckdb")
    return home


def test_the_command_says_what_it_did_and_where_the_receipt_is(small: Home) -> None:
    before = data_version(small)
    told = CliRunner().invoke(
        command, ["Ada@example.com", "--yes"], env={"DOWNBEAT_HOME": str(small.root), SECRET: "s"}
    )
    assert told.exit_code == 0
    for words in ("releases: 5 erased", "the receipt, which names nobody", "builds the warehouse anew"):
        assert words in told.output
    assert data_version(small) != before
    files = [file.read_bytes() for file in small.raw.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"ada@example.com" in file]


def test_without_a_secret_nothing_is_written(small: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(NoSecret, match="long random text"):
        forget(small, "c1", AS_OF)
    assert committed_loads(small, "downbeat.erasures") == []


def test_whoever_is_not_known_is_said_plainly(small: Home) -> None:
    told = CliRunner().invoke(
        command, ["nobody@example.com", "--yes"], env={"DOWNBEAT_HOME": str(small.root), SECRET: "s"}
    )
    assert told.exit_code == 2
