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
        when r.first_reason = 0
        then 'send'
        when r.first_reason in (1900, 1901)
        then 'withhold'
        when r.first_reason = 1910
        then 'hold'
        when r.first_reason between 1000 and 1920
        then 'suppress'
        else 'lose'
    end as outcome,
    cast(r.first_reason as bigint) as first_reason,
    cast(r.reason_mask as bigint) as reason_mask,
    winner.message_id as lost_to,
    case when r.first_reason not in (0, 1900, 1901, 2000) then r.extent end as short_by,
    r.score,
    case when r.first_reason in (0, 1900, 1901) then r.extent else 0 end as round,
    cast(coalesce(w.wish_count, 0) as bigint) as wish_count,
    cast(k.pressure_7d as bigint) as pressure_7d,
    -- what randomisation left to chance: whether a choice is sent or withheld
    case
        when r.first_reason in (1900, 1901)
        then 1 - m.treated_share
        when r.first_reason = 0
        then m.treated_share
        else cast(1 as double)
    end as choice_prob,
    -- times
    q.next_opens_at as hold_until
from {{ ref("int_candidates__reasoned") }} as r
join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
join
    {{ ref("int_customers__standing") }} as k
    on k.customer_number = r.customer_number {{ quiet_hours_of("k", "m") }}
left join
    {{ ref("int_messages__ready") }} as winner
    on winner.message_number = case when r.first_reason = 2000 then r.extent end
left join {{ ref("int_customer_wishes") }} as w on w.customer_number = r.customer_number
