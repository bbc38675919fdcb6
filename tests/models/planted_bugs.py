"""Bugs that could be planted in the decisions' SQL without anything looking wrong: where, what text, what instead."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.replay.compiled import Models
from tests.models.decision_comparison import faults
from tests.models.decision_engine import Engine, mutated
from tests.models.decision_world import make_world
from tests.models.mailbox_world import capacity_world, mailbox_world
from tests.models.random_policies import random_world

SAME_MAILBOX = "a micro-run forgets who has the same mailbox"
SAME_CAPACITY = "a micro-run counts only its own customers"
OWN_WORLDS = {SAME_MAILBOX: mailbox_world, SAME_CAPACITY: capacity_world}
OWN_WORLD, OWN_WORLDS_TURN = make_world(250, seed=6), 6
COUNTS = ("int_customer_counts", "int_cap_counts")
ROUNDS = tuple(f"int_round_{number}" for number in range(1, 7))


@dataclass(frozen=True)
class Bug:
    """One edit of the compiled SQL."""

    name: str
    models: tuple[str, ...]
    old: str
    new: str


def bug(name: str, models: str | tuple[str, ...], old: str, new: str) -> Bug:
    return Bug(name, (models,) if isinstance(models, str) else models, old, new)


BUGS = (
    bug("every window a unit short", COUNTS, "< p.window_n", "< p.window_n - 1"),
    bug("every window a unit long", COUNTS, "< p.window_n", "<= p.window_n"),
    bug("hours counted as days", COUNTS, "then c.age_hours", "then c.age_days"),
    bug("weeks counted as days", "int_contacts__aged", "as age_weeks", "* 7 as age_weeks"),
    bug("a month never begins anew", "int_contacts__aged", "as age_months", "* 0 as age_months"),
    bug("the day is that of UTC", "int_contacts__aged", "60 * coalesce(o.offset_minutes, 0)", "0"),
    bug("one message more than each cap allows", "int_caps__ready",
        "p.most_here as most", "p.most_here + 1 as most"),
    bug("nothing kept for the first tiers", "int_caps__ready", "most - reserve_n as", "most as"),
    bug("the kept places begin a tier late", "int_caps__ready", "reserve_tier + 1", "reserve_tier + 2"),
    bug("a segment's cap beside the general one", "int_caps__in_force",
        "where r.segment_mask is null", "where true"),
    bug("a segment's cap for everybody", "int_customer_segments", "m.audience", "coalesce(s.segment, m.audience)"),
    bug("ended memberships still name a segment", "int_customer_segments", "expires_at is null or", "true or"),
    bug("a cap outlives its last day", "int_caps__ready", "caps.valid_to is null", "true"),
    bug("a cap holds before its first day", "int_caps__ready",
        "caps.valid_from <=", "caps.valid_from is not null or caps.valid_to >="),
    bug("what gave its room back still counts", "int_contacts__taking_room", "c.state <> 'released'", "true"),
    bug("what shall not count counts", "int_contacts__taking_room",
        "case when c.count_to_caps then 1 else 0 end", "1"),
    bug("service messages of this run do not count", "int_contacts__taking_room",
        "g.first_reason is null and m.exempt_caps", "false"),
    bug("service messages are capped", "int_candidates__roomed", "m.exempt_caps,", "false as exempt_caps,"),
    bug("a household's contacts counted per person", "int_cap_counts",
        "then c.household_id", "then c.customer_id"),
    bug("two profiles with one mailbox go unnoticed", "int_cap_counts",
        "then c.contact_type || ':' || c.contact_point", "then c.customer_id"),
    bug("consent ignored", "int_candidates__gated", "when allowed_bit = 0", "when false"),
    bug("a bounced address is written to", "int_customer_permissions", "and is_bounced", "and false"),
    bug("suppressions ignored", "int_candidates__gated", "when block_mask <> 0", "when false"),
    bug("a household's suppression blocks one person", "int_customer_blocks", "f.unit = 'household'", "false"),
    bug("a suppression blocks what it exempts", "int_messages__ready",
        "coalesce(s.exempt_purpose, '') <> m.purpose", "true"),
    bug("quiet hours ignored", "int_candidates__gated",
        "and not q.is_open", "and false"),
    bug("unknown zones take the laxest hours", "int_quiet_hours",
        "max(opens_at) as opens_at", "min(opens_at) as opens_at"),
    bug("the price is not asked", "int_candidates__roomed",
        "g.score - coalesce(p.price, 0) as worth", "g.score as worth"),
    bug("tiers ignored", "int_candidates__roomed", ".tier * 4294967296", ".tier * 0"),
    bug("the worst first", "int_candidates__roomed",
        "4294967295 - greatest(capped.worth, 0)", "greatest(capped.worth, 0)"),
    bug("an estimate is ignored", "int_candidates__estimated",
        "outside.message_number = p.message_number", "outside.message_number = -p.message_number"),
    bug("a place costs nothing", "int_message_prices", "s.price", "0 * s.price"),
    bug("levers ignored", "fct_candidates", "(100 + p.lever)", "(100 + 0)"),
    bug("a choice leaves its channel its room", "int_message_pairs", "winner.channel = loser.channel", "false"),
    bug("a choice leaves its group its room", "int_message_pairs", "winner.exclusion_group <> ''", "false"),
    bug("a choice leaves its product its room", ROUNDS, "w.product_value = a.product_value", "false"),
    bug("a daily ceiling is not lowered", "int_message_pairs", "1 as shared_global", "0 as shared_global"),
    bug("a favourite shuts out whom it likes", ROUNDS, "% 32 - 15) > 1", "% 32 - 15) > 99"),
    bug("a favourite is weighed by its tier's last", ROUNDS,
        "min(c.choice_key) as first_key", "max(c.choice_key) as first_key"),
    bug("a couple counts without its third", ROUNDS, "case when is_beside then", "case when false then"),
    bug("a couple need not fit together", ROUNDS,
        "and two.choice_key > one.choice_key",
        "and two.choice_key > one.choice_key or one.choice_key < two.choice_key"),
    bug("shared caps admit one too many", ROUNDS, "ahead + needs > room_left", "ahead > room_left"),
    bug("shared caps forget the round before", ROUNDS, "s.room - coalesce(t.spent, 0)", "s.room"),
    bug("shared caps admit by customer, not by worth", ROUNDS,
        "order by p.choice_key, p.customer_number", "order by p.customer_number"),
    bug("what is withheld takes shared room", "int_shared_places", "p.is_withheld or", "false or"),
    bug("a budget counts messages", "int_cap_counts",
        "when measure = 'money' then cost_milli", "when false then cost_milli"),
    bug("budgets forget what was spent", "int_shared_places", "p.most - coalesce(n.used, 0)", "p.most"),
    bug("the held out are written to", "int_ledger__this_run", "then 'withhold'", "then 'send'"),
    bug("a place left empty goes to the next", "int_customer_arms",
        "a.arm = 'replaced' as is_replaced", "a.arm <> 'treated' as is_replaced"),
    bug("a place that goes to the next stays empty", ROUNDS, "when w.gives_place then 0", "when false then 0"),
    bug("who got the place is not told", ROUNDS, "when gives_place then 1901", "when false then 1901"),
    bug("an arm is drawn anew", "fct_assignments", "where a.customer_id is null",
        "where a.arm is not null or a.arm is null"),
    bug("arms share their buckets", "fct_assignments", "n.bucket >= a.first_bucket", "n.bucket >= 0"),
    bug("a channel's holdout is forgotten", "int_candidates__excepted",
        "true as is_held_out", "scope not like 'channel:%' as is_held_out"),
    bug("what a programme only thinks of is proposed", "int_candidates__proposed",
        "p.is_offered", "true"),
    bug("the same occasion twice", "fct_candidates", "u.customer_number is null", "true"),
    bug("a micro-run decides for everybody", ("int_candidates__proposed", "int_customer_memberships"),
        "'a kind to be told' <> 'micro'", "'a kind to be told' is not null"),
    bug(SAME_CAPACITY, "int_cap_counts", "p.unit = 'all' or c.", "c."),
    bug("a micro-run forgets who lives with them", "int_customers__concerned",
        "where c.household_id in", "where c.customer_id is null and c.household_id in"),
    bug(SAME_MAILBOX, "int_customers__concerned",
        "points.contact_point = c.contact_point", "points.contact_point is null and c.contact_point is null"),
)  # fmt: skip


def caught_after(models: Models, planted: Bug, most_worlds: int = 60) -> int | None:
    """How many worlds it takes until the bug shows, or None if it never does."""
    engine = Engine(mutated(models, planted.old, planted.new, *planted.models))
    if planted.name in OWN_WORLDS:  # hardly a random world plays out where it shows
        return 1 if faults(engine, OWN_WORLDS[planted.name]()) else None
    for tried, number in enumerate(range(100, 100 + most_worlds), 1):
        hours = (6.0,) if number % 3 == 0 else ()
        news = (0.4,) if number % 3 == 1 else ()
        # where random policies seldom meet, the project's own world in which every policy binds
        world = OWN_WORLD if tried == OWN_WORLDS_TURN else random_world(number)
        if faults(engine, world, hours, news):
            return tried
    return None
