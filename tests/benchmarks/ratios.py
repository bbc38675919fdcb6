"""What something costs over what its peer costs in the same run, against the bar."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table

from tests.benchmarks.stages import Cost


@dataclass(frozen=True)
class Ratio:
    """CPU seconds against a peer's; the same again with what each takes over an empty input subtracted."""

    ours: Cost
    peer: Cost
    bar: float
    our_start: float = 0.0
    peer_start: float = 0.0

    @property
    def whole(self) -> float:
        return self.ours.cpu / self.peer.cpu

    @property
    def net(self) -> float:
        return (self.ours.cpu - self.our_start) / max(0.001, self.peer.cpu - self.peer_start)


def mark(value: float, bar: float, at_least: bool = False) -> str:
    """The figure, green where it holds the bar and red where it does not."""
    holds = value >= bar if at_least else value <= bar
    shown = f"{value:,.3f}"
    return f"[green]{shown} holds[/]" if holds else f"[red]{shown} MISSES[/]"


def table_of(title: str, ratios: list[Ratio]) -> Table:
    """One row per comparison."""
    table = Table(title=title)
    for column in ("what", "CPU s", "start-up", "peer", "CPU s", "start-up", "whole", "net", "bar"):
        table.add_column(column, justify="left" if column in ("what", "peer") else "right")
    for ratio in ratios:
        table.add_row(
            ratio.ours.name,
            f"{ratio.ours.cpu:.2f}",
            f"{ratio.our_start:.2f}",
            ratio.peer.name,
            f"{ratio.peer.cpu:.2f}",
            f"{ratio.peer_start:.2f}",
            mark(ratio.whole, ratio.bar),
            mark(ratio.net, ratio.bar),
            f"{ratio.bar:g}",
        )
    return table
