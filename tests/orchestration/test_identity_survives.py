"""Who was whom since when outlives the warehouse: what was published is where a warehouse built anew goes on from."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

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
        self.pair: list[tuple[Any, ...]] = []
        self.seen: list[dict[str, list[tuple[Any, ...]]]] = []

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

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.warehouse / "warehouse.duckdb"), read_only=True) as base:
            return base.execute(query).fetchall()


HISTORY = "select * from identity.fct_identifier_assignments order by identifier_key, change_number"
CHANGES = "select * from identity.fct_identity_changes order by all"
# One held out, and one that has withdrawn and is not held out; both with one e-mail address.
TWO = """
with single as (
    select customer_id, min(identifier) as email from identity.dim_customer_identifiers
    where customer_id is not null and identifier_type = 'email' group by 1 having count(*) = 1
),
holdout as (select customer_id from audiences.fct_audience_members where audience = 'holdout'),
withdrawn as (
    select customer_id from profiles.dim_customer_consents join profiles.fct_consents
        using (contact_type, contact_point, channel, purpose)
    where channel = 'email' and purpose = 'marketing' and status = 'withdrawn'
),
contacted as (select customer_id from context.fct_contacts where contact_type = 'email' group by 1)
select * from (select email, customer_id from single semi join holdout using (customer_id)
    semi join contacted using (customer_id) order by 2 limit 1)
union all
select * from (select email, customer_id from single semi join withdrawn using (customer_id)
    semi join contacted using (customer_id) anti join holdout using (customer_id) order by 2 limit 1)
"""
HOLDOUT = "select customer_id from audiences.fct_audience_members where audience = 'holdout'"
CROSSED = "select customer_id from decisions.fct_assignments where is_crossed"
REDIRECTS = "select retired_customer_id, customer_id, kind from identity.dim_customer_redirects"
GRANTED = """
select customer_id from profiles.dim_customer_consents
where channel = 'email' and purpose = 'marketing' and is_granted
"""
MISDIRECTED = "select decision_id, parted_customer_id from measurement.fct_decisions_misdirected order by all"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two strangers, joined by hand on the second morning and parted again on the third; then a new warehouse."""
    world = World(tmp_path_factory.mktemp("survives"))
    Retailer.create(250, 11, date(2026, 11, 2), 45).write_history(world.home.landing)
    take_in(world.home, MORNINGS[0])
    world.morning(0)
    world.pair = world.rows(TWO)
    world.seen.append(snapshot(world))
    [(held, _), (treated, _)] = world.pair
    world.morning(1, f"join,email,{held},email,{treated},service,said so,\n")
    world.seen.append(snapshot(world))
    world.morning(2)
    world.seen.append(snapshot(world))
    shutil.rmtree(world.home.warehouse)
    world.morning(2, "\n")
    world.seen.append(snapshot(world))
    return world


def snapshot(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """What the tests ask for, as one morning left it."""
    emails = ", ".join(f"'{email}'" for email, _ in world.pair) or "''"
    owners = f"select identifier, customer_id from identity.dim_customer_identifiers where identifier in ({emails})"
    contacts = f"select contact_id, customer_id from context.fct_contacts where contact_point in ({emails})"
    decided = "select decision_id, customer_id, decided_at from decisions.fct_decisions"
    queries = {"owners": owners, "contacts": contacts, "decided": decided, "history": HISTORY, "changes": CHANGES,
               "holdout": HOLDOUT, "crossed": CROSSED, "granted": GRANTED, "redirects": REDIRECTS,
               "misdirected": MISDIRECTED}  # fmt: skip
    return {name: world.rows(query) for name, query in queries.items()}


def ids(rows: list[tuple[Any, ...]]) -> set[Any]:
    return {row[0] for row in rows}


def test_a_join_by_hand_and_its_end_give_the_former_ids_back(world: World) -> None:
    before, joined, parted, _ = world.seen
    [(_, held), (_, treated)] = world.pair
    together = {customer for _, customer in joined["owners"]}
    assert together in ({held}, {treated})
    retired = ({held, treated} - together).pop()
    assert (retired, *together, "merged") in joined["redirects"]
    assert sorted(parted["owners"]) == sorted(before["owners"])
    assert parted["redirects"] == []
    kinds = [row[1] for row in sorted(parted["changes"]) if retired in row[2:4]]
    assert kinds == ["created", "merged", "split"]


def test_contacts_follow_the_contact_point_there_and_back(world: World) -> None:
    before, joined, parted, _ = world.seen
    assert {customer for _, customer in joined["contacts"]} == {customer for _, customer in joined["owners"]}
    assert set(before["contacts"]) <= set(parted["contacts"])
    assert ids(before["contacts"]) <= ids(joined["contacts"])


def test_the_stricter_holds_while_two_are_one_and_who_was_held_out_stays_so(world: World) -> None:
    _, joined, parted, _ = world.seen
    [(_, held), (_, treated)] = world.pair
    together = {customer for _, customer in joined["owners"]}
    assert together <= ids(joined["holdout"])
    assert not together & ids(joined["granted"])
    assert held in ids(parted["holdout"])
    assert treated not in ids(parted["granted"])
    if together == {treated}:
        assert treated in ids(joined["crossed"])
    else:
        assert treated not in ids(joined["crossed"])
    assert ids(parted["crossed"]) == ids(parted["crossed"]) & ids(parted["holdout"])


def test_decisions_made_for_the_wrong_one_are_listed(world: World) -> None:
    _, joined, parted, _ = world.seen
    together = {customer for _, customer in joined["owners"]}
    wrong = {row[0] for row in parted["decided"] if row[1] in together and row[2] == MORNINGS[1]}
    assert ids(parted["misdirected"]) == wrong
    assert joined["misdirected"] == []


def test_a_new_warehouse_knows_who_was_whom_since_when(world: World) -> None:
    *_, parted, anew = world.seen
    assert anew["history"] == parted["history"]
    assert anew["changes"] == parted["changes"]


def test_each_change_is_remembered_once(world: World) -> None:
    loads = [load.rows_kept for load in committed_loads(world.home, STREAM) if load.rows_kept]
    assert sum(loads) == len(world.seen[2]["history"])
    assert len(loads) == 3
    assert "fct_identifier_assignments" in CONTRACT_TABLES
