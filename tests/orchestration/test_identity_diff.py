"""A change of rules is rehearsed on a copy: what would change is told, and nothing does."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.commands.identity import identity as command
from orchestration.paths import PROJECT, Home
from orchestration.recognition.difference import Difference, difference
from orchestration.recognition.difference_page import markdown
from orchestration.recognition.rehearsal import CannotRehearse, rehearsed, rules_at, rules_in
from orchestration.transform import Run, dbt, remember_built
from sandbox.retailer import Retailer
from tests.landed import ONLY_MODELS, take_in

pytestmark = pytest.mark.slow
MOMENT = datetime(2026, 11, 2, 6)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("rehearsed"))
    Retailer.create(250, 7, date(2026, 11, 2), 60).write_history(home.landing)
    take_in(home, MOMENT)
    run = Run("r", MOMENT, "duckdb", "")
    wanted = ["+sync_members", "+fct_audience_members", "+fct_customer_links"]
    dbt(home, [*ONLY_MODELS, "--select", "path:seeds", *wanted], run=run)
    remember_built(home, run)
    return home


LEAF = """
with sides as (
    select left_type as kind, left_identifier as value, * from identity.fct_customer_links
    union all select right_type, right_identifier, * from identity.fct_customer_links
),
leaves as (select kind, value from sides group by all having count(*) = 1
    and kind in ('email', 'phone', 'loyalty_card'))
select customer_id, left_type, left_identifier, right_type, right_identifier from sides join leaves using (kind, value)
where is_accepted and customer_id in (
    select customer_id from identity.dim_customer_identifiers group by 1 having count(*) > 3)
order by all limit 1
"""


def cut_override(home: Home) -> tuple[str, str]:
    """An override that cuts an identifier off the only link it hangs on, and the customer that loses it."""
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        [(customer, *ends)] = base.execute(LEAF).fetchall()
    header = (PROJECT / "seeds" / "identity_overrides.csv").read_text().splitlines()[0]
    return f"{header}\ncut,{','.join(ends)},service,two sisters,\n", customer


def rehearse(home: Home, rules: dict[str, str]) -> Difference:
    with rehearsed(home, rules) as connection:
        return difference(connection)


def test_the_rules_as_they_are_change_nothing(home: Home) -> None:
    found = rehearse(home, rules_in(PROJECT / "seeds"))
    counts = dict(found.counts)
    assert counts.pop("customers before") == counts.pop("customers after") > 100
    assert set(counts.values()) == {0}
    assert [*found.verdicts, *found.audiences, *found.lists] == []
    assert "Nobody would be recognised differently" in markdown(found)


def test_a_cut_parts_one_customer_and_the_live_warehouse_is_as_it_was(home: Home, tmp_path: Path) -> None:
    file = home.warehouse / "warehouse.duckdb"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    text, customer = cut_override(home)
    (tmp_path / "identity_overrides.csv").write_text(text)
    told = CliRunner().invoke(
        command, ["--diff", "--seeds", str(tmp_path), "--json"], env={"DOWNBEAT_HOME": str(home.root)}
    )
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    counts = dict(found["counts"])
    assert (counts["customers that part"], counts["customers after"] - counts["customers before"]) == (1, 1)
    assert customer in found["splits"][0]["customer_id"] + found["splits"][0]["others"]
    assert found["verdicts"] == [["joined", "cut by hand: two sisters", 1]]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert "## Would part" in (home.reports / "identity_diff.md").read_text()


def test_a_kind_that_no_longer_joins_is_told_with_who_parts_and_which_lists_change(home: Home) -> None:
    with (PROJECT / "seeds" / "identifier_types.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [",".join(rows[0])]
    lines += [
        ",".join((row | ({"may_join": "false"} if row["identifier_type"] == "phone" else {})).values())
        for row in rows
    ]
    found = rehearse(home, {"identifier_types": "\n".join(lines) + "\n"})
    counts = dict(found.counts)
    assert counts["identifiers that fall silent"] > 50
    assert {reason.reason for reason in found.silenced} == {"this kind never joins"}
    assert found.audiences
    assert found.lists
    told = markdown(found)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as base:
        phones = base.execute(
            "select identifier from identity.dim_customer_identifiers where identifier_type = 'phone'"
        ).fetchall()
    assert Counter(phone in told for (phone,) in phones)[True] == 0


def test_what_cannot_be_rehearsed_says_why(home: Home, tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse, match="holds none of"):
        rules_in(tmp_path)
    with pytest.raises(CannotRehearse, match="name a commit or a branch"):
        rules_at("no-such-branch")
    with pytest.raises(CannotRehearse, match="no DuckDB warehouse"), rehearsed(Home(tmp_path), {}):
        pass
    wrong = CliRunner().invoke(command, ["--git", "main"], env={"DOWNBEAT_HOME": str(home.root)})
    assert wrong.exit_code == 2
