"""The identity report as a page: one HTML file, as calm as the page of numbers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from orchestration.paths import Home
from orchestration.recognition.figures import Identity, identity
from orchestration.report.drawing import bars, columns, spoken, table, tiles
from orchestration.report.style import STYLE
from orchestration.shelf import Release
from orchestration.whole import replace_text


def write_identity_report(home: Home, release: Release) -> Path:
    """Writes reports/identity.html about a release; returns its path."""
    target = home.reports / "identity.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_text(target, page(identity(release)))
    return target


def page(found: Identity) -> str:
    """The whole document as HTML text; nothing in it is fetched from anywhere."""
    sections = "".join(f"<section>{section}</section>" for section in _sections(found))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Who is who</title><style>{STYLE}</style></head><body>{_head(found)}{sections}"
        f'<footer class="quiet">Release {escape(found.release_id)}. Identifiers are masked.</footer></body></html>\n'
    )


def _head(found: Identity) -> str:
    notes = {
        "shared identifiers": "they reach several people and join nobody",
        "customers that still break a limit": "listed below, for a person to look at",
    }
    rows = [(name, float(count), notes.get(name, "")) for name, count in found.totals]
    return (
        f"<header><h1>Who is who</h1><p class='quiet'>As of {found.last:%d %b %Y}</p>{tiles(rows)}</header>"
    )


def _sections(found: Identity) -> Iterator[str]:
    sizes = [
        (f"{label} identifier{'s' if label != '1' else ''}", float(count)) for label, count in found.sizes
    ]
    yield f"<h2>Customers by how much is known of them</h2>{bars(sizes)}"
    new, moved = found.by_day(["created"]), found.by_day(["merged", "split", "erased"])
    yield (
        "<h2>New customers</h2><p class='quiet'>By day, the last four weeks; on the first day everyone is new.</p>"
        + columns(new, found.first, found.last, None)
    )
    yield f"<h2>Merged and parted</h2>{columns(moved, found.first, found.last, None)}"
    yield _shared(found)
    refused = [
        (f"{each.reason}: {each.detail}".rstrip(": "), each.links, each.records) for each in found.refused
    ]
    yield f"<h2>Links refused, and why</h2>{table(['reason', 'links', 'records'], refused)}"
    yield _breaches(found)
    yield f"<h2>The largest customers</h2>{table(['customer', 'identifiers'], found.biggest)}"


def _shared(found: Identity) -> str:
    rows = [
        (f"{spoken(each.identifier_type)} {each.identifier}, {each.reason}", each.customers, each.records)
        for each in found.shared
    ]
    return (
        "<h2>Shared most</h2><p class='quiet'>What nobody should be recognised by belongs into"
        f" seeds/identifier_blocklist.csv.</p>{table(['identifier', 'customers', 'records'], rows)}"
    )


def _breaches(found: Identity) -> str:
    rows = [(each.customer_id, spoken(each.identifier_type), each.held, each.most) for each in found.breaches]
    return (
        "<h2>Still over a limit</h2><p class='quiet'>After all weak evidence gave way. Cut a link in"
        " seeds/identity_overrides.csv, or raise the limit in seeds/identifier_types.csv.</p>"
        + table(["customer", "kind", "held", "at most"], rows, empty="nobody")
    )
