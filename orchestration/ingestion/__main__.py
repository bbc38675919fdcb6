"""Take in all that waits in landing and show what landed: python -m orchestration.ingestion --home DIR --at MOMENT."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from orchestration.ingestion.contract import StreamContract, load_contracts
from orchestration.ingestion.files import dropped_files, ingest_files
from orchestration.ingestion.inbox_loads import ingest_inbox
from orchestration.ingestion.loads import Load, stream_folder
from orchestration.ingestion.own import ensure_declared
from orchestration.paths import Home


@click.command()
@click.option(
    "--home", "root", type=click.Path(path_type=Path), help="The runtime home; by default DOWNBEAT_HOME."
)
@click.option("--at", "moment", type=click.DateTime(), help="The moment of this run, UTC; by default now.")
def main(root: Path | None, moment: datetime | None) -> None:
    """Take in every file in landing and every body in the inbox that was not yet."""
    home = Home(root.resolve()) if root else Home.from_environment()
    out, contracts = Console(), load_contracts()
    ensure_declared(home, contracts)
    loads = listen(home, contracts, moment or datetime.now(UTC).replace(tzinfo=None), out)
    out.print(table_of(loads) if loads else "Nothing new.")
    for folder in undeclared(home, contracts):
        out.print(f"[yellow]landing/{folder} is no declared stream: nothing in it is read.[/]")


def listen(home: Home, contracts: dict[str, StreamContract], moment: datetime, out: Console) -> list[Load]:
    """Every stream in turn, with a bar that moves with each file."""
    outside = [contract for contract in contracts.values() if contract.delivery != "own"]
    files = {c.name: len(dropped_files(stream_folder(home.landing, c.name))) for c in outside}
    words = TextColumn("{task.description}")
    columns = (SpinnerColumn(), words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    loads: list[Load] = []
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("listening", total=sum(files.values()))
        for number, contract in enumerate(outside, 1):
            progress.update(bar, description=contract.name)
            loads += ingest_files(home, contract, moment, told=lambda _: progress.advance(bar))
            loads += ingest_inbox(home, contract, moment)
            progress.update(bar, completed=sum(files[c.name] for c in outside[:number]))
    return loads


def table_of(loads: list[Load]) -> Table:
    """One line per load, with its flags and its most frequent reason below."""
    table = Table("stream", "from", title="What landed", title_justify="left", caption_justify="left")
    for heading in ("in", "kept", "quarantined"):
        table.add_column(heading, justify="right")
    table.add_column("to look at", overflow="fold")
    for load in loads:
        reasons = [f"{rows} × {reason}" for reason, rows in list(load.reasons.items())[:3]]
        style = "red" if load.is_refused else "yellow" if load.rows_quarantined or load.flags else None
        counts = [f"{rows:,}" for rows in (load.rows_in, load.rows_kept, load.rows_quarantined)]
        remarks = "\n".join((*load.flags, *reasons))
        table.add_row(load.stream, load.source_file or load.kind, *counts, remarks, style=style)
    table.caption = f"{len(loads)} loads, {sum(load.rows_kept for load in loads):,} rows"
    return table


def undeclared(home: Home, contracts: dict[str, StreamContract]) -> list[str]:
    """Folders in landing that nobody declared: most often a stream whose name was mistyped."""
    found = [folder.relative_to(home.landing) for folder in home.landing.glob("*/*") if folder.is_dir()]
    return sorted(str(folder) for folder in found if ".".join(folder.parts) not in contracts)


if __name__ == "__main__":
    main()
