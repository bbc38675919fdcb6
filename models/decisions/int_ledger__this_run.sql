-- Each candidate of this run with its outcome and its reasons, as the ledger keeps them.
select
    -- keys
    k.customer_id,
    m.message_id,
    r.customer_number,
    r.message_number,
    r.instance,
    -- facts
    case
        when r.is_chosen and r.is_withheld
        then 'withhold'
        when r.is_chosen
        then 'send'
        when r.is_passed
        then 'lose'
        when r.first_reason = 1910
        then 'hold'
        else 'suppress'
    end as outcome,
    cast(r.first_reason as bigint) as first_reason,
    cast(r.reason_mask as bigint) as reason_mask,
    winner.message_id as lost_to,
    cast(r.short_by as bigint) as short_by,
    r.score,
    cast(r.chosen_round as bigint) as round,
    cast(coalesce(w.wish_count, 0) as bigint) as wish_count,
    cast(k.pressure_7d as bigint) as pressure_7d,
    -- what randomisation left to chance: whether a choice is sent or withheld
    case
        when r.is_chosen and r.is_withheld
        then 1 - m.treated_share
        when r.is_chosen
        then m.treated_share
        else cast(1 as double)
    end as choice_prob,
    -- times
    r.hold_until
from {{ ref("int_candidates__reasoned") }} as r
join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
join {{ ref("int_customers__standing") }} as k on k.customer_number = r.customer_number
left join {{ ref("int_messages__ready") }} as winner on winner.message_number = r.lost_to_number
left join {{ ref("int_customer_wishes") }} as w on w.customer_number = r.customer_number
