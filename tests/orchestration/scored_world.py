"""Customers with known habits in the tables that scores are made of, put where dbt will look for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import numpy as np
import pandas as pd

from orchestration.ingestion.own import ensure_declared
from orchestration.paths import Home
from orchestration.transform import WITHOUT_TESTS, Run, dbt, remember_built

AS_OF = datetime(2026, 5, 1, 6)
DAYS = 130
BEGIN = AS_OF - timedelta(days=DAYS)
KINDS, ITEMS = 5, 60
LOADED_LATE = AS_OF - timedelta(days=3)
OWN = (
    "score_features",
    "hour_bands",
    "time_zone_offsets",
    "stg_downbeat__item_weights",
    "stg_downbeat__model_runs",
    "stg_downbeat__model_coefficients",
    "stg_downbeat__model_measures",
)
SCORES = ["build", *WITHOUT_TESTS, "--select", "path:models/scores", *OWN]


def put_world(home: Home, people: int = 1500, seed: int = 3) -> None:
    """Every table upstream of the scores. One row in ten was delivered again three days ago."""
    dice, habits = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    likes = dice.gamma(1.5, 0.02, people)
    orders = happenings(dice, np.minimum(likes, 0.3))
    visits = at_their_hours(habits, happenings(dice, np.minimum(likes * 4, 0.6)))
    sent = happenings(dice, np.full(people, 0.12))
    answers = dice.random(len(sent)) < np.minimum(likes[sent.person] * 2.5, 0.5)
    # what was answered went mostly by e-mail to every other person, and by text message to the rest
    fits = habits.random(len(sent)) < np.where(answers, 0.9, 0.4)
    sent["channel"] = np.where((sent.person % 2 == 0) == fits, "email", "sms")
    clicked = sent[answers]
    tables = {
        "context.fct_purchases": orders.assign(
            place="web", order_id=orders.id, is_refund=dice.random(len(orders)) < 0.04, amount=19.9,
            purchased_at=orders["at"], product_id=products(dice, orders.person.to_numpy()),
        ),
        "staging.stg_shop__orders": orders.assign(order_id=orders.id),
        "staging.stg_shop__products": pd.DataFrame({
            "product_id": [f"p{n}" for n in range(ITEMS)], "name": [f"item {n}" for n in range(ITEMS)],
            "category": [f"kind {n % KINDS}" for n in range(ITEMS)],
        }),
        "staging.stg_pos__receipt_lines": orders[:0].assign(receipt_id=""),
        "staging.stg_site__events": visits.assign(
            event_type="visit", account_id=visits.customer_id, cookie_id="", occurred_at=visits["at"],
            is_future=False,
        ),
        "identity.dim_customer_identifiers": pd.DataFrame({
            "identifier_type": "account", "identifier": ids(np.arange(people)),
            "customer_id": ids(np.arange(people)), "is_shared": False,
        }),
        "context.fct_contact_events": pd.concat([
            sent.assign(contact_type="sent", event_id="s" + sent.id),
            clicked.assign(contact_type="clicked", event_id="k" + clicked.id, at=clicked["at"] + pd.Timedelta(hours=2)),
        ]).assign(message_id=lambda rows: "m" + (rows.person % 3).astype(str), is_machine=False, campaign=None)
        .rename(columns={"at": "occurred_at"}),
        "context.fct_cases": orders[:0].assign(ticket_id="", opened_at=AS_OF),
        "staging.stg_desk__tickets": orders[:0].assign(ticket_id=""),
        "profiles.dim_customers": pd.DataFrame({
            "customer_id": ids(np.arange(people)), "time_zone": "America/Chicago", "first_seen_at": BEGIN,
            "first_ordered_at": BEGIN, "last_ordered_at": AS_OF,
        }),
        "context.fct_text_signals": orders[:0].assign(signal="", occurred_at=AS_OF),
        "seeds.messages": pd.DataFrame({"message_id": ["m0", "m1", "m2"], "base_rate": [0.3, 0.3, 0.3]}),
    }  # fmt: skip
    home.warehouse.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as connection:
        for name, frame in tables.items():
            rows = frame.assign(loaded_at=loaded(dice, len(frame)))
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.register("rows", rows)
            connection.execute(f"create or replace table {name} as from rows")
    ensure_declared(home)


def loaded(dice: np.random.Generator, count: int) -> pd.Series:
    """When rows came in: on the first day, and a tenth of them late."""
    return pd.Series(np.where(dice.random(count) < 0.1, np.datetime64(LOADED_LATE), np.datetime64(BEGIN)))


def happenings(dice: np.random.Generator, chance: np.ndarray) -> pd.DataFrame:
    """One row per person and day on which it happens; chance by person."""
    person, day = np.nonzero(dice.random((len(chance), DAYS)) < chance[:, None])
    at = BEGIN + pd.to_timedelta(day * 86400 + dice.integers(0, 86400, len(day)), unit="s")
    return pd.DataFrame(
        {"person": person, "customer_id": ids(person), "at": at, "id": np.arange(len(day)).astype(str)}
    )


def at_their_hours(dice: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    """Half of what everybody does falls into three hours of their own, a third of people each in other ones."""
    hours = 6 * (visits.person % 3) + 8 + dice.integers(0, 3, len(visits))
    moved = visits["at"].dt.normalize() + pd.to_timedelta(hours, unit="h")
    return visits.assign(at=visits["at"].where(dice.random(len(visits)) < 0.5, moved))


def products(dice: np.random.Generator, people: np.ndarray) -> np.ndarray:
    """Everybody likes one kind of product, and the first ones of it best."""
    kind = np.where(dice.random(len(people)) < 0.8, people % KINDS, dice.integers(0, KINDS, len(people)))
    shelf = (ITEMS // KINDS * dice.random(len(people)) ** 2).astype(int)
    return np.char.add("p", (shelf * KINDS + kind).astype(str))


def ids(people: np.ndarray) -> np.ndarray:
    return np.char.add("c", people.astype(str))


def build(home: Home, as_of: datetime = AS_OF) -> Run:
    """Everything in models/scores, for a moment."""
    run = Run(f"r{as_of:%Y%m%d}", as_of, "duckdb", "")
    dbt(home, SCORES, "duckdb", run)
    remember_built(home, run)
    return run


def hide_the_future(home: Home, moment: datetime) -> None:
    """Delete whatever happened from a moment on, or was delivered later than the first day and after it."""
    late = f"loaded_at > timestamp '{moment}' and loaded_at > timestamp '{BEGIN}'"
    times = {
        "context.fct_purchases": "purchased_at", "staging.stg_site__events": "occurred_at",
        "context.fct_contact_events": "occurred_at",
    }  # fmt: skip
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb")) as connection:
        for table, column in times.items():
            connection.execute(f"delete from {table} where {column} >= timestamp '{moment}'")
            if table != "context.fct_purchases":
                connection.execute(f"delete from {table} where {late}")
        connection.execute(
            "delete from context.fct_purchases where order_id in"
            f" (select order_id from staging.stg_shop__orders where {late})"
        )


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()
