-- Every click of a person, the first order within the window after it, and where that was made: at
-- the till as well as on the web.
with
    clicks as (
        select
            touch_id,
            customer_id,
            channel,
            campaign,
            message_id,
            decision_id,
            touch_type,
            occurred_at
        from {{ ref("fct_touches") }}
        where touch_type in ('clicked', 'visited', 'redeemed') and not is_machine
    ),
    orders as (
        select conversion_id, customer_id, place, revenue_amount, occurred_at
        from {{ ref("fct_conversions") }}
        where conversion_type = 'order' and customer_id is not null
    ),
    moments as (
        select
            customer_id,
            touch_id as moment_id,
            occurred_at,
            0 as is_order,
            cast(null as string) as conversion_id
        from clicks
        union all
        select customer_id, conversion_id, occurred_at, 1, conversion_id
        from orders
    ),
    followed as (
        select
            moment_id,
            is_order,
            {{ next_known("conversion_id", "customer_id", "occurred_at, is_order, moment_id") }}
            as conversion_id
        from moments
    )
select
    -- keys
    clicks.touch_id,
    clicks.customer_id,
    -- identifiers
    clicks.channel,
    clicks.campaign,
    clicks.message_id,
    clicks.decision_id,
    clicks.touch_type,
    orders.conversion_id,
    orders.place,
    -- facts
    orders.place = 'store' and clicks.touch_type <> 'redeemed' as is_web_to_till,
    cast(
        {{ seconds_between("clicks.occurred_at", "orders.occurred_at") }}
        / 3600.0e0 as decimal(18, 2)
    ) as lag_hours,
    orders.revenue_amount,
    -- an order may still come
    orders.conversion_id is null
    and {{ seconds_between("clicks.occurred_at", as_of()) }}
    < {{ var("click_window_days") }} * 86400 as is_open,
    -- times
    clicks.occurred_at as clicked_at,
    orders.occurred_at as ordered_at
from clicks
inner join followed on followed.moment_id = clicks.touch_id and followed.is_order = 0
left join
    orders
    on orders.conversion_id = followed.conversion_id
    and {{ seconds_between("clicks.occurred_at", "orders.occurred_at") }}
    <= {{ var("click_window_days") }} * 86400
