-- Every candidate at the gates: can we reach them, may we, is anything against it, are they held
-- out, is it too late or too early in their day? All gates stand here and nowhere else.
with
    held_out as (select * from {{ ref("int_customer_arms") }} where is_held_out),
    facts as (
        select
            c.customer_id,
            c.message_number,
            c.instance,
            c.product_id,
            c.product_category,
            k.household_id,
            k.segment_mask,
            c.score,
            c.pressure_7d,
            k.tie_bucket,
            m.contact_type,
            coalesce(
                s.contact_point, {{ contact_point_of("m.contact_type", "k") }}
            ) as contact_point,
            coalesce(s.is_bounced, false) as is_bounced,
            -- marketing needs a granted consent; service mail only that it was never refused
            coalesce(s.is_granted, m.purpose = 'transactional') as is_allowed,
            (
                k.block_mask
                | coalesce(by_product.block_mask, 0)
                | coalesce(by_category.block_mask, 0)
                | coalesce(by_channel.block_mask, 0)
            )
            & m.rule_mask as block_mask,
            m.holdout
            and (
                k.is_held_out or from_channel.is_held_out or from_message.is_held_out
            ) as is_withheld,
            case when m.purpose = 'marketing' and not q.is_open then q.outside end as outside,
            case
                when m.purpose = 'marketing' and not q.is_open then q.next_opens_at
            end as hold_until,
            c.expires_at
        from {{ ref("fct_candidates") }} as c
        join {{ ref("int_messages__ready") }} as m on m.message_number = c.message_number
        join {{ ref("int_customers__standing") }} as k on k.customer_id = c.customer_id
        left join
            {{ ref("dim_customer_consents") }} as s
            on s.customer_id = c.customer_id
            and s.channel = m.channel
            and s.purpose = m.purpose
        {% for match, key in [
                ("product", "c.product_id"),
                ("category", "c.product_category"),
                ("channel", "m.channel"),
            ] %}
            left join
                {{ ref("int_customer_blocks") }} as by_{{ match }}
                on by_{{ match }}.customer_id = c.customer_id
                and by_{{ match }}.scope_key = '{{ match }}:' || {{ key }}
        {% endfor %}
        {% for scope in ["channel", "message"] %}
            left join
                held_out as from_{{ scope }}
                on from_{{ scope }}.customer_id = c.customer_id
                and from_{{ scope }}.scope
                = '{{ scope }}:' || m.{{ "message_id" if scope == "message" else scope }}
        {% endfor %}
        left join
            {{ ref("int_quiet_hours") }} as q on q.clock_id = k.clock_id and q.channel = m.channel
    )
select
    -- keys
    customer_id,
    message_number,
    instance,
    product_id,
    product_category,
    household_id,
    -- identifiers
    contact_type,
    contact_point,
    -- facts
    score,
    pressure_7d,
    tie_bucket,
    segment_mask,
    contact_point is null or is_bounced as is_unreachable,
    not is_allowed as is_refused,
    block_mask,
    coalesce(is_withheld, false) as is_withheld,
    coalesce(outside = 'hold', false) as is_held,
    coalesce(outside = 'drop', false) as is_dropped,
    outside is not null and (hold_until is null or hold_until >= expires_at) as is_expired,
    contact_point is not null
    and not is_bounced
    and is_allowed
    and block_mask = 0
    and coalesce(outside, 'schedule') = 'schedule'
    and (outside is null or coalesce(hold_until < expires_at, false)) as is_passed,
    -- times
    hold_until,
    expires_at
from facts
