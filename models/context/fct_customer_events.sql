-- What customers did lately that programmes may speak of: what lets them in, what ends it, what a
-- step asks for. The words stand in customer_events.csv.
with
    orders as (
        select
            customer_id,
            order_id,
            min(purchased_at) as occurred_at,
            row_number() over (
                partition by customer_id order by min(purchased_at), order_id
            ) as place
        from {{ ref("fct_purchases") }}
        where not is_refund and customer_id is not null
        group by customer_id, order_id
    ),
    site as (
        select customer_id, event_type, product_id, occurred_at
        from {{ ref("int_site_events__recognised") }}
    ),
    checkouts as (
        select customer_id, occurred_at
        from site
        where event_type = 'order'
        union
        select customer_id, occurred_at
        from orders
    ),
    baskets as (
        select
            c.customer_id,
            c.product_id,
            {{ add_seconds("c.occurred_at", var("cart_abandoned_after_hours") * 3600) }} as left_at
        from site as c
        left join
            checkouts as o
            on o.customer_id = c.customer_id
            and o.occurred_at >= c.occurred_at
            and o.occurred_at
            <= {{ add_seconds("c.occurred_at", var("cart_abandoned_after_hours") * 3600) }}
        where c.event_type = 'add_to_cart' and c.product_id is not null and o.customer_id is null
    ),
    events as (
        select customer_id, 'basket_left' as event, product_id, left_at as occurred_at
        from baskets
        union
        select customer_id, 'checked_out', cast(null as string), occurred_at
        from site
        where event_type = 'order'
        union
        select customer_id, 'visited', cast(null as string), occurred_at
        from site
        where event_type = 'visit'
        union
        select customer_id, 'ordered', cast(null as string), occurred_at
        from orders
        union
        select customer_id, 'first_ordered', cast(null as string), occurred_at
        from orders
        where place = 1
        union
        select customer_id, 'returned', product_id, purchased_at
        from {{ ref("fct_purchases") }}
        where is_refund and customer_id is not null
        union
        select customer_id, 'case_opened', cast(null as string), opened_at
        from {{ ref("fct_cases") }}
        where customer_id is not null
        union
        select customer_id, 'rated_badly', cast(null as string), updated_at
        from {{ ref("fct_cases") }}
        where customer_id is not null and is_bad
        union
        select customer_id, 'lapsed', cast(null as string), lapsed_at
        from {{ ref("int_customer_silences") }}
    )
select
    -- keys
    events.customer_id,
    events.event,
    -- facts
    events.product_id,
    coalesce(products.category, silences.product_category) as product_category,
    -- times
    events.occurred_at
from events
left join {{ ref("stg_shop__products") }} as products on products.product_id = events.product_id
left join
    {{ ref("int_customer_silences") }} as silences
    on events.event = 'lapsed'
    and silences.customer_id = events.customer_id
where
    events.occurred_at <= {{ as_of() }}
    and {{ days_between("events.occurred_at", as_of()) }} <= {{ var("contact_history_days") }}
