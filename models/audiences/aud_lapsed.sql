-- Bought before, but not lately; reminded of what they liked most.
select
    customers.customer_id,
    'no order since ' || cast(cast(customers.last_ordered_at as date) as string) as reason,
    'all' as scope_key,
    cast(null as string) as product_id,
    favourites.favourite_category as product_category,
    {{ add_seconds("customers.last_ordered_at", var("lapsed_after_days") * 86400) }} as entered_at,
    cast(null as timestamp) as expires_at
from {{ ref("dim_customers") }} as customers
left join
    {{ ref("int_customers__favourites") }} as favourites
    on favourites.customer_id = customers.customer_id
where {{ days_between("customers.last_ordered_at", as_of()) }} >= {{ var("lapsed_after_days") }}
