"""Data Docs that call nobody: Great Expectations' pages without the scripts, fonts and logos of fifteen other hosts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

ELSEWHERE = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>|<!--.*?-->"
    r"|@import[^;]*;|url\([^)]*https?:[^)]*\)",
    re.DOTALL | re.IGNORECASE,
)
STYLE = """
:root { color-scheme: light dark }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 16px/1.5 system-ui, sans-serif }
nav, .card:has(#navigation), .card:has(input), .collapse, a[data-toggle] { display: none !important }
nav.navbar { display: block !important; border: 0 !important; height: auto !important }
nav nav { display: block !important } ol { padding: 0; list-style: none; display: flex; gap: .75rem }
h1 { font-size: 1.5rem } h4, h5 { margin: 1.5rem 0 .25rem; font-size: 1.1rem } p { margin: .25rem 0 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 } [hidden] { display: none }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884 }
.popover-body, .cooltip .top { display: none }
.fa-check-circle::before { content: "✓ held" } .fa-times::before, .fa-exclamation-triangle::before { content: "✗" }
.text-success, .held { color: #2c8a4b } .text-danger, .broken { color: #c4432f } .sticky { position: static !important }
"""


def make_private(folder: Path, failed: Mapping[str, Sequence[str]]) -> None:
    """Rewrites every page of the site in `folder` in place, and its index: a line per suite with its verdict."""
    for page in folder.rglob("*.html"):
        text = ELSEWHERE.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", f"<style>{STYLE}</style></head>", 1), encoding="utf-8")
    (folder / "index.html").write_text(_index(folder, failed), encoding="utf-8")


def _index(folder: Path, failed: Mapping[str, Sequence[str]]) -> str:
    rows = "".join(_row(folder, name, reasons) for name, reasons in sorted(failed.items()))
    head = "<tr><th>suite</th><th>verdict</th><th>what broke</th></tr>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Data Docs</title><style>{STYLE}</style></head><body><h1>Data Docs</h1>"
        "<p>What was asked of each table at the door, by Great Expectations. Verdicts only, never values.</p>"
        f"<table>{head}{rows}</table></body></html>\n"
    )


def _row(folder: Path, name: str, reasons: Sequence[str]) -> str:
    path = name.replace(".", "/")  # Great Expectations takes a dot in a name for a folder
    pages = sorted((folder / "validations" / path).rglob("*.html"))
    link = pages[-1].relative_to(folder).as_posix() if pages else f"expectations/{path}.html"
    verdict = '<span class="broken">broken</span>' if reasons else '<span class="held">held</span>'
    told = "<br>".join(escape(reason) for reason in reasons)
    return f'<tr><td><a href="{escape(link)}">{escape(name)}</a></td><td>{verdict}</td><td>{told}</td></tr>'
