"""YAML that remembers where it was written, so that a mistake can be shown by file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class BadContract(Exception):
    """A source YAML says something that cannot be meant; the message names file and line. Correct the YAML."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")


@dataclass(frozen=True)
class Marked:
    """One mapping of a YAML file, with the line it begins on."""

    path: Path
    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def wrong(self, what: str) -> BadContract:
        """The error to raise; points at the entry that the message begins with, else at the mapping."""
        return BadContract(self.path, self.lines.get(what.split(":")[0], self.line), what)

    def get(self, name: str) -> str | None:
        """A text that may be missing."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(f"{name}: must be text")
        return value

    def text(self, name: str, pattern: re.Pattern[str] | None = None, default: str | None = None) -> str:
        """A text that must be there (unless there is a default) and match the pattern."""
        value = self.get(name)
        value = default if value is None else value
        if value is None:
            raise self.wrong(f"{name}: is missing")
        if pattern and not pattern.fullmatch(value):
            raise self.wrong(f"{name}: {value!r} is not allowed here")
        return value

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        """A text out of a fixed set."""
        value = self.text(name)
        if value not in allowed:
            raise self.wrong(f"{name}: must be one of {', '.join(allowed)}")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when missing."""
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"{name}: must be a list of texts")
        return value

    def number(self, name: str, default: float | None) -> float | None:
        """A number, or the default."""
        value = self.values.get(name, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.wrong(f"{name}: must be a number")
        return value

    def flag(self, name: str) -> bool:
        """true or false; false when missing."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{name}: must be true or false")
        return value

    def part(self, name: str) -> Marked:
        """A mapping inside; empty when missing."""
        value = self.values.get(name)
        if value is None:
            return Marked(self.path, self.lines.get(name, self.line), {}, {})
        if not isinstance(value, Marked):
            raise self.wrong(f"{name}: must be a mapping")
        return value

    def items(self, name: str) -> Iterator[Marked]:
        """The mappings of a list; none when missing."""
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, Marked) for item in value):
            raise self.wrong(f"{name}: must be a list of mappings")
        yield from value

    def allow_only(self, names: set[str]) -> None:
        """A rule nobody knows is a rule nobody keeps: most often a typing error."""
        for name in self.values:
            if name not in names:
                raise self.wrong(f"{name}: unknown; known are {', '.join(sorted(names))}")


def read_yaml(path: Path) -> Marked:
    """The file as marked mappings. BadContract where it is not YAML or not a mapping."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadContract(path, mark.line + 1 if mark else 1, "cannot be read as YAML") from error
    found = marked(path, node) if node else None
    if not isinstance(found, Marked):
        raise BadContract(path, 1, "must be a mapping with sources")
    return found


def marked(path: Path, node: yaml.Node) -> Any:
    """A YAML node as plain Python, mappings as Marked."""
    if isinstance(node, yaml.SequenceNode):
        return [marked(path, item) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return yaml.SafeLoader("").construct_object(node)
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    values = {str(key.value): marked(path, value) for key, value in node.value}
    if len(values) < len(node.value):
        raise BadContract(path, node.start_mark.line + 1, "the same entry stands twice")
    return Marked(path, node.start_mark.line + 1, values, lines)
