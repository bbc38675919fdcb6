-- Customers who seem to live together, as one row. A second grouping: it never merges anyone.
select
    -- keys
    household_id,
    -- facts
    cast(count(*) as bigint) as customer_count,
    cast(sum(order_count) as bigint) as order_count,
    cast(sum(net_amount) as decimal(18, 2)) as net_amount,
    -- times
    max(last_ordered_at) as last_ordered_at,
    min(first_seen_at) as first_seen_at
from {{ ref("dim_customers") }}
group by household_id
