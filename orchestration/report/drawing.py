"""Small drawings in SVG and HTML: columns by day, bars by name, tables. Colours are classes, so light and dark work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

WIDTH, HEIGHT, BASE, TALLEST = 720, 190, 160, 132


def number(value: float) -> str:
    """With thousands apart; two decimals only where they say something."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"


def span(middle: float, low: float | None, high: float | None) -> str:
    """An estimate with its interval."""
    ends = "" if low is None or high is None else f" ({signed(low)} to {signed(high)})"
    return f"{signed(middle)}{ends}"


def signed(value: float) -> str:
    """Three figures that matter, with a minus that is as wide as a plus."""
    return f"{value:,.3g}".replace("-", "\N{MINUS SIGN}") if abs(value) < 1000 else number(value)


def spoken(name: str) -> str:
    """A name of the models as people say it."""
    return name.replace("_", " ")


def columns(days: Mapping[date, Mapping[str, float]], first: date, last: date, since: date | None) -> str:
    """Stacked columns, one a day or one a week, with a legend and a line where Downbeat began to decide."""
    step = 1 if (last - first).days < 60 else 7
    starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]
    names = sorted({name for day in days.values() for name in day})
    if not names:
        return '<p class="quiet">nothing yet</p>'
    stacks = [_stack(days, start, step, names) for start in starts]
    top = max((sum(stack) for stack in stacks), default=0) or 1
    wide = WIDTH / len(starts)
    drawn = "".join(_column(n * wide, wide, stack, top) for n, stack in enumerate(stacks))
    mark = _mark((since - first).days / step * wide) if since and first < since <= last else ""
    ticks = "".join(
        f'<text x="{starts.index(day) * wide:.1f}" y="{HEIGHT - 12}">{day:%d %b}</text>'
        for day in starts[:: max(1, len(starts) // 6)]
    )
    label = f'<text x="0" y="14">{number(top)} a {"day" if step == 1 else "week"} at most</text>'
    legend = "".join(
        f'<span><i class="k{n}"></i>{escape(spoken(name))}</span>' for n, name in enumerate(names)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="columns by day">{drawn}{mark}{ticks}{label}'
        f'<line x1="0" y1="{BASE}" x2="{WIDTH}" y2="{BASE}"/></svg><p class="legend">{legend}</p>'
    )


def _stack(
    days: Mapping[date, Mapping[str, float]], start: date, step: int, names: Sequence[str]
) -> list[float]:
    span = [days.get(start + timedelta(days=n), {}) for n in range(step)]
    return [sum(day.get(name, 0) for day in span) for name in names]


def _column(x: float, wide: float, stack: Sequence[float], top: float) -> str:
    parts, y = [], float(BASE)
    for n, value in enumerate(stack):
        tall = value / top * TALLEST
        y -= tall
        if value:
            parts.append(
                f'<rect class="k{n}" x="{x + wide * 0.1:.1f}" y="{y:.1f}" width="{wide * 0.8:.1f}" height="{tall:.1f}">'
                f"<title>{number(value)}</title></rect>"
            )
    return "".join(parts)


def _mark(x: float) -> str:
    side, arrowed = (
        ("end", "Downbeat decides from here →")
        if x > WIDTH / 2
        else ("start", "→ Downbeat decides from here")
    )
    return (
        f'<line class="mark" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{BASE}"/>'
        f'<text class="mark" x="{x + (-6 if side == "end" else 6):.1f}" y="14" text-anchor="{side}">{arrowed}</text>'
    )


def bars(rows: Sequence[tuple[str, float]], empty: str = "nothing yet") -> str:
    """One horizontal bar per row, as long as its share of the largest."""
    if not rows:
        return f'<p class="quiet">{escape(empty)}</p>'
    top = max(value for _, value in rows) or 1
    lines = [
        f"<li><span>{escape(name)}</span><b>{number(value)}</b>"
        f'<i style="width:{max(0.3, value / top * 100):.1f}%"></i></li>'
        for name, value in rows
    ]
    return f'<ul class="bars">{"".join(lines)}</ul>'


def table(head: Sequence[str], rows: Sequence[Sequence[object]], empty: str = "nothing yet") -> str:
    """A table that scrolls by itself on a small screen; numbers to the right."""
    if not rows:
        return f'<p class="quiet">{escape(empty)}</p>'
    numeric = [any(isinstance(value, int | float) for value in column) for column in zip(*rows, strict=True)]
    marked = zip(head, numeric, strict=True)
    tops = "".join(f"<th{' class=n' if is_number else ''}>{escape(name)}</th>" for name, is_number in marked)
    lines = ("".join(_cell(*cell) for cell in zip(row, numeric, strict=True)) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scroll"><table><thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: object, is_number: bool) -> str:
    told = number(value) if isinstance(value, int | float) else escape(str(value))
    return f"<td{' class=n' if is_number else ''}>{told}</td>"


def tiles(rows: Sequence[tuple[str, float, str]]) -> str:
    """Large numbers with what they are, and in small what they are not."""
    return (
        '<div class="tiles">'
        + "".join(
            f"<div><b>{number(value)}</b><span>{escape(name)}</span><small>{escape(note)}</small></div>"
            for name, value, note in rows
        )
        + "</div>"
    )
