"""Holdouts drawn by lot at the sandbox's retailer, of whose people it is known what they do either way.

Each retailer has a past and then lives the same weeks three times with the same luck: everybody gets the message that
wins the day's one place, nobody gets it where it is an e-mail, or the best of another channel gets that place instead.
What a person does in one of them depends on nobody else, so a draw puts the weeks together person by person, and the
effect is known exactly: what people did in one life less what they did in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.stage import GO_LIVE
from sandbox.catalogue import EMAIL, Messages
from sandbox.columns import Columns, join, pick
from sandbox.noise import Array
from sandbox.retailer import Retailer
from sandbox.sends import Sends
from sandbox.siloed import siloed_sends
from sandbox.world import World
from tests.models.rendered import build
from tests.models.trials import STATISTICS

LIVES = ("sent", "silent", "instead")
LIFE_OF_ARM = {"treated": "sent", "held_out": "silent", "replaced": "instead"}
PAST_DAYS, DAYS = 40, 21
ARMS = [("held_out", 300), ("replaced", 300)]
LEAKING, LEAK = [("held_out", 500)], 300
CHAIN = (
    "int_experiment_units",
    "int_experiment_outcomes",
    "int_experiment_arms",
    "int_lift_sums",
    *STATISTICS,
)
BUCKET = "('0x' || substr(md5({salt} || '|' || customer_id), 1, 8))::bigint % 1000"


@dataclass(frozen=True)
class Life:
    """The weeks lived one way: orders (person, day, cents), days on which an e-mail won, e-mails that arrived."""

    orders: Columns
    wins: Columns
    mails: Columns


def places(world: World, day: int, sends: Sends, life: str) -> tuple[Sends, Array]:
    """What goes out where there is one place a day for marketing, drawn by lot; and with whom an e-mail won it."""
    marketing = np.flatnonzero(world.messages.is_marketing[sends.message_id])
    luck = world.noise.of(day, "place", sends.person[marketing], sends.message_id[marketing])
    queue = marketing[np.lexsort((luck, sends.person[marketing]))]
    is_mail = world.messages.channel[sends.message_id[queue]] == EMAIL

    def first(rows: Array) -> Array:
        return rows[np.unique(sends.person[rows], return_index=True)[1]]

    best = first(queue)
    won = best[world.messages.channel[sends.message_id[best]] == EMAIL]
    chosen = {"sent": best, "silent": np.setdiff1d(best, won), "instead": first(queue[~is_mail])}[life]
    service = np.flatnonzero(~world.messages.is_marketing[sends.message_id])
    return sends.only(np.sort(np.concatenate([service, chosen]))), sends.person[won]


def live(retailer: Retailer, life_of: dict[str, Array]) -> Life:
    """The weeks from its branch of the past. life_of: per life a mask of the people who live it."""
    world, wins = retailer.world, []
    first = retailer.next_day
    for day in range(first, first + DAYS):
        proposed = siloed_sends(world, retailer.state, day)
        parts = []
        for life, who in life_of.items():
            sends, won = places(world, day, proposed.only(np.flatnonzero(who[proposed.person])), life)
            wins.append({"person": won, "day": np.full(len(won), day)})
            parts.append(sends)
        retailer.pass_day(day, Sends.together(parts))
    sent = retailer.books.between("sends", first, first + DAYS)
    marketing = world.messages.is_marketing[sent["message"]]
    mails = pick(sent, marketing & (world.messages.channel[sent["message"]] == EMAIL))
    return Life(orders_of(retailer, first), join(wins), {name: mails[name] for name in ("person", "day")})


def orders_of(retailer: Retailer, first: int) -> Columns:
    """One row per order since a day: person, day, cents."""
    lines = retailer.books.between("lines", first, retailer.next_day)
    _, row, order = np.unique(lines["order"], return_index=True, return_inverse=True)
    cents = np.bincount(order, weights=lines["cents"], minlength=len(row))
    return {"person": lines["person"][row], "day": lines["day"][row], "cents": cents}


def with_a_past(seed: int, people: int) -> Retailer:
    """A retailer on the morning it goes live."""
    retailer = Retailer.create(people, seed, GO_LIVE, PAST_DAYS)
    while retailer.next_day < retailer.world.go_live:
        day = retailer.next_day
        retailer.pass_day(day, siloed_sends(retailer.world, retailer.state, day))
    return retailer


def lives_of(retailer: Retailer) -> dict[str, Life]:
    """The weeks in every life, everybody living the same."""
    everybody = np.ones(retailer.world.people.count, bool)
    return {life: live(retailer.branch(), {life: everybody}) for life in LIVES}


def table(facts: Columns, seed: int, life: str) -> pa.Table:
    """Facts of a life as rows of the retailer's people: world, life, person, midnight of the day, cents."""
    count = len(facts["day"])
    return pa.table(
        {
            "world": pa.array([seed] * count, pa.int64()),
            "life": pa.array([life] * count, pa.string()),
            "person": pa.array(facts["person"], pa.int64()),
            "moment": pa.array(facts["day"].astype(np.int64) * 86_400_000_000, pa.timestamp("us")),
            "cents": pa.array(facts.get("cents", np.zeros(count)), pa.float64()),
        }
    )


def load(connection: duckdb.DuckDBPyConnection, seeds: range, people: int) -> None:
    """Tables of what happened in each life: happened.orders, wins and mails, by world and person."""
    kinds: dict[str, list[pa.Table]] = {"orders": [], "wins": [], "mails": []}
    for seed in seeds:
        retailer = with_a_past(seed, people)
        past = orders_of(retailer, retailer.world.first_day)
        kinds["orders"].append(table(past, seed, "past"))
        for name, life in lives_of(retailer).items():
            for kind, parts in kinds.items():
                parts.append(table(getattr(life, kind), seed, name))
    for kind, parts in kinds.items():
        connection.register("given", pa.concat_tables(parts))
        connection.execute(f"create or replace table life_{kind} as from given")
    connection.execute(
        f"create or replace table people as select w.world, p.person from range({seeds.start}, {seeds.stop})"
        f" as w(world), range({people}) as p(person)"
    )


def draw(connection: duckdb.DuckDBPyConnection, salts: int) -> None:
    """Every world's people drawn by lot, `salts` times for the two questions and once with a holdout that leaks.

    drawn has a row per experiment and person: who they are there, their arm, and the life they therefore live.
    """
    arms = arms_by_bucket("bucket", ARMS)
    leaking = arms_by_bucket("bucket", LEAKING)
    leak = BUCKET.format(salt="'leak ' || experiment")
    connection.execute(
        f"""create or replace table drawn as
        with named as (
            select 'world ' || world || ', draw ' || salt as experiment, salt = {salts} as is_leaking, world, person,
                'c' || world || '-' || salt || '-' || person as customer_id
            from people cross join range({salts} + 1) as s(salt)
        ), bucketed as (select *, {BUCKET.format(salt="experiment")} as bucket, {leak} < {LEAK} as leaks from named)
        select *, case when is_leaking then {leaking} else {arms} end as arm,
            case when is_leaking and leaks then 'sent' when arm = 'held_out' then 'silent'
                when arm = 'replaced' then 'instead' else 'sent' end as life
        from bucketed"""
    )
    for name, query in inputs().items():
        connection.execute(f"create or replace table {name} as {query}")


def arms_by_bucket(bucket: str, arms: list[tuple[str, int]]) -> str:
    """The arm of a bucket of a thousand as SQL, as fct_assignments gives them out."""
    ends = np.cumsum([size for _, size in arms])
    cases = " ".join(f"when {bucket} < {end} then '{arm}'" for (arm, _), end in zip(arms, ends, strict=True))
    return f"case {cases} else 'treated' end"


def inputs() -> dict[str, str]:
    """What the models of lift read, each person's weeks taken from the life that their arm has them live."""
    messages = Messages.read()
    told = ", ".join(
        f"('{row['message_id']}', '{row['channel']}', '{row['purpose']}', {row['holdout']})"
        for row in messages.rows
    )
    sizes = [(arm, size, False) for arm, size in ARMS] + [(arm, size, True) for arm, size in LEAKING]
    arms = ", ".join(f"('{arm}', {size}::bigint, {is_leaking})" for arm, size, is_leaking in sizes)
    own = "join drawn as d on d.world = l.world and d.person = l.person and l.life in (d.life, 'past')"
    since = f"timestamp '{GO_LIVE}'"
    return {
        "experiments": f"""select distinct experiment, 'channel' as scope_type, 'email' as scope_key, a.arm,
            a.per_mille, {since} as valid_from from drawn
            join (values {arms}) as a(arm, per_mille, is_leaking) on a.is_leaking = drawn.is_leaking""",
        "fct_assignments": f"""select experiment, customer_id, arm, false as is_crossed, {since} as assigned_at
            from drawn""",
        "dim_customer_redirects": """select null::varchar as retired_customer_id, null::varchar as customer_id
            where false""",
        "messages": f"from (values {told}) as m(message_id, channel, purpose, holdout)",
        "fct_ledger": f"""select customer_id, 'promo_email' as message_id, l.moment as decided_at,
            case when d.arm = 'treated' then 'send' else 'withhold' end as outcome from life_wins as l {own}""",
        "fct_conversions": f"""select customer_id, l.moment as occurred_at, 'order' as conversion_type,
            (cents / 100)::decimal(18, 2) as revenue_amount from life_orders as l {own}""",
        "fct_contacts": f"""select customer_id, l.moment as counted_at, 'email' as channel, 'promo_email' as message_id,
            'promo' as category, 'sent' as state from life_mails as l {own}""",
        "fct_touches": f"""select customer_id, l.moment as occurred_at, 'left' as touch_type from life_mails as l {own}
            where false""",
    }  # fmt: skip


EFFECTS = """
with lives as (
    select p.world, p.person, l.life, count(o.cents) filter (o.moment >= w.moment) as orders,
        min(w.moment) is not null as has_won, count(m.moment) > 0 as is_reached
    from people as p cross join (values ('sent'), ('silent'), ('instead')) as l(life)
    left join (select world, person, min(moment) as moment from life_wins where life = 'sent' group by all) as w
        on w.world = p.world and w.person = p.person
    left join life_orders as o on o.world = p.world and o.person = p.person and o.life = l.life
    left join (select world, person, min(moment) as moment from life_mails where life = 'sent' group by all) as m
        on m.world = p.world and m.person = p.person
    group by all
)
select world, control, avg(effect) as of_all, avg(effect) filter (has_won) as of_winners,
    avg(effect) filter (is_reached) as of_reached, sum(effect) as orders
from (
    select world, person, has_won, is_reached, b.life as control, a.orders - b.orders as effect
    from lives as a join lives as b using (world, person, has_won, is_reached)
    where a.life = 'sent' and b.life <> 'sent'
) group by all"""


def judged(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """fct_lift of orders for every draw beside the truth of its world: effect of all, of winners, of those reached."""
    build(connection, CHAIN, as_of=f"{GO_LIVE + timedelta(days=DAYS)} 00:00:00")
    return connection.execute(
        f"""select l.*, d.is_leaking, t.orders as orders_in_truth, t.of_reached,
            case when l.analysis = 'ghosts' then t.of_winners else t.of_all end as truth
        from fct_lift as l join (select distinct experiment, world, is_leaking from drawn) as d using (experiment)
        join ({EFFECTS}) as t on t.world = d.world
            and t.control = case l.control_arm when 'held_out' then 'silent' else 'instead' end
        where l.metric = 'orders' order by l.experiment, l.analysis, l.control_arm"""
    ).to_arrow_table()
