"""Small files that are there entirely or not at all."""

from __future__ import annotations

from pathlib import Path


def replace_text(file: Path, text: str) -> None:
    """Write beside the file first, then take its place: a reader sees the old text or the new one, never half."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
