-- What became of each candidate of this run: the first reason, all reasons, and the one number that
-- the first reason is told with.
select
    -- keys
    g.customer_number,
    g.message_number,
    g.instance,
    -- facts
    case
        when g.is_unreachable
        then 1050 + m.channel_number
        when g.is_refused
        then 1000 + m.channel_number
        -- the lowest bit of the mask is the first rule
        when g.block_mask <> 0
        then 1100 + {{ lowest_bit("g.block_mask") }}
        when g.is_dropped
        then 1911
        when g.is_expired
        then 1920
        else 1910
    end as first_reason,
    case when g.is_refused then 1 else 0 end
    + case when g.block_mask <> 0 then 2 else 0 end
    + case when g.is_held or g.is_dropped then 512 else 0 end
    + case when g.is_expired then 1024 else 0 end
    + case when g.is_withheld then 2048 else 0 end
    + case when g.is_unreachable then 4096 else 0 end
    + g.block_mask * 65536 as reason_mask,
    cast(null as bigint) as extent,
    g.score,
    -- times
    g.hold_until
from {{ ref("int_candidates__gated") }} as g
join {{ ref("int_messages__ready") }} as m on m.message_number = g.message_number
where not g.is_passed
union all
select
    r.customer_number,
    r.message_number,
    r.instance,
    case
        -- what no cap can stop is chosen at once
        when r.exempt_caps and r.is_withheld
        then 1900
        when e.is_chosen and r.is_withheld
        then case when x.gives_place then 1901 else 1900 end
        when r.exempt_caps or e.is_chosen
        then 0
        when r.cap_mask <> 0
        then r.cap_policy_id
        when r.worth < 0
        then 1930
        when e.shared_policy_id <> 0
        then e.shared_policy_id
        when e.last_winner_number is not null
        then 2000
        else 1940
    end as first_reason,
    r.cap_mask
    + case when e.last_winner_number is not null then 256 else 0 end
    + case when r.is_withheld then 2048 else 0 end
    + case when r.worth < 0 and not r.exempt_caps then 16384 else 0 end
    + case when e.shared_policy_id <> 0 then 32768 else 0 end as reason_mask,
    case
        when r.exempt_caps
        then 1
        when e.is_chosen
        then e.chosen_round
        else coalesce(e.last_winner_number, r.short_by)
    end as extent,
    r.score,
    r.hold_until
from {{ ref("int_candidates__roomed") }} as r
left join
    {{ ref("int_rounds__ended") }} as e
    on e.customer_number = r.customer_number
    and e.message_number = r.message_number
left join
    {{ ref("int_candidates__excepted") }} as x
    on x.customer_number = r.customer_number
    and x.message_number = r.message_number
