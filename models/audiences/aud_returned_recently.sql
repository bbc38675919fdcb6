-- Brought something back a short while ago, on the web or at a till.
select
    customer_id,
    'returned something on ' || cast(cast(max(purchased_at) as date) as string) as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    cast(null as string) as product_category,
    max(purchased_at) as entered_at,
    {{ add_seconds("max(purchased_at)", (var("returned_recently_days") + 1) * 86400) }}
    as expires_at
from {{ ref("fct_purchases") }}
where
    is_refund
    and customer_id is not null
    and {{ days_between("purchased_at", as_of()) }} <= {{ var("returned_recently_days") }}
group by customer_id
