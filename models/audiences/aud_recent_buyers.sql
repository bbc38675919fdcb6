-- Bought two to seven days ago; offered what buyers of that category buy next.
select
    baskets.customer_id,
    coalesce(next_categories.bought_next_reason, 'bought ' || baskets.product_category)
    || ', last on '
    || cast(baskets.bought_date as string) as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    next_categories.bought_next_category as product_category,
    {{ add_seconds("baskets.last_bought_at", 2 * 86400) }} as entered_at,
    {{ add_seconds("baskets.last_bought_at", 8 * 86400) }} as expires_at
from {{ ref("int_baskets__summed") }} as baskets
left join
    {{ ref("int_customers__next_category") }} as next_categories
    on next_categories.customer_id = baskets.customer_id
where baskets.recency = 1 and {{ days_between("baskets.bought_date", as_of()) }} between 2 and 7
