-- Orders and what came back from them; refunds are negative and stand on their own day.
select
    -- keys
    case when is_refund then 'refund:' else 'order:' end
    || place
    || ':'
    || order_id
    || ':'
    || cast(cast(purchased_at as date) as string) as conversion_id,
    order_id,
    -- identifiers
    place,
    max(store_id) as store_id,
    max(customer_id) as customer_id,
    -- facts
    case when is_refund then 'refund' else 'order' end as conversion_type,
    count(*) as line_count,
    cast(sum(amount) as decimal(18, 2)) as revenue_amount,
    max(decision_id) as decision_id,
    max(utm_campaign) as utm_campaign,
    -- times
    min(purchased_at) as occurred_at,
    max(loaded_at) as loaded_at
from {{ ref("fct_purchases") }}
group by place, order_id, is_refund, cast(purchased_at as date)
