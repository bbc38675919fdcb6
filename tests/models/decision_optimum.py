"""What the best possible choice would have been worth: exact, by integer programming over the same rooms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from estimators.budget_prices import Candidates
from tests.models.decision_engine import Engine
from tests.models.decision_world import Row, World, fill_world, seed_rows

SCOPES = {
    "global": "'*'", "channel": "m.channel", "category": "m.category", "campaign": "m.campaign",
    "group": "nullif(m.exclusion_group, '')", "message": "m.message_id", "product": "cast(r.product_value as varchar)",
    "product_category": "cast(r.product_category_value as varchar)",
}  # fmt: skip
ROOMS = {scope: f"r.rooms // {32**place} % 32 - 15" for place, scope in enumerate(SCOPES)}
"""How a scope's room is unpacked (macro room_of)."""
FIRST_CAPACITY = 800
CAPACITY = {"unit": "all", "window_n": "1", "window_unit": "day", "window_kind": "calendar", "segment": "*"}


@dataclass(frozen=True)
class Problem:
    """Candidates with room of their own, the places in their rooms, what was chosen, and what each budget has."""

    candidates: Candidates
    room: np.ndarray[Any, np.dtype[np.int64]]
    chosen: np.ndarray[Any, np.dtype[np.bool_]]
    budgets: np.ndarray[Any, np.dtype[np.float64]]
    tier: np.ndarray[Any, np.dtype[np.int64]]

    @property
    def value(self) -> float:
        return float(self.candidates.worth[self.chosen].sum())

    @property
    def spent(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.asarray(self.candidates.cost[self.chosen].sum(axis=0), dtype=np.float64)


def best_of_all(problem: Problem) -> float:
    """The exact best value where nothing is shared: some customers at a time, for they do not touch each other."""
    return sum(sum(best_of_tiers(part)) for part in parts(problem))


def parts(problem: Problem) -> Iterator[Problem]:
    """Forty customers each, with the rooms that are theirs."""
    c = problem.candidates
    for group in range(0, int(c.customer.max()) + 1, 40):
        kept = (c.customer >= group) & (c.customer < group + 40)
        names, rooms = np.unique(c.rooms[kept], return_inverse=True)
        part = Candidates(c.customer[kept], c.worth[kept], rooms.reshape(-1, c.rooms.shape[1]), c.cost[kept])
        yield Problem(part, problem.room[names], problem.chosen[kept], problem.budgets, problem.tier[kept])


def best_of_tiers(problem: Problem) -> list[float]:
    """The best value of each tier, the first before all others: a later one may not cost an earlier one anything."""
    found: list[float] = []
    tiers = [int(tier) for tier in np.unique(problem.tier)]
    for place, tier in enumerate(tiers):
        worths = [np.where(problem.tier == t, problem.candidates.worth, 0.0) for t in tiers[:place]]
        kept = [
            LinearConstraint(w, value * (1 - 1e-6) - 1e-6, np.inf)
            for w, value in zip(worths, found, strict=True)
        ]
        worth = np.where(problem.tier == tier, problem.candidates.worth, 0.0)
        found.append(best_value(problem, worth=worth, kept=kept))
    return found


def best_value(
    problem: Problem,
    whole: bool = True,
    worth: np.ndarray[Any, np.dtype[np.float64]] | None = None,
    kept: Sequence[LinearConstraint] = (),
) -> float:
    """The value of the best choice within every room and budget; not whole is the bound that no choice can pass."""
    candidates = problem.candidates
    worth = candidates.worth if worth is None else worth
    count, scopes = candidates.rooms.shape
    rows = candidates.rooms.ravel()
    columns = np.repeat(np.arange(count), scopes)
    rooms = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(problem.room), count)).tocsr()
    limits = [LinearConstraint(rooms, -np.inf, problem.room), *kept]
    if len(problem.budgets):
        limits.append(LinearConstraint(coo_matrix(candidates.cost.T).tocsr(), -np.inf, problem.budgets))
    found = milp(
        -worth, constraints=limits, bounds=Bounds(0, 1), integrality=np.full(count, int(whole)),
        options={"mip_rel_gap": 1e-6},
    )  # fmt: skip
    assert found.success, found.message
    return float(-found.fun)


def plain_world(customers: int, seed: int, contacts: int, policies: Policies) -> World:
    """People under customer caps and capacities alone; messages that name no tier are all in one, so that worth is all
    that counts."""
    plain = {
        "purpose": "marketing",
        "exempt_caps": "false",
        "count_to_caps": "true",
        "unit_cost": "0",
    }
    plain |= {"holdout": "false", "lever": "0"}
    cap = {"segment": "*", "reserve_n": "", "reserve_tier": "", "unit": "customer"}
    cap |= {"valid_from": "2015-01-01", "valid_to": "", "owner": "nobody", "note": ""}
    seeds: dict[str, list[Row]] = {
        "messages": [{"tier": "1"} | row | plain for row in policies.messages],
        "caps": [cap | row | {"policy_id": str(number)} for number, row in enumerate(policies.caps, 1)],
        "budgets": [], "prices": [], "suppressions": [], "quiet_hours": [],
        "experiments": seed_rows("experiments")[:1],
    }  # fmt: skip
    for number, (channel, most) in enumerate(policies.capacities.items(), FIRST_CAPACITY):
        shared = {"policy_id": str(number), "scope_type": "channel", "scope_key": channel, "max_n": str(most)}
        seeds["caps"].append(cap | shared | CAPACITY)
    return fill_world(World(seeds=seeds), random.Random(seed), customers, contacts)


@dataclass(frozen=True)
class Policies:
    """A catalogue of messages, caps on single customers, and how many of a channel there are for everybody."""

    messages: list[Row]
    caps: list[Row]
    capacities: dict[str, int]


def own_policies(read: Callable[[str], list[Row]] = seed_rows, tiers: bool = False) -> Policies:
    """The project's own few messages, whose campaigns and groups cross the channels.

    read: seed_rows takes them with the dials of the made-up worlds, which allow more a day. tiers: as they have them.
    """
    messages = [row | {"weekdays": "1|2|3|4|5|6|7"} for row in read("messages") if row["value_amount"] != "0"]
    if not tiers:
        messages = [row | {"tier": "1"} for row in messages]
    free = {"reserve_n": "", "reserve_tier": ""}
    return Policies(messages, [row | free for row in read("caps") if row["unit"] == "customer"], {})


def large_policies(daily: int, capacities: dict[str, int]) -> Policies:
    """Three hundred messages in sixty campaigns and twenty-five groups, under two dozen caps; `daily` in all a day."""
    dice = random.Random(12)
    channels = ["email"] * 90 + ["sms"] * 40 + ["push"] * 50 + ["onsite"] * 70 + ["direct_mail"] * 5
    channels += ["call"] * 5 + ["paid_social"] * 40
    dice.shuffle(channels)
    segments = [row["audience"] for row in seed_rows("audiences") if row["kind"] == "segment"]
    groups = [f"g{n % 25}" if n < 150 else "" for n in range(300)]
    dice.shuffle(groups)
    messages = [
        {
            "message_id": f"m{n}", "message_number": str(n + 1), "campaign": f"k{n % 60}", "channel": channel,
            "category": f"t{dice.randrange(8)}", "value_amount": f"{dice.lognormvariate(2.5, 0.7):.3f}",
            "base_rate": f"{dice.uniform(0.01, 0.06):.4f}", "audience": dice.choice(segments), "promotes": "nothing",
            "occasion": "day", "exclusion_group": groups[n], "ttl_hours": "72", "valid_from": "2015-01-01",
            "weekdays": "4|3" if n % 3 == 0 else "1|2", "valid_to": "", "owner": "nobody",
        }
        for n, channel in enumerate(channels)
    ]  # fmt: skip
    lines = f"""global * {daily} 1, global * 9 7, global * 24 30, channel email 2 1, channel email 6 7,
        channel sms 1 1, channel sms 2 7, channel sms 5 30, channel push 2 1, channel push 6 7,
        channel direct_mail 1 30, channel call 1 30, channel onsite 2 1, channel paid_social 2 1, category * 2 1,
        category * 4 7, category t1 3 14, campaign * 1 1, campaign * 2 7, campaign k1 1 14, group * 1 3,
        message * 1 7, message * 2 30"""
    keys = ("scope_type", "scope_key", "max_n", "window_n")
    caps = [dict(zip(keys, line.split(), strict=True)) for line in lines.split(",")]
    return Policies(
        messages, [cap | {"window_unit": "day", "window_kind": "rolling"} for cap in caps], capacities
    )


def problem_of(engine: Engine, channels: list[str], room_for: list[int]) -> Problem:
    """The decision the engine has just made, as arrays. Ghosts have been decided too, and count."""
    values = ", ".join(f"coalesce({value}, '-') as {scope}" for scope, value in SCOPES.items())
    rooms = ", ".join(f"{room} as {scope}_room" for scope, room in ROOMS.items())
    rows = engine.connection.sql(
        f"select r.customer_number, r.score - coalesce(p.price, 0) as worth, {rooms}, {values}, m.channel as paid, "
        "coalesce(e.first_reason in (0, 1900, 1901), false) as is_chosen, r.message_number, p.price, m.tier "
        "from decisions.int_candidates__roomed r "
        "join decisions.int_messages__ready m on m.message_number = r.message_number "
        "left join decisions.int_message_prices p on p.message_number = r.message_number "
        "left join decisions.int_candidates__competed e on e.customer_number = r.customer_number and "
        "e.message_number = r.message_number "
        "where coalesce(r.first_reason, 1930) in (0, 1900, 1930) order by 1, r.message_number"
    ).to_arrow_table()
    table = {name: rows.column(name).to_pylist() for name in rows.column_names}
    numbers: dict[tuple[str, str, str], int] = {}
    room: list[int] = []
    taken = np.empty((rows.num_rows, len(SCOPES)), dtype=np.int64)
    for place, customer in enumerate(table["customer_number"]):
        for column, scope in enumerate(SCOPES):
            value = table[scope][place]
            key = (customer, scope, value if value != "-" else f"-{place}")
            if key not in numbers:
                numbers[key] = len(room)
                room.append(table[f"{scope}_room"][place])
            taken[place, column] = numbers[key]
    # what it brings, before the prices of places
    worth = np.array([w + (p or 0) for w, p in zip(table["worth"], table["price"], strict=True)]) / 1e6
    cost = np.array([[float(paid == channel) for channel in channels] for paid in table["paid"]])
    return Problem(
        Candidates(
            np.unique(table["customer_number"], return_inverse=True)[1], worth, taken, cost.reshape(len(worth), -1)
        ),
        np.array(room, dtype=np.int64), np.array(table["is_chosen"]), np.array(room_for, dtype=np.float64),
        np.array(table["tier"], dtype=np.int64),
    )  # fmt: skip
