-- Each candidate of this run with its outcome and its reasons, as the ledger keeps them.
with
    wishes as (
        select customer_id, count(*) as wish_count
        from {{ ref("int_candidates__roomed") }}
        where count_to_caps
        group by customer_id
    )
select
    -- keys
    g.customer_id,
    m.message_id,
    g.message_number,
    g.instance,
    -- identifiers
    g.contact_type,
    g.contact_point,
    -- facts
    case
        when r.is_chosen and g.is_withheld
        then 'withhold'
        when r.is_chosen
        then 'send'
        when g.is_passed
        then 'lose'
        when r.first_reason = 1910
        then 'hold'
        else 'suppress'
    end as outcome,
    cast(r.first_reason as bigint) as first_reason,
    cast(r.reason_mask as bigint) as reason_mask,
    winner.message_id as lost_to,
    cast(r.short_by as bigint) as short_by,
    g.score,
    cast(r.chosen_round as bigint) as round,
    cast(coalesce(w.wish_count, 0) as bigint) as wish_count,
    cast(g.pressure_7d as bigint) as pressure_7d,
    -- what randomisation left to chance: whether a choice is sent or withheld
    case
        when r.is_chosen and g.is_withheld
        then 1 - m.treated_share
        when r.is_chosen
        then m.treated_share
        else cast(1 as double)
    end as choice_prob,
    -- times
    g.hold_until,
    g.expires_at
from {{ ref("int_candidates__gated") }} as g
join
    {{ ref("int_candidates__reasoned") }} as r
    on r.customer_id = g.customer_id
    and r.message_number = g.message_number
join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
left join {{ ref("int_messages__ready") }} as winner on winner.message_number = r.lost_to_number
left join wishes as w on w.customer_id = g.customer_id
