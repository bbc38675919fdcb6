"""`python -m tests.benchmarks.siloed FOLDER`: sixty days siloed against sixty days with Downbeat, on many seeds.

Both branches continue from the same past with the same luck; every figure is from the simulator's own books about true
persons. Each finished seed is appended to FOLDER/outcomes.csv, so the command goes on where it was stopped; the table
says means and 95 % t intervals of the paired differences over all seeds that are there. --policies names a folder whose
seeds/ stand in for the project's, to compare policies before they are shipped; the simulator reads the project's.

The project's own models decide each day (see compiled_project and living_warehouse). Left out: dbt's start and tests,
publishing, the way over HTTP and files (receipts never say "refused"), learned scores (base rates decide) and prices
(no shared place is short in worlds this small); identity is built anew every third day instead of carried on daily, so
new people and addresses wait up to three days until Downbeat knows them.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from math import sqrt
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import t as student

from orchestration.stage import GO_LIVE
from tests.benchmarks.compiled_project import Project, compile_project
from tests.benchmarks.two_branches import Branches

CHECKPOINTS = (5, 20, 40, 60)
Row = dict[str, str | float]


def lived(project: Project, people: int, seed: int, days: int, policies: Path | None) -> list[Row]:
    """One seed's outcome at each checkpoint from go-live on: a row per branch."""
    branches = Branches.create(project, people, seed, policies)
    rows: list[Row] = []
    for number in range(days):
        branches.live(number)
        if number + 1 in {*CHECKPOINTS, days}:
            outcome = branches.outcome(GO_LIVE, GO_LIVE + timedelta(days=number))
            told = {"seed": seed, "people": people, "days": number + 1}
            rows += [{**told, "branch": branch, **figures} for branch, figures in outcome.items()]
    return rows


def append(file: Path, rows: list[Row]) -> None:
    """Rows of one seed, at once."""
    is_new = not file.exists()
    with file.open("a", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        if is_new:
            writer.writeheader()
        writer.writerows(rows)


def read(file: Path, days: int) -> dict[str, dict[int, dict[str, float]]]:
    """By branch and seed: the figures after so many days."""
    found: dict[str, dict[int, dict[str, float]]] = {"siloed": {}, "downbeat": {}}
    if file.exists():
        with file.open(newline="") as rows:
            for row in csv.DictReader(rows):
                if int(row["days"]) == days:
                    branch, seed = row.pop("branch"), int(row["seed"])
                    found[branch][seed] = {name: float(value) for name, value in row.items()}
    return found


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95 % t interval."""
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return mean, float("nan"), float("nan")
    half = float(student.ppf(0.975, count - 1)) * float(values.std(ddof=1)) / sqrt(count)
    return mean, mean - half, mean + half


def table(file: Path, days: int) -> Table:
    """Per figure: both branches' means and the paired difference with its interval."""
    found = read(file, days)
    seeds = sorted(found["siloed"].keys() & found["downbeat"].keys())
    told = Table(
        title=f"{days} days, {len(seeds)} seeds: means, and Downbeat minus siloed with 95 % t interval"
    )
    for heading in ("", "siloed", "Downbeat", "difference", "from", "to", "of siloed"):
        told.add_column(heading, justify="right" if heading else "left")
    names = [n for n in (found["siloed"][seeds[0]] if seeds else {}) if n not in ("seed", "people", "days")]
    for name in names:
        pair = [np.array([found[b][s][name] for s in seeds]) for b in ("siloed", "downbeat")]
        mean, low, high = interval(pair[1] - pair[0])
        share = f"{mean / pair[0].mean():+.1%}" if pair[0].mean() else ""
        cells = [pair[0].mean(), pair[1].mean(), mean, low, high]
        told.add_row(name, *(f"{cell:,.1f}" for cell in cells), share)
    return told


@click.command(help="Siloed against Downbeat over simulated days, on many seeds.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--people", default=1000, show_default=True)
@click.option("--days", default=60, show_default=True)
@click.option("--seeds", default="101-120", show_default=True, help="First and last seed.")
@click.option("--policies", type=click.Path(path_type=Path, exists=True), default=None)
@click.option(
    "--compiled", type=click.Path(path_type=Path), default=None, help="Where compiled models are kept."
)
def main(
    folder: Path, people: int, days: int, seeds: str, policies: Path | None, compiled: Path | None
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    out, file = Console(), folder / "outcomes.csv"
    project = compile_project(compiled or folder / "compiled")
    first, _, last = seeds.partition("-")
    known = read(file, days)["downbeat"]
    for seed in range(int(first), int(last or first) + 1):
        if seed not in known:
            append(file, lived(project, people, seed, days, policies))
            out.print(f"seed {seed} is done", style="dim")
    for day in sorted({*(c for c in CHECKPOINTS if c < days), days}):
        out.print(table(file, day))


if __name__ == "__main__":
    main()
