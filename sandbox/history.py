"""The past of a world, lived through siloed and written as backfill files.

python -m sandbox.history --customers 2000 --days 120 --seed 7 --go-live 2026-11-01 --landing DIR
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import click
import pyarrow as pa

from sandbox.columns import Columns, join, pick, size
from sandbox.landing import drop
from sandbox.streams import CATALOGUES, REGISTERS, STREAMS, catalogue, register
from sandbox.tool_exports import FIRST_LASTING
from sandbox.world import World

CHUNK_ROWS = 2_000_000
EPOCH = date(1970, 1, 1)
LOGS = ("klaviyo.events", "site.events")  # streams whose tool forgets after some time


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def date_of(day: int) -> date:
    return EPOCH + timedelta(days=day)


@dataclass
class HistoryWriter:
    """Collects facts and writes them month by month, at most CHUNK_ROWS rows a file, one file at a time behind."""

    world: World
    landing: Path
    log_days: int
    facts: dict[str, list[Columns]] = field(default_factory=dict)
    parts: dict[tuple[str, str], int] = field(default_factory=dict)
    behind: list[Future[Path]] = field(default_factory=list)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def collect(self, stream: str, facts: Columns, day: int) -> None:
        """Takes the facts of a day; of logs only the last log_days, but what ends a contact point always."""
        if stream in LOGS and day < self.world.go_live - self.log_days:
            if stream != "klaviyo.events":
                return
            facts = pick(facts, facts["kind"] >= FIRST_LASTING)
        waiting = self.facts.setdefault(stream, [])
        waiting.append(facts)
        if sum(size(chunk) for chunk in waiting) >= CHUNK_ROWS:
            self._write(stream, day)

    def close_month(self, day: int) -> None:
        """Writes all that is waiting under the month of a day, and who joined in that month."""
        for stream in STREAMS:
            self._write(stream, day)
        month = date_of(day).replace(day=1)
        first = max(day_number(month), self.world.first_day)
        for stream in REGISTERS:
            start = 0 if first == self.world.first_day else first
            table = register(self.world, stream, start, day)
            if len(table):
                self._later(stream, day, lambda t=table: t)  # type: ignore[misc]

    def close(self) -> None:
        """Writes what never changes, and waits for the last file."""
        for stream in CATALOGUES:
            self._later(stream, self.world.first_day, lambda s=stream: catalogue(self.world, s))  # type: ignore[misc]
        self.pool.shutdown(wait=True)
        for future in self.behind:
            future.result()

    def _write(self, stream: str, day: int) -> None:
        waiting = self.facts.pop(stream, [])
        if not waiting or not sum(size(chunk) for chunk in waiting):
            return
        last = self.world.go_live - 1
        self._later(
            stream, day, lambda: STREAMS[stream](self.world, join(waiting), pa.array([], pa.string()), last)
        )

    def _later(self, stream: str, day: int, render: Callable[[], pa.Table]) -> None:
        month = f"{date_of(day):%Y-%m}"
        part = self.parts[stream, month] = self.parts.get((stream, month), 0) + 1
        name = f"history-{month}" + (f"-{part}" if part > 1 else "")
        while len(self.behind) > 2:
            self.behind.pop(0).result()
        self.behind.append(self.pool.submit(lambda: drop(self.landing, stream, name, render())))


@click.command(help="Write the history of a retailer with known truth as backfill files.")
@click.option("--customers", default=2000, show_default=True)
@click.option("--days", default=120, show_default=True, help="Days of history before go-live.")
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--go-live", default="2026-11-01", show_default=True, help="First live day; history ends the day before."
)
@click.option("--landing", required=True, type=click.Path(path_type=Path))
@click.option(
    "--log-days", default=90, show_default=True, help="How far back engagement and site logs reach."
)
def main(customers: int, days: int, seed: int, go_live: str, landing: Path, log_days: int) -> None:
    """Writes the files; the same arguments give the same bytes."""
    from sandbox.retailer import Retailer

    retailer = Retailer.create(customers, seed, date.fromisoformat(go_live), days)
    retailer.write_history(landing, log_days=log_days)
    files = [f for f in landing.rglob("*") if f.is_file()]
    click.echo(f"{len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:,.1f} MB under {landing}")


if __name__ == "__main__":
    main()
