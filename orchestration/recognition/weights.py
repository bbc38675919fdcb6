"""Weights for matching records, learned from the warehouse and written down as a new version for people to read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from estimators.matching import Weight, learn_weights
from orchestration.export import duckdb_reader
from orchestration.lint.rows import Seeds
from orchestration.paths import PROJECT, Home
from orchestration.versioned_seed import VersionTaken, append_version

TABLES = ("int_match_patterns", "int_match_records")
COLUMNS = ("model_version", "field", "level", "m", "u", "weight")


class CannotLearn(Exception):
    """No weights were learned, and no seed was changed. The message says what is missing."""


def learned(home: Home, project: Path = PROJECT) -> list[Weight]:
    """Weights from the pairs in the warehouse, for the fields and levels that seeds/match_weights.csv knows."""
    levels: dict[str, list[str]] = {}
    for row in Seeds(project).of("match_weights"):
        if row["field"] != "prior" and row["level"] not in levels.setdefault(row["field"], []):
            levels[row["field"]].append(row["level"])
    try:
        connection, names = duckdb_reader(home, TABLES)
    except duckdb.IOException:
        raise CannotLearn("the warehouse is in use, or was never built: run `downbeat run` first") from None
    with connection:
        if set(names) != set(TABLES):
            raise CannotLearn("the warehouse holds no records to match: run `downbeat run` first")
        patterns = connection.sql(f"select * from {names['int_match_patterns']}").to_arrow_table()
        counted = connection.execute(f"select count(*) from {names['int_match_records']}").fetchall()
    try:
        return learn_weights(patterns.to_pylist(), levels, int(counted[0][0]))
    except ValueError as problem:
        raise CannotLearn(str(problem)) from None


def add_version(version: str, weights: list[Weight], project: Path = PROJECT) -> Path:
    """Append a version to the seed. CannotLearn where its name is taken: versions are added, never changed."""
    rows = [
        [version, one.field, one.level, f"{one.m:.6g}", f"{one.u:.6g}", str(one.weight)] for one in weights
    ]
    try:
        return append_version("match_weights", "model_version", version, rows, project)
    except VersionTaken as problem:
        raise CannotLearn(str(problem)) from None
