"""`python -m tests.benchmarks.books FOLDER`: what a holdout says a channel brought, beside what the simulator knows.

Each seed lives some weeks with Downbeat, with a holdout of every channel; one channel (paid social unless said
otherwise) is given no effect at all: people click, and nobody buys because of it. Then the project's own measurement
models are built, and for each channel stand side by side: orders the plain rules credit, orders the holdout says were
brought, with an interval that holds however often one looks, and the truth: orders of known buyers that would not have
been without a message of that channel, among those who were treated, from the simulator's books.

Truth is per message; a holdout also sees what leaving a channel out does to the others, which this truth leaves out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from orchestration.demo import MORNING
from orchestration.paths import PROJECT
from orchestration.stage import GO_LIVE
from sandbox.catalogue import CHANNELS
from sandbox.columns import pick
from sandbox.history import day_number
from tests.benchmarks.compiled_project import Project, compile_project
from tests.benchmarks.siloed import Row, append
from tests.benchmarks.two_branches import Branches

MEASURED = ("int_channel_calibrations", "fct_channel_attribution")
HELD_OUT = ("email", "sms", "push", "paid_social", "onsite", "direct_mail")
CALIBRATED = """
select c.channel, max(credited_count) filter (rule = 'last') as last_click,
    max(credited_count) filter (rule = 'linear') as linear, max(c.incremental_count) as brought,
    max(c.incremental_low) as low, max(c.incremental_high) as high,
    max((l.fixed_high - l.fixed_low) / 2 * l.arm_count) as once,
    max((a.fixed_high - a.fixed_low) / 2 * a.arm_count) as once_of_all
from measurement.int_channel_calibrations as c
join measurement.fct_lift as l on l.experiment = c.experiment and l.analysis = 'ghosts'
    and l.metric = 'orders' and l.arm = 'treated'
join measurement.fct_lift as a on a.experiment = c.experiment and a.analysis = 'intention to treat'
    and a.metric = 'orders' and a.arm = 'treated'
group by c.channel order by c.channel"""
TREATED = """
select distinct i.identifier_type, i.identifier from measurement.int_experiment_units as u
join identity.dim_customer_identifiers as i on i.customer_id = u.customer_id and not i.is_shared
where u.analysis = 'intention to treat' and u.arm = 'treated' and u.experiment = ?"""
KINDS = {"email": "emails", "phone": "phones", "loyalty_card": "cards", "account": "accounts"}


def policies_with_holdouts(folder: Path, per_mille: int) -> Path:
    """The project's seeds with a holdout of every channel and no other experiment but the universal holdout."""
    copytree(PROJECT / "seeds", folder / "seeds", dirs_exist_ok=True)
    with (PROJECT / "seeds" / "experiments.csv").open(newline="") as given:
        rows = [row for row in csv.DictReader(given) if row["experiment"] == "universal_holdout"]
    for channel in HELD_OUT:
        told = {"experiment": f"{channel}_holdout", "scope_type": "channel", "scope_key": channel}
        rows.append(rows[0] | told | {"per_mille": str(per_mille), "salt": f"{channel}-books"})
    with (folder / "seeds" / "experiments.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def measured(
    project: Project, policies: Path, people: int, seed: int, days: int, without: str
) -> Iterator[Row]:
    """One row per channel with a holdout."""
    branches = Branches.create(project, people, seed, policies, without_effect=(without,))
    for number in range(days):
        branches.live_ours(number)
    moment = datetime.combine(GO_LIVE + timedelta(days=days), MORNING)
    wanted = project.steps([*(step.name for step in branches.steps), *MEASURED])
    branches.warehouse.run(wanted, moment, "measured")
    for row in branches.warehouse.rows(CALIBRATED):
        channel = str(row["channel"])
        if channel in HELD_OUT:
            figures = {
                name: float(str(row[name] or 0))
                for name in ("last_click", "linear", "brought", "low", "high", "once", "once_of_all")
            }
            truth = caused_among_treated(branches, channel, day_number(GO_LIVE), days)
            yield {
                "seed": seed,
                "people": people,
                "days": days,
                "channel": channel,
                **figures,
                "truth": truth,
            }


def caused_among_treated(branches: Branches, channel: str, first: int, days: int) -> int:
    """Orders with an identifier that a message of the channel caused, by persons who were not held out of it."""
    retailer, treated = branches.ours, np.zeros(branches.ours.world.people.count, bool)
    rows = branches.warehouse.connection.execute(TREATED, [f"{channel}_holdout"]).fetchall()
    for kind, name in KINDS.items():
        person, _ = retailer.world.contacts.owner(name, [value for told, value in rows if told == kind])
        treated[person[person >= 0]] = True
    lines = retailer.books.between("lines", first, first + days - 1)
    _, row = np.unique(lines["order"], return_index=True)
    orders = pick(lines, row)
    of_channel = retailer.world.messages.channel[np.maximum(orders["cause"], 0)] == CHANNELS.index(channel)
    return int((of_channel & (orders["cause"] >= 0) & orders["is_known"] & treated[orders["person"]]).sum())


def table(file: Path) -> Table:
    """Every seed and channel, and how often the interval holds the truth."""
    told = Table(
        title="orders by channel: credited, brought by the holdout's word with its interval, and in truth"
    )
    for heading in ("seed", "channel", "last click", "linear", "brought", "from", "to", "truth", "held"):
        told.add_column(heading, justify="left" if heading == "channel" else "right")
    with file.open(newline="") as given:
        rows = list(csv.DictReader(given))
    held = [float(row["low"]) <= float(row["truth"]) <= float(row["high"]) for row in rows]
    for row, is_held in zip(rows, held, strict=True):
        figures = [f"{float(row[n]):,.1f}" for n in ("last_click", "linear", "brought", "low", "high")]
        told.add_row(row["seed"], row["channel"], *figures, row["truth"], "yes" if is_held else "no")
    told.caption = f"{sum(held)} of {len(held)} intervals hold the truth"
    return told


def together(file: Path) -> Table:
    """Every channel over all seeds: sums, with half-widths added as squares, for worlds that are looked at once."""
    told = Table(title="all seeds together, 95 % intervals of one look")
    for heading in (
        "channel",
        "seeds",
        "last click",
        "brought",
        "from",
        "to",
        "truth",
        "held",
        "from nought",
    ):
        told.add_column(heading, justify="left" if heading == "channel" else "right")
    with file.open(newline="") as given:
        rows = list(csv.DictReader(given))
    for channel in sorted({row["channel"] for row in rows}):
        own = [row for row in rows if row["channel"] == channel]
        clicks, brought, truth = (
            sum(float(row[n]) for row in own) for n in ("last_click", "brought", "truth")
        )
        half = sum(float(row["once"]) ** 2 for row in own) ** 0.5
        is_held, is_told = abs(brought - truth) <= half, abs(brought) > half
        figures = [f"{number:,.0f}" for number in (clicks, brought, brought - half, brought + half, truth)]
        words = ["yes" if is_held else "no", "told" if is_told else "not told"]
        told.add_row(channel, str(len(own)), *figures, *words)
    return told


@click.command(help="Calibrated conversions of every channel beside the simulator's own books.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--people", default=3000, show_default=True)
@click.option("--days", default=28, show_default=True)
@click.option("--seeds", default="201-205", show_default=True, help="First and last seed.")
@click.option("--per-mille", default=300, show_default=True, help="Held out of each channel.")
@click.option(
    "--without-effect", default="paid_social", show_default=True, help="The channel that does nothing."
)
@click.option(
    "--compiled", type=click.Path(path_type=Path), default=None, help="Where compiled models are kept."
)
def main(
    folder: Path,
    people: int,
    days: int,
    seeds: str,
    per_mille: int,
    without_effect: str,
    compiled: Path | None,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file, policies = folder / "channels.csv", policies_with_holdouts(folder / "policies", per_mille)
    project = compile_project(compiled or folder / "compiled")
    first, _, last = seeds.partition("-")
    for seed in range(int(first), int(last or first) + 1):
        append(file, list(measured(project, policies, people, seed, days, without_effect)))
    Console(width=120).print(table(file), together(file))


if __name__ == "__main__":
    main()
