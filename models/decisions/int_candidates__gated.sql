-- Every candidate at the gates: can we reach them, may we, is anything against it, are they held
-- out, is it too late or too early in their day? All gates stand here and nowhere else.
with
    facts as (
        select
            c.customer_number,
            c.message_number,
            c.instance,
            c.product_id,
            c.product_category,
            m.channel_number,
            k.segment_mask,
            c.score,
            k.tie_bucket,
            {% for gate in ["reach", "allowed"] %}
                case
                    when m.purpose = 'transactional'
                    then k.transactional_{{ gate }}_mask
                    else k.marketing_{{ gate }}_mask
                end
                & m.channel_bit as {{ gate }}_bit,
            {% endfor %}
            (k.block_mask | coalesce(x.block_mask, 0)) & m.rule_mask as block_mask,
            m.holdout and (k.is_held_out or coalesce(x.is_held_out, false)) as is_withheld,
            q.outside,
            q.outside is not null
            and not coalesce(q.next_opens_at < c.expires_at, false) as is_expired
        from {{ ref("fct_candidates") }} as c
        join {{ ref("int_messages__ready") }} as m on m.message_number = c.message_number
        join
            {{ ref("int_customers__standing") }} as k
            on k.customer_number = c.customer_number {{ quiet_hours_of("k", "m") }}
        left join
            {{ ref("int_candidates__excepted") }} as x
            on x.customer_number = c.customer_number
            and x.message_number = c.message_number
    )
select
    -- keys
    customer_number,
    message_number,
    instance,
    product_id,
    product_category,
    -- facts
    score,
    tie_bucket,
    segment_mask,
    coalesce(is_withheld, false) as is_withheld,
    case
        when reach_bit = 0
        then 1050 + channel_number
        when allowed_bit = 0
        then 1000 + channel_number
        -- the lowest bit of the mask is the first rule
        when block_mask <> 0
        then 1100 + {{ lowest_bit("block_mask") }}
        when outside = 'drop'
        then 1911
        when is_expired
        then 1920
        when outside <> 'schedule'
        then 1910
    end as first_reason,
    case when reach_bit = 0 then 4096 else 0 end
    + case when allowed_bit = 0 then 1 else 0 end
    + case when block_mask <> 0 then 2 else 0 end
    + case when outside in ('hold', 'drop') then 512 else 0 end
    + case when is_expired then 1024 else 0 end
    + case when is_withheld then 2048 else 0 end
    + block_mask * 65536 as reason_mask
from facts
