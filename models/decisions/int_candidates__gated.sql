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
            q.next_opens_at as hold_until,
            c.expires_at
        from {{ ref("fct_candidates") }} as c
        join {{ ref("int_messages__ready") }} as m on m.message_number = c.message_number
        join {{ ref("int_customers__standing") }} as k on k.customer_number = c.customer_number
        left join
            {{ ref("int_quiet_hours") }} as q
            on q.clock_number = k.clock_number
            and q.channel_number = m.channel_number
            and m.purpose = 'marketing'
            and not q.is_open
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
    reach_bit = 0 as is_unreachable,
    allowed_bit = 0 as is_refused,
    block_mask,
    coalesce(is_withheld, false) as is_withheld,
    coalesce(outside = 'hold', false) as is_held,
    coalesce(outside = 'drop', false) as is_dropped,
    outside is not null and (hold_until is null or hold_until >= expires_at) as is_expired,
    reach_bit <> 0
    and allowed_bit <> 0
    and block_mask = 0
    and coalesce(outside, 'schedule') = 'schedule'
    and (outside is null or coalesce(hold_until < expires_at, false)) as is_passed,
    -- times
    hold_until,
    expires_at
from facts
