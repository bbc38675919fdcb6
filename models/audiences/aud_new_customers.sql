-- Bought for the first time a short while ago.
select
    customer_id,
    'first order on ' || cast(cast(first_ordered_at as date) as string) as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    first_ordered_at as entered_at,
    {{ add_seconds("first_ordered_at", (var("new_customer_days") + 1) * 86400) }} as expires_at
from {{ ref("dim_customers") }}
where {{ days_between("first_ordered_at", as_of()) }} <= {{ var("new_customer_days") }}
