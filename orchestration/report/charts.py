"""Charts drawn by matplotlib, narrow enough for a phone: SVG as a data address, legible on light and dark paper."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from textwrap import fill
from typing import Any

WIDE = 4.4
INK, QUIET, LINE = "#4f6bed", "#85888c", "#b8bcc4"

Interval = tuple[str, float, float, float]
"""A name, the estimate, and the lower and upper end of its interval."""


def intervals(rows: Sequence[Interval], words: str) -> str:
    """One estimate with its interval per row, the first on top, and the line of no effect."""
    figure, axes = canvas(0.7 + 0.42 * len(rows))
    places = range(len(rows), 0, -1)
    axes.axvline(0, color=LINE, linewidth=1)
    for place, (_, middle, low, high) in zip(places, rows, strict=True):
        axes.plot([low, high], [place, place], color=INK, linewidth=2, solid_capstyle="round")
        axes.plot([middle], [place], marker="o", color=INK, markersize=6)
    axes.set_yticks(list(places), [fill(name, 24) for name, *_ in rows])
    axes.set_ylim(0.4, len(rows) + 0.6)
    axes.set_xlabel(words)
    return address(figure, axes)


def against(predicted: Sequence[float], actual: Sequence[float]) -> str:
    """Predicted shares against actual ones, with the line where they would agree."""
    figure, axes = canvas(3.0)
    most = max([*predicted, *actual], default=1.0) * 1.05
    axes.plot([0, most], [0, most], color=LINE, linewidth=1)
    axes.plot(predicted, actual, marker="o", color=INK, linewidth=1.6)
    axes.set(xlabel="predicted", ylabel="actual", xlim=(0, most), ylim=(0, most))
    return address(figure, axes)


def lengths(names: Sequence[str], values: Sequence[float]) -> str:
    """Horizontal bars in the order given, the first on top, each with its number."""
    figure, axes = canvas(0.5 + 0.36 * len(names))
    drawn = axes.barh([fill(name, 24) for name in names][::-1], list(values)[::-1], color=INK, height=0.55)
    axes.bar_label(drawn, fmt="{:,.2f}", padding=3, fontsize=9, color=QUIET)
    axes.margins(x=0.2)
    axes.tick_params(axis="x", labelbottom=False, length=0)
    return address(figure, axes)


def canvas(tall: float) -> tuple[Any, Any]:
    """A figure and its axes, without a window."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, tall), layout="constrained")
    return figure, figure.subplots()


def address(figure: Any, axes: Any) -> str:
    """The figure as a data address; the same figure gives the same bytes."""
    import matplotlib

    axes.spines[["top", "right"]].set_visible(False)
    for part in (*axes.spines.values(),):
        part.set_color(LINE)
    axes.tick_params(colors=QUIET, labelsize=9)
    axes.xaxis.label.set_color(QUIET)
    axes.yaxis.label.set_color(QUIET)
    picture = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "downbeat", "svg.fonttype": "path"}):
        figure.savefig(picture, format="svg", transparent=True, metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
