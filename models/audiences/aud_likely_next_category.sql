-- Is likely to buy this category next: due again, else what buyers like them buy next.
select
    next_categories.customer_id,
    next_categories.reason,
    'category:' || next_categories.next_category as scope_key,
    cast(null as string) as product_id,
    next_categories.next_category as product_category,
    customers.last_ordered_at as entered_at,
    cast(null as timestamp) as expires_at
from {{ ref("int_customers__next_category") }} as next_categories
inner join
    {{ ref("dim_customers") }} as customers on customers.customer_id = next_categories.customer_id
where next_categories.next_category is not null and customers.lifecycle_stage <> 'lapsed'
