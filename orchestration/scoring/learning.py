"""Learning: outcomes out of the warehouse, coefficients and verdicts into streams of our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.export import duckdb_reader
from orchestration.ingestion.loads import committed_loads
from orchestration.lint.rows import Seeds
from orchestration.paths import PROJECT, Home
from orchestration.scoring.habits import HABITS, contest_habit
from orchestration.scoring.lifetimes import contest_lifetimes
from orchestration.scoring.models import MODELS, Learned, Model, TooLittle, learn
from orchestration.scoring.next_products import contest_products
from orchestration.scoring.outcomes import read_outcomes, split
from orchestration.scoring.records import Verdict, commit_verdict, verdict_of
from orchestration.spark_tables import spark_reader
from orchestration.transform import Run

READERS = {"duckdb": duckdb_reader, "spark": spark_reader}
LEARN_EVERY_DAYS = 7


class CannotLearn(Exception):
    """Nothing was learned and nothing was changed. The message says what to do."""


@dataclass(frozen=True)
class Warehouse:
    """An open warehouse: where its tables are, and the moment it was built for."""

    connection: duckdb.DuckDBPyConnection
    relations: dict[str, str]
    as_of: datetime


def learn_all(home: Home, run: Run, is_forced: bool = False) -> list[Verdict]:
    """Learn every model from the warehouse as built, unless it was done lately. The lane must be held."""
    verdicts = contested(home, run) if is_forced or is_due(home, run.as_of) else []
    for verdict in verdicts:
        commit_verdict(home, verdict)
    return verdicts


def contested(home: Home, run: Run) -> list[Verdict]:
    """Every model learned and contested, and nothing written down. The lane must be held."""
    tables = [
        *(model.outcomes for model in (*MODELS, *HABITS)),
        "int_score_cutoffs",
        "int_item_purchases",
        "int_purchase_days",
    ]
    try:
        connection, relations = READERS[run.target](home, tables)
    except duckdb.IOException:
        raise CannotLearn("the warehouse is in use, or was never built: run `downbeat run` first") from None
    with connection:
        if not set(tables) <= set(relations):
            raise CannotLearn("the warehouse holds no features to learn from: run `downbeat run` first")
        warehouse = Warehouse(connection, relations, run.as_of)
        verdicts = [learned(warehouse, model) for model in MODELS]
        verdicts += [
            contest_habit(connection, habit, relations[habit.outcomes], run.as_of, tested_from(warehouse))
            for habit in HABITS
        ]
        verdicts += contest_products(connection, relations["int_item_purchases"], run.as_of)
        return [*verdicts, contest_lifetimes(connection, relations["int_purchase_days"], run.as_of)]


def is_due(home: Home, as_of: datetime) -> bool:
    """Whether the last learning lies a week back, or there was none."""
    loads = [load for load in committed_loads(home, "downbeat.model_runs") if load.rows_kept]
    return not loads or (as_of.date() - loads[-1].loaded_at.date()).days >= LEARN_EVERY_DAYS


def learned(warehouse: Warehouse, model: Model) -> Verdict:
    """One model, contested; where there is too little past, a verdict that says so."""
    table = read_outcomes(warehouse.connection, warehouse.relations[model.outcomes])
    found: Learned | str
    try:
        found = learn(model, *split(table), base_rates())
    except TooLittle as problem:
        found = str(problem)
    return verdict_of(model.name, found, warehouse.as_of, tested_from(warehouse))


def tested_from(warehouse: Warehouse) -> datetime | None:
    """The last cutoff whose outcome is known; None where there is too little history for one."""
    [(moment,)] = warehouse.connection.execute(
        f"select max(cutoff_at) from {warehouse.relations['int_score_cutoffs']} where cutoff_number = 1"
    ).fetchall()
    return moment if isinstance(moment, datetime) else None


def base_rates() -> dict[str, float]:
    """By message, what people believed when they wrote the seed."""
    return {row["message_id"]: row.number("base_rate") for row in Seeds(PROJECT).of("messages")}
