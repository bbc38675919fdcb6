"""What was considered for the person, what became of it, and which contacts there were from anyone."""

from __future__ import annotations

from datetime import timedelta

from orchestration.why.answer import Considered, Contact, Membership, Receipt
from orchestration.why.asked import Asked
from orchestration.why.otherwise import Clock, Facts, otherwise
from orchestration.why.words import reasons

MOST_CONTACTS = 20

CONSIDERED = """
with asked as (
    select l.*, m.campaign, coalesce(m.channel, '') as channel, m.tier
    from fct_ledger l left join messages m on m.message_id = l.message_id
    where l.customer_id in $ids and l.decided_at >= $first and l.decided_at < $after
),
chosen as (
    select run_id, customer_id, message_id, tier, max(score) as score, max(round) as round
    from asked where round > 0 group by all
),
last as (
    select *, row_number() over (partition by run_id, customer_id order by round desc, message_id) as place from chosen
)
select l.decided_at, l.run_id, l.message_id, coalesce(d.campaign, l.campaign, ''),
    coalesce(d.channel, l.channel), l.outcome, l.first_reason, l.reason_mask, coalesce(l.lost_to, ''),
    coalesce(l.score, 0), l.hold_until, d.send_after, coalesce(d.decision_id, ''),
    l.short_by, l.tier, coalesce(w.message_id, l.lost_to, ''), w.score, w.tier
from asked l
left join (from fct_decisions where customer_id in $ids) d on d.run_id = l.run_id
    and d.customer_id = l.customer_id and d.message_id = l.message_id and d.instance = l.instance
left join last w on w.run_id = l.run_id and w.customer_id = l.customer_id
    and (w.message_id = l.lost_to or (l.lost_to is null and l.first_reason = 1940 and w.place = 1))
where $message in ('', l.message_id)
order by l.decided_at desc, l.outcome <> 'send', l.score desc, l.message_id, l.instance
"""

CONTACTS = f"""
with offered as (
    select contact_id, max(purchased_at) as purchased_at, min(product_id) as product_id
    from fct_promoted_after_purchase where customer_id in $ids group by contact_id
)
select c.counted_at, c.channel, coalesce(c.campaign, ''), coalesce(c.message_id, ''), coalesce(c.state, ''),
    case when c.decision_id is null then 'another tool' else 'Downbeat' end,
    coalesce('offered ' || o.product_id || ', bought ' || strftime(o.purchased_at, '%Y-%m-%d'), '')
from fct_contacts c
left join offered o on o.contact_id = c.contact_id
where c.customer_id in $ids and c.counted_at < $after and $message in ('', c.message_id)
order by c.counted_at desc, c.contact_id limit {MOST_CONTACTS}
"""


def considered(asked: Asked) -> tuple[Considered, ...]:
    """Every candidate of the days asked about, newest first, what was sent before what was not."""
    told = asked.rows("select code, words, most from dim_reasons")
    words, most = {code: text for code, text, _ in told}, {code: n for code, _, n in told if n is not None}
    first, last = asked.window
    rows = asked.rows(CONSIDERED, first=first, after=last + timedelta(days=1), message=asked.message)
    answered, clock = _receipts(asked, [row[12] for row in rows if row[12]]), _clock(asked)
    found = []
    for row in rows:
        facts = Facts(*(*row[4:8], row[9], *row[13:15], row[10], *row[15:18]))
        why, instead = reasons(row[6], row[7], words), otherwise(facts, words, most, clock)
        found.append(Considered(*(*row[:6], why, instead, *row[8:13], tuple(answered.get(row[12], ())))))
    return tuple(found)


def _clock(asked: Asked) -> Clock:
    [(zone, is_known)] = asked.rows(
        "select time_zone, is_time_zone_known from dim_customers where customer_id = $customer_id"
    )
    return Clock(zone or "UTC", bool(zone and is_known))


def contacts(asked: Asked) -> tuple[Contact, ...]:
    """The newest contacts up to the last day asked about, whoever made them."""
    rows = asked.rows(CONTACTS, after=asked.window[1] + timedelta(days=1), message=asked.message)
    return tuple(Contact(*row) for row in rows)


def memberships(asked: Asked) -> tuple[Membership, ...]:
    """The lists this release wants the person on, other than single messages, with the tool's last answer."""
    rows = asked.rows(
        "with mine as (select m.sync_id, m.member_key from sync_members m join syncs s on s.sync_id = m.sync_id"
        " where m.customer_id in $ids and s.mode <> 'append'),"
        " answered as (select r.*, row_number() over (partition by sync_id, member_key"
        " order by finished_at desc, receipt_id desc) as newest from receipts r"
        " where (sync_id, member_key) in (from mine))"
        " select distinct m.sync_id, a.change, a.outcome, coalesce(a.code, ''), a.finished_at from mine m"
        " left join answered a on a.sync_id = m.sync_id and a.member_key = m.member_key and a.newest = 1 order by 1"
    )
    return tuple(Membership(row[0], Receipt(*row) if row[1] else None) for row in rows)


def _receipts(asked: Asked, decision_ids: list[str]) -> dict[str, list[Receipt]]:
    rows = asked.rows(
        "select decision_id, sync_id, change, outcome, coalesce(code, ''), finished_at from receipts"
        " where decision_id in $decisions order by finished_at, receipt_id",
        decisions=decision_ids,
    )
    answered: dict[str, list[Receipt]] = {}
    for decision_id, *answer in rows:
        answered.setdefault(decision_id, []).append(Receipt(*answer))
    return answered
