-- What a customer is up to on the site: on it now, a basket left, the product last seen.
with
    visits as (
        select customer_id, max(occurred_at) as last_visit_at
        from {{ ref("int_site_events__recognised") }}
        group by customer_id
    ),
    interests as (
        select
            customer_id,
            event_type,
            product_id,
            occurred_at,
            row_number() over (
                partition by customer_id, event_type order by occurred_at desc, event_id desc
            ) as recency
        from {{ ref("int_site_events__recognised") }}
        where event_type in ('product_view', 'add_to_cart') and product_id is not null
    ),
    views as (select * from interests where event_type = 'product_view' and recency = 1),
    carts as (select * from interests where event_type = 'add_to_cart' and recency = 1),
    -- An order empties the basket: seen by the site at once, by the shop's feed later, or at a
    -- till for that product.
    ordered as (
        select carts.customer_id, max(events.occurred_at) as ordered_at
        from carts
        inner join
            {{ ref("int_site_events__recognised") }} as events
            on events.customer_id = carts.customer_id
        where events.event_type = 'order' and events.occurred_at >= carts.occurred_at
        group by carts.customer_id
    ),
    bought as (
        select carts.customer_id, max(purchases.purchased_at) as bought_at
        from carts
        inner join
            {{ ref("fct_purchases") }} as purchases on purchases.customer_id = carts.customer_id
        where
            not purchases.is_refund
            and purchases.purchased_at >= carts.occurred_at
            and (purchases.place = 'web' or purchases.product_id = carts.product_id)
        group by carts.customer_id
    ),
    baskets as (
        select carts.customer_id, carts.product_id, carts.occurred_at
        from carts
        left join ordered on ordered.customer_id = carts.customer_id
        left join bought on bought.customer_id = carts.customer_id
        where ordered.customer_id is null and bought.customer_id is null
    )
select
    -- keys
    visits.customer_id,
    -- facts
    {{ seconds_between("visits.last_visit_at", as_of()) }}
    <= {{ var("live_session_minutes") }} * 60 as is_live_session,
    baskets.product_id as cart_product_id,
    cart_products.category as cart_category,
    views.product_id as last_viewed_product_id,
    view_products.category as last_viewed_category,
    -- times
    visits.last_visit_at,
    baskets.occurred_at as cart_added_at,
    views.occurred_at as last_viewed_at
from visits
left join baskets on baskets.customer_id = visits.customer_id
left join views on views.customer_id = visits.customer_id
left join
    {{ ref("stg_shop__products") }} as cart_products
    on cart_products.product_id = baskets.product_id
left join
    {{ ref("stg_shop__products") }} as view_products on view_products.product_id = views.product_id
