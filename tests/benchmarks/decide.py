"""`python -m tests.benchmarks decide [--customers 1000000]`: what deciding costs beside one scan and sort.

Each step in a process of its own, on one warehouse file: draw the world; propose and score (told, held against
nothing); the peer, which reads the same candidates once and sorts them by customer and score, three narrow columns of
them, and once more with all their columns (told, held against nothing: what is decided carries more than three); the
decision layer as dbt compiles it, from the gates over rooms, rounds and shared caps to the run's ledger and decisions;
the ledger's file as a release writes it; and the decision layer once more within little memory, which must find the
same.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from orchestration.paths import PROJECT
from orchestration.replay.compiled import compile_models
from tests.benchmarks.decide_steps import NOTES, note
from tests.benchmarks.ratios import mark
from tests.benchmarks.stages import Cost, measured

TIMES, PEAK, WRITTEN, BYTES, BOUNDED = 4.0, 3.0, 60.0, 7.0, 1.0


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; temporary if not given.")
@click.option("--memory", default="2GB", show_default=True, help="DuckDB's limit; the rest spills.")
@click.option("--little", default="600MB", show_default=True, help="DuckDB's limit the second time.")
def main(customers: int, folder: Path | None, memory: str, little: str) -> None:
    """Draw, propose, then measure. What each model took goes to stderr."""
    with tempfile.TemporaryDirectory() as fallback:
        place = (folder or Path(fallback)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        models = compile_models(PROJECT, place / "compiled")
        (place / "models.pickle").write_bytes(pickle.dumps((dict(models.sql), models.views)))
        out, costs = Console(width=110), {}
        note(place, customers=customers)
        for name, limit in (
            ("draw", memory), ("propose", memory), ("sort", memory), ("sort_whole", memory), ("decide", memory),
            ("write", memory), ("decide_again", little),
        ):  # fmt: skip
            command = [sys.executable, "-m", "tests.benchmarks.decide_steps", name, str(place), limit]
            costs[name] = measured(name, command)
            out.print(
                f"{name}: {costs[name].wall:.1f} s wall, {costs[name].cpu:.1f} CPU s, {costs[name].peak / 1e9:.2f} GB"
            )
        out.print(told(costs, json.loads((place / NOTES).read_text(encoding="utf-8"))))


def told(costs: dict[str, Cost], notes: dict[str, int]) -> Table:
    """The figures against their bars."""
    rows, decide, write = notes["rows"], costs["decide"], costs["write"]
    table = Table(
        title=f"{notes['customers']:,} customers, {rows:,} candidates, {notes['decisions']:,} decisions"
    )
    for column in ("what", "found", "bar"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, found, bar in (
        ("deciding, times one scan and sort (CPU)", decide.cpu / costs["sort"].cpu, TIMES),
        ("deciding, peak GB", decide.peak / 1e9, PEAK),
        ("writing the ledger, CPU s", write.cpu, WRITTEN),
        ("ledger, bytes a row", notes["bytes"] / rows, BYTES),
        ("deciding in little memory, peak GB", costs["decide_again"].peak / 1e9, BOUNDED),
        ("ledger rows of that which differ", notes["differing"], 0),
    ):
        table.add_row(what, mark(found, bar), f"{bar:g}")
    whole = f"{decide.cpu / costs['sort_whole'].cpu:.2f}"
    table.add_row("deciding, times one scan and sort of whole rows (CPU)", whole, "none")
    return table


if __name__ == "__main__":
    main()
