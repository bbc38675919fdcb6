"""A rehearsed change of rules in Markdown, to be read before it goes live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.recognition.difference import Changed, Difference


def markdown(found: Difference) -> str:
    """The whole comparison; identifiers are masked."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Difference) -> Iterator[str]:
    yield "# What these rules would change\n"
    yield from _table(["", "count"], found.counts)
    if not (found.verdicts or found.merges or found.splits or found.silenced):
        yield "Nobody would be recognised differently.\n"
    if found.verdicts:
        yield "## Links judged differently\n"
        yield from _table(["now", "then", "links"], found.verdicts)
    if found.merges:
        yield "## Would become one\n"
        rows = [(each.customer_id, each.others, each.identifiers) for each in found.merges]
        yield from _table(["customer", "made of", "identifiers"], rows)
    if found.splits:
        yield "## Would part\n"
        rows = [(each.customer_id, each.others, each.identifiers) for each in found.splits]
        yield from _table(["customer", "into", "identifiers"], rows)
    if found.silenced:
        yield "## Would speak for nobody\n"
        silent = [(f"{x.identifier_type} {x.identifier}", x.customer_id, x.reason) for x in found.silenced]
        yield from _table(["identifier", "today", "because"], silent)
    yield from _changes("Audiences", found.audiences)
    yield from _changes("Lists at the tools", found.lists)


def _changes(title: str, changes: Sequence[Changed]) -> Iterator[str]:
    if changes:
        yield f"## {title}\n"
        rows = [(each.name, each.before, each.after, each.coming, each.going) for each in changes]
        yield from _table(["", "now", "then", "coming", "going"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    numbers = [isinstance(value, int) for value in rows[0]]
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---:' if number else '---' for number in numbers)}|"
    for row in rows:
        yield f"| {' | '.join(f'{value:,}' if isinstance(value, int) else str(value) for value in row)} |"
    yield ""
