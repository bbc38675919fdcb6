-- Each candidate of this run with its outcome, its first reason, all its reasons and what it lost to.
with
    wishes as (
        select customer_id, count(*) as wish_count
        from {{ ref("int_candidates__roomed") }}
        where count_to_caps
        group by customer_id
    ),
    endings as (
        select
            g.customer_id,
            g.message_number,
            g.is_passed
            and r.cap_mask = 0
            and (r.exempt_caps or not r.count_to_caps or coalesce(e.chosen_round, 0) > 0) as is_chosen,
            coalesce(r.cap_mask, 0) as cap_mask,
            coalesce(r.cap_policy_id, 0) as cap_policy_id,
            case when r.exempt_caps or not r.count_to_caps then 1 else coalesce(e.chosen_round, 0) end as chosen_round,
            e.last_winner_number
        from {{ ref("int_candidates__gated") }} as g
        left join
            {{ ref("int_candidates__roomed") }} as r
            on r.customer_id = g.customer_id
            and r.message_number = g.message_number
        left join
            {{ ref("int_rounds__ended") }} as e
            on e.customer_id = g.customer_id
            and e.message_number = g.message_number
    ),
    reasoned as (
        select
            g.*,
            m.message_id,
            n.is_chosen,
            case when n.is_chosen then n.chosen_round else 0 end as chosen_round,
            case when g.is_passed and not n.is_chosen and n.cap_mask = 0 then n.last_winner_number end as lost_to_number,
            case
                when g.is_unreachable then 1050 + m.channel_number
                when g.is_refused then 1000 + m.channel_number
                -- the lowest bit of the mask is the first rule
                when g.block_mask <> 0 then 1100 + {{ lowest_bit("g.block_mask") }}
                when g.is_dropped then 1911
                when g.is_expired then 1920
                when g.is_held then 1910
                when n.is_chosen and g.is_withheld then 1900
                when n.is_chosen then 0
                when n.cap_mask <> 0 then n.cap_policy_id
                else 2000
            end as first_reason,
            case when g.is_refused then 1 else 0 end
            + case when g.block_mask <> 0 then 2 else 0 end
            + n.cap_mask
            + case when g.is_passed and not n.is_chosen and n.cap_mask = 0 then 256 else 0 end
            + case when g.is_held or g.is_dropped then 512 else 0 end
            + case when g.is_expired then 1024 else 0 end
            + case when g.is_withheld then 2048 else 0 end
            + case when g.is_unreachable then 4096 else 0 end
            + g.block_mask * 65536 as reason_mask
        from {{ ref("int_candidates__gated") }} as g
        join endings as n on n.customer_id = g.customer_id and n.message_number = g.message_number
        join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
    )
select
    -- keys
    r.customer_id,
    r.message_id,
    r.message_number,
    r.instance,
    -- identifiers
    r.contact_type,
    r.contact_point,
    -- facts
    case
        when r.is_chosen and r.is_withheld then 'withhold'
        when r.is_chosen then 'send'
        when r.is_passed then 'lose'
        when r.first_reason = 1910 then 'hold'
        else 'suppress'
    end as outcome,
    cast(r.first_reason as bigint) as first_reason,
    cast(r.reason_mask as bigint) as reason_mask,
    w.message_id as lost_to,
    r.score,
    cast(r.chosen_round as bigint) as round,
    cast(coalesce(s.wish_count, 0) as bigint) as wish_count,
    cast(r.pressure_7d as bigint) as pressure_7d,
    -- times
    r.hold_until,
    r.expires_at
from reasoned as r
left join {{ ref("int_messages__ready") }} as w on w.message_number = r.lost_to_number
left join wishes as s on s.customer_id = r.customer_id
