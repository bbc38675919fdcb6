-- The days on which a customer bought, with the gap since the day before it.
with
    days as (
        select
            customer_id,
            cast(purchased_at as date) as bought_date,
            cast(sum(cast(round(100 * amount) as bigint)) as bigint) as amount_cents
        from {{ ref("fct_purchases") }}
        where customer_id is not null and not is_refund
        group by customer_id, cast(purchased_at as date)
    ),
    in_order as (
        select
            customer_id,
            bought_date,
            amount_cents,
            lag(bought_date) over (partition by customer_id order by bought_date) as previous_date,
            row_number() over (partition by customer_id order by bought_date) as day_number,
            row_number() over (partition by customer_id order by bought_date desc) as recency
        from days
    )
select
    -- keys
    customer_id,
    bought_date,
    -- facts
    amount_cents,
    {{ days_between("previous_date", "bought_date") }} as gap_days,
    day_number,
    recency
from in_order
