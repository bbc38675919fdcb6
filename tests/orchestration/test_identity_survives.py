"""Who was whom since when outlives the warehouse: what was published is where a warehouse built anew goes on from."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.contract_tables import CONTRACT_TABLES
from orchestration.ingestion.loads import committed_loads
from orchestration.memory import remember
from orchestration.paths import Home
from orchestration.recognition.rehearsal import project_with
from orchestration.release import publish
from orchestration.transform import Run, dbt
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in

pytestmark = pytest.mark.slow
MORNINGS = [datetime(2026, 11, day, 6) for day in (2, 3, 4)]
STREAM = "downbeat.identifier_assignments"
OVERRIDES = "action,left_type,left_identifier,right_type,right_identifier,owner,reason,expires_at\n"


class World:
    """One home whose rules can change from morning to morning."""

    def __init__(self, root: Path) -> None:
        self.home, self.root = Home(root / "home"), root

    def morning(self, number: int, overrides: str = "") -> None:
        """Build everything, publish, remember."""
        project = project_with(
            self.root / f"project_{number}_{len(overrides)}", {"identity_overrides": OVERRIDES + overrides}
        )
        run = Run(f"r{number}", MORNINGS[number], "duckdb", "")
        dbt(self.home, ONLY_MODELS, run=run, project=project)
        publish(
            self.home, run.run_id, run.as_of, "duckdb", before_flip=lambda sealed: remember(self.home, sealed)
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.home.warehouse / "warehouse.duckdb"), read_only=True) as base:
            return base.execute(query).fetchall()


HISTORY = "select * from identity.fct_identifier_assignments order by identifier_key, change_number"
CHANGES = "select * from identity.fct_identity_changes order by all"
TWO = """
select min(identifier_type) as kind, min(identifier) as value, customer_id
from identity.dim_customer_identifiers where identifier_type = 'email' and customer_id is not null
group by customer_id having count(*) = 1 order by customer_id limit 2
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two strangers, joined by hand on the second morning and parted again on the third."""
    world = World(tmp_path_factory.mktemp("survives"))
    Retailer.create(150, 11, date(2026, 11, 2), 45).write_history(world.home.landing)
    take_in(world.home, MORNINGS[0])
    world.morning(0)
    return world


def test_a_join_by_hand_and_its_end_give_the_former_ids_back_and_a_new_warehouse_knows_it_all(
    world: World,
) -> None:
    [(_, one, first), (_, other, second)] = world.rows(TWO)
    join = f"join,email,{one},email,{other},service,said so,\n"
    world.morning(1, join)
    both = f"where identifier in ('{one}', '{other}')"
    owner = f"select distinct customer_id from identity.dim_customer_identifiers {both}"
    [(joined,)] = world.rows(owner)
    assert joined in (first, second)
    retired = second if joined == first else first
    redirect = "select retired_customer_id, customer_id, kind from identity.dim_customer_redirects"
    assert (retired, joined, "merged") in world.rows(redirect)

    world.morning(2)
    assert {row[0] for row in world.rows(owner)} == {first, second}
    assert retired not in {row[0] for row in world.rows(redirect)}
    its = f"where '{retired}' in (customer_id, other_customer_id) order by changed_at"
    kinds = f"select kind from identity.fct_identity_changes {its}"
    assert [kind for (kind,) in world.rows(kinds)] == ["created", "merged", "split"]

    history, changes = world.rows(HISTORY), world.rows(CHANGES)
    shutil.rmtree(world.home.warehouse)
    world.morning(2, "\n")
    assert world.rows(HISTORY) == history
    assert world.rows(CHANGES) == changes


def test_each_change_is_remembered_once(world: World) -> None:
    loads = [load.rows_kept for load in committed_loads(world.home, STREAM) if load.rows_kept]
    assert sum(loads) == len(world.rows(HISTORY))
    assert len(loads) == 3
    assert "fct_identifier_assignments" in CONTRACT_TABLES
