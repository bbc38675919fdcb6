"""How well records are matched, against Splink on the same records; both from labelled sets that neither has seen.

    .venv-peers/bin/python -m tests.benchmarks.matching

Our side is the product's own models (models/identity/int_match_*), built by dbt over records that stand in for
int_match_people, with weights learned from the records themselves. What is turned (where to begin, how many records a
person has) is chosen on one half of the persons and reported on the other. Splink gets its best threshold on the very
half that is reported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from estimators.matching import learn_weights
from tests.benchmarks.matched_sets import SETS
from tests.benchmarks.matching_peer import THRESHOLDS, splink_pairs

PROJECT = Path(__file__).resolve().parents[2]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]
MARGIN = {"febrl1": -0.003, "febrl2": -0.003, "febrl3": -0.003, "pseudopeople": 0.005}
STARTS, LIMITS = (3000, 6000), (4, 5, 6)
PEOPLE = "select * exclude (person) from read_parquet('people.parquet')"
HOLDINGS = """
    select
        record_key, 'record' as kind, 1 as held_count,
        cast({{ var('match_most_islands') }} as bigint) as most_allowed
    from {{ ref('int_match_people') }}
"""
CUTS = "select 0 as left_key, 0 as right_key, '' as reason where false"
PROFILE = "downbeat: {target: here, outputs: {here: {type: duckdb, path: matched.duckdb, threads: 2}}}"


@dataclass(frozen=True)
class Quality:
    """Over pairs of records, seen from the records of one half."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-12, self.precision + self.recall)

    def __str__(self) -> str:
        return f"P {self.precision:.4f}  R {self.recall:.4f}  F1 {self.f1:.4f}"


def quality(group: Labels, person: Labels, half: Flags) -> Quality:
    rows = pd.DataFrame({"group": group, "person": person})
    together = rows.groupby(["group", "person"])["group"].transform("size") - 1
    grouped = rows.groupby("group")["group"].transform("size") - 1
    true = rows.groupby("person")["group"].transform("size") - 1
    right = float(together[half].sum())
    return Quality(right / max(1, grouped[half].sum()), right / max(1, true[half].sum()))


class Project:
    """The matching models as a dbt project of their own, over one set of records."""

    def __init__(self, folder: Path, people: pd.DataFrame) -> None:
        self.folder = folder
        (folder / "models").mkdir(parents=True)
        (folder / "seeds").mkdir()
        shutil.copytree(PROJECT / "macros", folder / "macros")
        for model in (PROJECT / "models" / "identity").glob("int_match_*.sql"):
            shutil.copy(model, folder / "models")
        for name, query in {"people": PEOPLE, "holdings": HOLDINGS, "cuts": CUTS}.items():
            (folder / "models" / f"int_match_{name}.sql").write_text(query)
        shutil.copy(PROJECT / "seeds" / "match_weights.csv", folder / "seeds")
        project = yaml_of(PROJECT / "dbt_project.yml")
        dials = {name: value for name, value in project["vars"].items() if name.startswith("match_")}
        self.dials = dials | {"match_joins": True, "match_version": "learned"}
        settings = {"name": "downbeat", "version": "1.0.0", "profile": "downbeat", "vars": self.dials}
        settings |= {"models": {"+materialized": "table"}, "flags": {"send_anonymous_usage_stats": False}}
        (folder / "dbt_project.yml").write_text(json.dumps(settings))
        (folder / "profiles.yml").write_text(PROFILE)
        people.to_parquet(folder / "people.parquet")

    def dbt(self, *words: str) -> None:
        command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout[-3000:])

    def table(self, name: str) -> pd.DataFrame:
        with duckdb.connect(str(self.folder / "matched.duckdb"), read_only=True) as connection:
            return connection.execute(f"select * from {name}").df()

    def learn(self) -> None:
        """Compare, learn, and put the weights where the models look for them."""
        self.dbt("run", "--select", "int_match_people", "+int_match_compared", "int_match_patterns")
        seed = pd.read_csv(self.folder / "seeds" / "match_weights.csv")
        levels = {f: list(dict.fromkeys(rows["level"])) for f, rows in seed.groupby("field") if f != "prior"}
        rows = self.table("int_match_patterns").to_dict("records")
        weights = learn_weights(rows, levels, len(self.table("int_match_people")))
        columns = {
            name: [getattr(one, name) for one in weights] for name in ("field", "level", "m", "u", "weight")
        }
        learned = pd.DataFrame({"model_version": "learned", **columns})
        learned.to_csv(self.folder / "seeds" / "match_weights.csv", index=False)
        self.dbt("seed")

    def groups(self, start: int, limit: int) -> Labels:
        """A group per record, as the models put them together."""
        turned = {"match_sure_from": start, "match_most_islands": limit}
        self.dbt(
            "run",
            "--select",
            "int_match_cuts",
            "int_match_holdings",
            "int_match_pairs+",
            "--vars",
            json.dumps(self.dials | turned),
        )
        group = np.arange(1, len(self.table("int_match_people")) + 1)
        found = self.table("int_match_groups")
        group[found["island_key"].to_numpy(int) - 1] = found["group_key"].to_numpy(int)
        return group


def yaml_of(path: Path) -> dict[str, dict[str, object]]:
    import yaml

    read: dict[str, dict[str, object]] = yaml.safe_load(path.read_text())
    return read


def rules() -> tuple[list[list[str]], list[list[str]]]:
    """The columns of every blocking rule, and of those that weights are learned from: as the macro lists them."""
    import jinja2

    macros = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(
        (PROJECT / "macros" / "house" / "match_fields.sql")
        .read_text()
        .replace("{{ return(rules) }}", "{{ rules | tojson }}")
    )
    found = json.loads(str(macros.module.match_rules()))  # type: ignore[attr-defined]
    return [rule["columns"] for rule in found], [rule["columns"] for rule in found if rule.get("learns")]


def components(pairs: pd.DataFrame, count: int) -> Labels:
    ends = (pairs["left_key"].to_numpy(int) - 1, pairs["right_key"].to_numpy(int) - 1)
    graph = coo_matrix((np.ones(len(pairs)), ends), shape=(count, count))
    label: Labels = connected_components(graph, directed=False)[1]
    return label


def compare(name: str, folder: Path) -> tuple[Quality, Quality]:
    """Ours and Splink's, on the half that is reported."""
    people = SETS[name]()
    person = people.pop("person").to_numpy(int)
    shown = person % 2 == 1
    project = Project(folder, people.assign(person=person))
    project.learn()
    tried = [(dials, project.groups(*dials)) for dials in product(STARTS, LIMITS)]
    dials, group = max(tried, key=lambda one: quality(one[1], person, ~shown).f1)
    ours = quality(group, person, shown)
    pairs = splink_pairs(project.table("int_match_records"), *rules())
    cuts = [(bits, components(pairs[pairs["weight"] >= bits], len(person))) for bits in THRESHOLDS]
    bits, peer = max(
        ((bits, quality(label, person, shown)) for bits, label in cuts), key=lambda one: one[1].f1
    )
    print(f"{name}: {len(person)} records, {len(np.unique(person))} persons", flush=True)
    print(f"  ours    {ours}   from {dials[0]}, at most {dials[1]} records (chosen on the other half)")
    print(f"  Splink  {peer}   best threshold on this half: {bits} bits")
    return ours, peer


def main() -> None:
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or SETS:
            ours, peer = compare(name, Path(folder) / name)
            met = ours.f1 >= peer.f1 + MARGIN[name]
            print(
                f"  {ours.f1 - peer.f1:+.4f}, wanted at least {MARGIN[name]:+.3f}: {'met' if met else 'MISSED'}"
            )
            failed += [] if met else [name]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
