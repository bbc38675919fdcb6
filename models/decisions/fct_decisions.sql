-- Every message decided, with the message's attributes as of then: what earlier runs published
-- and what this run chose.
with
    chosen as (
        select
            'd' || substr(
                md5(
                    {{ date_text(as_of()) }}
                    || '|'
                    || k.customer_id
                    || '|'
                    || m.message_id
                    || '|'
                    || r.instance
                ),
                1,
                20
            ) as decision_id,
            k.customer_id,
            m.message_id,
            r.instance,
            m.campaign,
            m.channel,
            m.category,
            c.product_id,
            c.product_category,
            m.contact_type,
            coalesce(
                s.contact_point, {{ contact_point_of("m.contact_type", "k") }}
            ) as contact_point,
            m.count_to_caps,
            {{ payload_of("c") }} as payload,
            r.score,
            case
                when q.next_opens_at > {{ as_of() }} then q.next_opens_at else {{ as_of() }}
            end as send_after,
            c.expires_at
        from {{ ref("int_candidates__chosen") }} as r
        join {{ ref("int_messages__ready") }} as m on m.message_number = r.message_number
        join
            {{ ref("fct_candidates") }} as c
            on c.customer_number = r.customer_number
            and c.message_number = r.message_number
        join
            {{ ref("int_customers__standing") }} as k on k.customer_number = r.customer_number
            {{ consent_of("k", "m") }} {{ quiet_hours_of("k", "m") }}
    )
select
    -- keys
    decision_id,
    {{ run_id() }} as run_id,
    customer_id,
    message_id,
    instance,
    -- facts
    campaign,
    channel,
    category,
    product_id,
    product_category,
    contact_type,
    contact_point,
    count_to_caps,
    payload,
    score,
    -- times
    send_after,
    expires_at,
    {{ as_of() }} as decided_at
from chosen
union all
select
    decision_id,
    run_id,
    customer_id,
    message_id,
    instance,
    campaign,
    channel,
    category,
    product_id,
    product_category,
    contact_type,
    contact_point,
    count_to_caps,
    payload,
    score,
    send_after,
    expires_at,
    decided_at
from {{ ref("stg_downbeat__decisions") }}
