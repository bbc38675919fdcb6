-- What each customer bought in all: orders, net amount, first and last time, and the
-- store most often visited.
with
    totals as (
        select
            customer_id,
            cast(sum(case when is_order then 1 else 0 end) as bigint) as order_count,
            cast(sum(net_amount) as decimal(18, 2)) as net_amount,
            min(case when is_order then ordered_at end) as first_ordered_at,
            max(case when is_order then ordered_at end) as last_ordered_at
        from {{ ref("int_customer_orders") }}
        where customer_id is not null
        group by customer_id
    ),
    stores as (
        select customer_id, store_id, count(*) as visit_count
        from {{ ref("int_customer_orders") }}
        where customer_id is not null and store_id is not null
        group by customer_id, store_id
    ),
    favourites as (
        select
            customer_id,
            store_id,
            row_number() over (
                partition by customer_id order by visit_count desc, store_id
            ) as place
        from stores
    )
select
    totals.customer_id,
    favourites.store_id as favourite_store_id,
    totals.order_count,
    totals.net_amount,
    totals.first_ordered_at,
    totals.last_ordered_at
from totals
left join favourites on favourites.customer_id = totals.customer_id and favourites.place = 1
