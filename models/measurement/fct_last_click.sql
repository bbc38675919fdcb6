-- Every order with the last click of the week before it; '(no touch)' where there was none.
with
    clicks as (
        select
            touch_id,
            customer_id,
            channel,
            message_id,
            campaign,
            decision_id,
            occurred_at,
            row_number() over (
                partition by customer_id order by occurred_at, touch_id
            ) as click_number
        from {{ ref("fct_touches") }}
        where touch_type in ('clicked', 'visited', 'redeemed') and not is_machine
    ),
    orders as (
        select
            conversion_id,
            order_id,
            place,
            customer_id,
            revenue_amount,
            decision_id,
            utm_campaign,
            occurred_at
        from {{ ref("fct_conversions") }}
        where conversion_type = 'order'
    ),
    -- One sort tells how many clicks came before each order; the last of them has that number.
    moments as (
        select customer_id, touch_id as moment_id, 0 as is_order, occurred_at
        from clicks
        union all
        select customer_id, conversion_id as moment_id, 1 as is_order, occurred_at
        from orders
        where customer_id is not null
    ),
    walked as (
        select
            moment_id,
            is_order,
            sum(1 - is_order) over (
                partition by customer_id
                order by occurred_at, is_order, moment_id
                rows between unbounded preceding and current row
            ) as click_number
        from moments
    ),
    last_clicks as (
        select orders.conversion_id, clicks.*
        from orders
        inner join walked on walked.moment_id = orders.conversion_id and walked.is_order = 1
        inner join
            clicks
            on clicks.customer_id = orders.customer_id
            and clicks.click_number = walked.click_number
        where
            {{ seconds_between("clicks.occurred_at", "orders.occurred_at") }}
            <= {{ var("click_window_days") }} * 86400
    )
select
    -- keys
    orders.conversion_id,
    orders.order_id,
    last_clicks.touch_id,
    -- identifiers
    orders.place,
    orders.customer_id,
    case
        when last_clicks.touch_id is not null
        then last_clicks.channel
        when decided.channel is not null
        then decided.channel
        when orders.utm_campaign is not null
        then '(link)'
        else '(no touch)'
    end as channel,
    case
        when last_clicks.touch_id is not null
        then coalesce(last_clicks.campaign, '(unknown)')
        else coalesce(orders.utm_campaign, decided.campaign, '(no touch)')
    end as campaign,
    coalesce(last_clicks.message_id, decided.message_id) as message_id,
    coalesce(last_clicks.decision_id, orders.decision_id) as decision_id,
    -- facts
    orders.revenue_amount,
    -- times
    last_clicks.occurred_at as clicked_at,
    orders.occurred_at as ordered_at
from orders
left join last_clicks on last_clicks.conversion_id = orders.conversion_id
-- Without a click, the order's own link may still carry our decision.
left join
    {{ ref("fct_contacts") }} as decided
    on decided.decision_id = orders.decision_id
    and last_clicks.touch_id is null
