-- Orders nobody clicked for stay in the report, so that credits reconcile to revenue.
with
    orders as (
        select
            count(*) as order_count,
            cast(coalesce(sum(revenue_amount), 0) as decimal(18, 2)) as amount
        from {{ ref("fct_conversions") }}
        where conversion_type = 'order'
    ),
    credited as (
        select
            count(*) as order_count,
            cast(coalesce(sum(revenue_amount), 0) as decimal(18, 2)) as amount
        from {{ ref("fct_last_click") }}
    )
select
    orders.order_count,
    orders.amount,
    credited.order_count as credited_count,
    credited.amount as credited_amount
from orders
cross join credited
where orders.order_count <> credited.order_count or orders.amount <> credited.amount
