"""What each stage costs at scale, each in a process of its own, against reading the same raw files once.

    python -m tests.benchmarks.stages --customers 1000000 --days 730

Prints seconds of wall and CPU, peak memory of the largest process, and the ratio to the lower bound: one DuckDB process
that reads every column of every landed file once and does nothing with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from orchestration.paths import PROJECT, Home
from orchestration.transform import dbt_environment, dbt_executable, target_folder

GO_LIVE = date(2026, 11, 2)
LAYERS = [
    "path:seeds",
    "staging",
    "identity",
    "profiles",
    "context",
    "audiences",
    "decisions",
    "syncs",
    "measurement",
]
READ_ONCE = """
import sys, duckdb
from pathlib import Path
connection = duckdb.connect()
connection.execute("set memory_limit = '6GB'")
csv, ndjson = "read_csv('%s', all_varchar = true)", "read_json_objects('%s', format = 'newline_delimited')"
readers = {".parquet": "read_parquet('%s')", ".csv.gz": csv, ".csv": csv, ".ndjson.gz": ndjson, ".ndjson": ndjson}
for file in sorted(p for p in Path(sys.argv[1]).rglob("*") if p.is_file()):
    reader = next(r for suffix, r in readers.items() if file.name.endswith(suffix))
    connection.execute("select sum(hash(rows)) from " + reader % file + " as rows").fetchall()
"""


@dataclass(frozen=True)
class Cost:
    """Seconds and bytes of one stage, as the operating system counted them when its process ended."""

    name: str
    wall: float
    cpu: float
    peak: int


def measured(name: str, command: list[str], environment: dict[str, str] | None = None) -> Cost:
    """Run one command to its end in its own process group. CalledProcessError if it fails."""
    probe = (
        "import resource,subprocess,sys,time;t=time.monotonic();"
        "code=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode;"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(time.monotonic()-t,u.ru_utime+u.ru_stime,u.ru_maxrss*1024);sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *command],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall, cpu, peak = done.stdout.split()
    return Cost(name, float(wall), float(cpu), int(peak))


def stages(home: Home, moment: str) -> list[tuple[str, list[str]]]:
    """Every stage after the files have landed, as the command that does it."""
    python = sys.executable
    variables = f'{{"as_of": "{moment}", "run_id": "benchmark"}}'
    project = ["--project-dir", str(PROJECT), "--target-path", str(target_folder(home, "duckdb"))]
    ingest = [python, "-m", "orchestration.ingestion", "--home", str(home.root), "--at", moment]
    built = [
        (
            layer.removeprefix("path:"),
            [
                dbt_executable(),
                "run" if "seeds" not in layer else "seed",
                "-s",
                layer,
                *project,
                "--vars",
                variables,
            ],
        )
        for layer in LAYERS
    ]
    publish = [python, "-m", "tests.benchmarks.publish", str(home.root), moment]
    return [("listen", ingest), *built, ("publish", publish)]


@click.command()
@click.option("--customers", default=1_000_000, show_default=True)
@click.option("--days", default=730, show_default=True)
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to work; a temporary folder if not given."
)
def main(customers: int, days: int, folder: Path | None) -> None:
    """Simulate, then measure every stage."""
    out = Console(width=110)
    home = Home((folder or Path(tempfile.mkdtemp())).resolve())
    simulate = [sys.executable, "-m", "sandbox.history", "--customers", str(customers), "--days", str(days)]
    simulate += ["--seed", "7", "--go-live", str(GO_LIVE), "--landing", str(home.landing)]
    costs = [measured("(simulate)", simulate)] if not home.landing.exists() else []
    floor = measured("lower bound: read the files once", [sys.executable, "-c", READ_ONCE, str(home.landing)])
    costs.append(floor)
    for name, command in stages(home, f"{GO_LIVE} 06:00:00"):
        costs.append(measured(name, command, dbt_environment(home)))
        out.print(
            f"{costs[-1].name}: {costs[-1].wall:.1f} s wall, {costs[-1].cpu:.1f} s CPU", highlight=False
        )
    out.print(table_of(costs, floor, customers, days, size_of(home.landing)))


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def table_of(costs: list[Cost], floor: Cost, customers: int, days: int, size: int) -> Table:
    """The figures, as they belong into a note."""
    table = Table(
        title=f"{customers:,} customers, {days} days, {size / 1e9:.2f} GB landed, {os.cpu_count()} cores"
    )
    for column in ("stage", "wall s", "CPU s", "peak GB", "CPU / lower bound"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for cost in costs:
        ratio = cost.cpu / floor.cpu
        table.add_row(
            cost.name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.peak / 1e9:.2f}", f"{ratio:.2f}"
        )
    return table


if __name__ == "__main__":
    main()
