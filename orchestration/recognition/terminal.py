"""The identity report in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table

from orchestration.recognition.figures import Identity
from orchestration.report.drawing import spoken


def show_identity(found: Identity, console: Console) -> None:
    """Prints every part of the report."""
    for part in parts(found):
        console.print(part)


def parts(found: Identity) -> Iterator[RenderableType]:
    """The report, table by table."""
    yield _table(f"Who is who, release {found.release_id}", ["", "count"], found.totals)
    yield _table("Customers by identifiers", ["identifiers", "customers"], found.sizes)
    growth = [(f"{day}", kind, count) for day, kind, count in found.growth]
    yield _table("New, merged, parted", ["day", "kind", "customers"], growth)
    shared = [
        (f"{spoken(each.identifier_type)} {each.identifier}", each.reason, each.customers, each.records)
        for each in found.shared
    ]
    yield _table("Shared most", ["identifier", "why", "customers", "records"], shared)
    refused = [
        (f"{each.reason}: {each.detail}".rstrip(": "), each.links, each.records) for each in found.refused
    ]
    yield _table("Links refused", ["why", "links", "records"], refused)
    breaches = [
        (each.customer_id, spoken(each.identifier_type), each.held, each.most) for each in found.breaches
    ]
    yield _table("Still over a limit", ["customer", "kind", "held", "at most"], breaches)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> RenderableType:
    if not rows:
        return f"\n[bold]{title}[/]: none"
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(head):
        table.add_column(
            name, justify="right" if isinstance(rows[0][place], int) else "left", header_style="dim"
        )
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    return Group(f"\n[bold]{title}[/]", table)
