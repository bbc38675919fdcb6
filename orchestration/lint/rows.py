"""The seeds as lint reads them: every row with its file and line, and what the YAML beside it declares."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Finding:
    """Something wrong with one line of one seed."""

    file: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}. {self.remedy}."


@dataclass(frozen=True)
class Row:
    """One line of a seed; a missing cell is an empty text."""

    seed: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def finding(self, problem: str, remedy: str) -> Finding:
        return Finding(f"seeds/{self.seed}.csv", self.line, problem, remedy)

    def number(self, column: str) -> float:
        """The cell as a number; NaN where it is none, which no comparison finds fault with twice."""
        try:
            return float(self[column])
        except ValueError:
            return float("nan")

    def items(self, column: str) -> list[str]:
        """The items of a list written as a|b|c."""
        return [item for item in self[column].split("|") if item]


@dataclass(frozen=True)
class Seeds:
    """All seeds of a project, with what their YAML declares."""

    project: Path

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        return {path.stem: list(read_rows(path)) for path in sorted((self.project / "seeds").glob("*.csv"))}

    @cached_property
    def declared(self) -> dict[str, dict[str, Any]]:
        """Per seed its YAML entry."""
        entries: dict[str, dict[str, Any]] = {}
        for path in sorted((self.project / "seeds").glob("*.yml")):
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("seeds", []):
                entries[entry["name"]] = entry
        return entries

    def of(self, seed: str) -> list[Row]:
        return self.rows.get(seed, [])

    def known(self, seed: str, column: str) -> set[str]:
        """Every value of a column."""
        return {row[column] for row in self.of(seed)} - {""}


def overlap(row: Row, other: Row) -> bool:
    """Whether there is a day on which both of two dated rows are in force."""
    return row["valid_from"] <= (other["valid_to"] or "9999") and other["valid_from"] <= (
        row["valid_to"] or "9999"
    )


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file with the line each ends on; cells beyond the header are kept under a name of their own."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restkey="beyond the header", restval="")
        for values in reader:
            yield Row(path.stem, reader.line_num, {k: str(v or "") for k, v in values.items()})
