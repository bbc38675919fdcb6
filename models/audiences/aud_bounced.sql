-- The address, number or token for a channel does not work any more.
select
    customer_id,
    'the ' || contact_type || ' for ' || channel || ' bounces' as reason,
    'channel:' || channel as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    max(occurred_at) as entered_at,
    cast(null as timestamp) as expires_at
from {{ ref("dim_customer_consents") }}
where is_bounced
group by customer_id, channel, contact_type
