-- What became of each candidate of this run: chosen or not, the first reason, all reasons, what
-- it lost to.
with
    facts as (
        select
            g.*,
            m.channel_number,
            g.is_passed
            and (coalesce(r.exempt_caps, false) or coalesce(e.is_chosen, false)) as is_chosen,
            -- what no cap can stop is chosen at once
            coalesce(e.chosen_round, 1) as chosen_round,
            coalesce(r.cap_mask, 0) as cap_mask,
            coalesce(r.cap_policy_id, 0) as cap_policy_id,
            coalesce(r.worth < 0 and not r.exempt_caps, false) as is_too_dear,
            r.short_by,
            coalesce(e.shared_policy_id, 0) as shared_policy_id,
            e.last_winner_number
        from {{ ref("int_candidates__gated") }} as g
        join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
        left join
            {{ ref("int_candidates__roomed") }} as r
            on r.customer_id = g.customer_id
            and r.message_number = g.message_number
        left join
            {{ ref("int_rounds__ended") }} as e
            on e.customer_id = g.customer_id
            and e.message_number = g.message_number
    )
select
    -- keys
    customer_id,
    message_number,
    -- facts
    is_chosen,
    case when is_chosen then chosen_round else 0 end as chosen_round,
    last_winner_number as lost_to_number,
    short_by,
    case
        when is_unreachable
        then 1050 + channel_number
        when is_refused
        then 1000 + channel_number
        -- the lowest bit of the mask is the first rule
        when block_mask <> 0
        then 1100 + {{ lowest_bit("block_mask") }}
        when is_dropped
        then 1911
        when is_expired
        then 1920
        when is_held
        then 1910
        when is_chosen and is_withheld
        then 1900
        when is_chosen
        then 0
        when cap_mask <> 0
        then cap_policy_id
        when is_too_dear
        then 1930
        when shared_policy_id <> 0
        then shared_policy_id
        when last_winner_number is not null
        then 2000
        else 1940
    end as first_reason,
    case when is_refused then 1 else 0 end
    + case when block_mask <> 0 then 2 else 0 end
    + cap_mask
    + case when last_winner_number is not null then 256 else 0 end
    + case when is_held or is_dropped then 512 else 0 end
    + case when is_expired then 1024 else 0 end
    + case when is_withheld then 2048 else 0 end
    + case when is_unreachable then 4096 else 0 end
    + case when is_too_dear then 16384 else 0 end
    + case when shared_policy_id <> 0 then 32768 else 0 end
    + block_mask * 65536 as reason_mask
from facts
