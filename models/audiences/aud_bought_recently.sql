-- Bought this product, or something of this category, a short while ago.
with
    bought as (
        select customer_id, product_id, product_category, purchased_at
        from {{ ref("fct_purchases") }}
        where
            customer_id is not null
            and not is_refund
            and {{ days_between("purchased_at", as_of()) }} <= {{ var("bought_recently_days") }}
    ),
    products_and_categories as (
        select
            customer_id,
            'product:' || product_id as scope_key,
            product_id,
            cast(null as string) as product_category,
            max(purchased_at) as last_bought_at
        from bought
        group by customer_id, product_id
        union all
        select
            customer_id,
            'category:' || product_category as scope_key,
            cast(null as string) as product_id,
            product_category,
            max(purchased_at) as last_bought_at
        from bought
        where product_category is not null
        group by customer_id, product_category
    )
select
    customer_id,
    'bought '
    || coalesce('product ' || product_id, product_category)
    || ' on '
    || cast(cast(last_bought_at as date) as string) as reason,
    scope_key,
    product_id,
    product_category,
    last_bought_at as entered_at,
    {{ add_seconds("last_bought_at", (var("bought_recently_days") + 1) * 86400) }} as expires_at
from products_and_categories
