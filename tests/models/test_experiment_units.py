"""Who is compared since when, and what weeks under a cap hold, against a count in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.models.rendered import build

BEGIN, AS_OF = datetime(2026, 1, 1), datetime(2026, 3, 1, 6)
PEOPLE, SECONDS = 120, int((AS_OF - BEGIN).total_seconds())
EXPERIMENTS = {
    "all": ("all", "*"),
    "sms": ("channel", "sms"),
    "winback": ("message", "winback"),
    "ceiling": ("cap", "*"),
}
MESSAGES = {"promo": "email", "winback": "sms", "ticket": "email", "nudge": "sms"}
IN_EXPERIMENTS = {"promo", "winback", "nudge"}

Row = dict[str, Any]
World = dict[str, list[Row]]


def world(seed: int) -> World:
    """People drawn for four experiments, some of whom have become one since, and what was decided and happened."""
    dice = np.random.default_rng(seed)

    def person() -> str:
        return f"c{dice.integers(0, PEOPLE):03}"

    def moment() -> datetime:
        # few distinct hours, so that ties are the rule
        return BEGIN + timedelta(hours=int(dice.integers(0, SECONDS // 3600)))

    retired = [f"c{n:03}" for n in range(0, PEOPLE, 7)]
    kept = [f"c{n:03}" for n in range(1, PEOPLE, 7)]
    return {
        "experiments": [
            {"experiment": name, "scope_type": scope, "scope_key": key, "arm": "held_out", "valid_from": BEGIN}
            for name, (scope, key) in EXPERIMENTS.items()
        ],
        "fct_assignments": [
            {
                "experiment": name, "customer_id": f"c{n:03}", "is_crossed": bool(dice.random() < 0.02),
                "arm": "held_out" if dice.random() < 0.3 else "treated", "assigned_at": moment(),
            }
            for name in EXPERIMENTS for n in range(PEOPLE) if dice.random() < 0.9
        ],
        "dim_customer_redirects": [
            {"retired_customer_id": old, "customer_id": new} for old, new in zip(retired, kept, strict=False)
        ],
        "messages": [
            {
                "message_id": name, "channel": channel, "holdout": name in IN_EXPERIMENTS,
                "purpose": "transactional" if name == "ticket" else "marketing", "count_to_caps": name != "nudge",
            }
            for name, channel in MESSAGES.items()
        ],
        "fct_ledger": [
            {
                "customer_id": person(), "message_id": str(dice.choice(list(MESSAGES))),
                "instance": str(dice.integers(0, 3)), "decided_at": moment(),
                "outcome": str(dice.choice(["send", "withhold", "lose", "suppress"])),
            }
            for _ in range(900)
        ],
        "fct_contacts": [
            {
                "customer_id": person(), "channel": str(dice.choice(["email", "sms"])), "counted_at": moment(),
                "state": str(dice.choice(["sent", "released"])), "count_to_caps": bool(dice.random() < 0.8),
                "is_estimate": bool(dice.random() < 0.1),
            }
            for _ in range(500)
        ],
        "fct_conversions": [
            {
                "customer_id": person(), "occurred_at": moment(), "revenue_amount": int(dice.integers(1, 90)),
                "conversion_type": str(dice.choice(["order", "order", "refund"])),
            }
            for _ in range(300)
        ],
        "fct_touches": [
            {
                "customer_id": person(), "occurred_at": moment(),
                "touch_type": str(dice.choice(["clicked", "unsubscribed", "complained"])),
            }
            for _ in range(120)
        ],
    }  # fmt: skip


def units_of(given: World) -> dict[tuple[str, str, str], tuple[str, bool, datetime]]:
    """By experiment, analysis and person: arm, whether crossed, since when."""
    now = {row["retired_customer_id"]: row["customer_id"] for row in given["dim_customer_redirects"]}
    drawn = defaultdict(list)
    for row in given["fct_assignments"]:
        drawn[row["experiment"], now.get(row["customer_id"], row["customer_id"])].append(row)
    found = {}
    for (experiment, person), rows in drawn.items():
        rows.sort(key=lambda row: (row["assigned_at"], row["customer_id"]))
        arm = rows[0]["arm"]
        is_crossed = any(row["is_crossed"] for row in rows) or len({row["arm"] for row in rows}) > 1
        found[experiment, "intention to treat", person] = (arm, is_crossed, rows[0]["assigned_at"])
        wins = [
            choice["decided_at"]
            for row in rows
            for choice in given["fct_ledger"]
            if choice["customer_id"] == row["customer_id"]
            and choice["decided_at"] >= row["assigned_at"]
            and choice["outcome"] in ("send", "withhold")
            and is_about(experiment, choice["message_id"])
        ]
        if wins:
            found[experiment, "ghosts", person] = (arm, is_crossed, min(wins))
    return found


def is_about(experiment: str, message: str) -> bool:
    scope, key = EXPERIMENTS[experiment]
    if message not in IN_EXPERIMENTS:
        return False
    return scope == "all" or (scope, key) in (("channel", MESSAGES[message]), ("message", message))


def weeks_of(given: World, scopes: list[tuple[str, str]]) -> dict[tuple[str, str, int], list[int]]:
    """By channel ('*' for all), person and week since their draw: wishes, contacts, orders, revenue, opt-outs."""
    first: dict[tuple[str, str, str], datetime] = {}
    for row in given["fct_ledger"]:
        if row["outcome"] != "suppress" and row["message_id"] != "nudge":
            occasion = (row["customer_id"], row["message_id"], row["instance"])
            first[occasion] = min(first.get(occasion, row["decided_at"]), row["decided_at"])
    moments = [(who, when, MESSAGES[message], 0, 1) for (who, message, _), when in first.items()]
    for row in given["fct_contacts"]:
        if row["count_to_caps"] and row["state"] != "released" and not row["is_estimate"]:
            moments.append((row["customer_id"], row["counted_at"], row["channel"], 1, 1))
    for row in given["fct_conversions"]:
        orders = int(row["conversion_type"] == "order")
        moments.append((row["customer_id"], row["occurred_at"], "", 2, orders))
        moments.append((row["customer_id"], row["occurred_at"], "", 3, row["revenue_amount"]))
    for row in given["fct_touches"]:
        if row["touch_type"] != "clicked":
            moments.append((row["customer_id"], row["occurred_at"], "", 4, 1))
    found: dict[tuple[str, str, int], list[int]] = {}
    for (experiment, analysis, person), (_, _, since) in units_of(given).items():
        if experiment != "ceiling" or analysis == "ghosts":
            continue
        for scope, key in scopes:
            for who, when, channel, place, amount in moments:
                week = (when - since) // timedelta(days=7)
                is_counted = scope == "global" or channel in ("", key)
                if (
                    who == person
                    and when >= since
                    and is_counted
                    and week < (AS_OF - since) // timedelta(days=7)
                ):
                    sums = found.setdefault((key, person, week), [0] * 5)
                    sums[place] = max(sums[place], amount) if place == 4 else sums[place] + amount
    return found


@pytest.mark.parametrize("seed", range(5))
def test_units_and_weeks_equal_a_plain_count(seed: int) -> None:
    given = world(seed)
    scopes = [("global", "*"), ("channel", "sms")]
    arms = [
        {"experiment": "ceiling", "arm": arm, "scope_type": scope, "scope_key": key, "max_count": 2}
        for arm in ("held_out", "treated")
        for scope, key in scopes
    ]
    with duckdb.connect() as connection:
        for name, rows in (given | {"int_cap_arms": arms}).items():
            frame = pd.DataFrame(rows)
            connection.register("given", frame)
            connection.execute(f"create table {name} as select * from given")
        build(connection, ("int_experiment_units", "int_pressure_weeks"), as_of=str(AS_OF))
        units = connection.execute(
            "select experiment, analysis, customer_id, arm, is_crossed, started_at from int_experiment_units"
        ).fetchall()
        weeks = connection.execute(
            "select scope_key, customer_id, week_number, wish_count, contact_count, order_count, revenue_amount,"
            " opt_out_count from int_pressure_weeks"
        ).fetchall()
    assert {row[:3]: row[3:] for row in units} == units_of(given)
    assert len(units) == len(units_of(given)) > 400
    assert {row[:3]: [int(value) for value in row[3:]] for row in weeks} == weeks_of(given, scopes)
    assert len(weeks) > 200
