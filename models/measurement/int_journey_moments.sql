-- What journeys are made of: the touches that count as steps, and the orders of known customers.
{{ config(materialized="view") }}
select
    customer_number,
    occurred_at,
    cast(0 as bigint) as is_order,
    touch_id as moment_id,
    step_number,
    cast(null as decimal(18, 2)) as revenue_amount,
    loaded_at
from {{ ref("fct_touches") }}
where step_number is not null
union all
select
    {{ customer_number("customer_id") }} as customer_number,
    occurred_at,
    cast(1 as bigint) as is_order,
    conversion_id as moment_id,
    cast(null as bigint) as step_number,
    revenue_amount,
    loaded_at
from {{ ref("fct_conversions") }}
where customer_id is not null and conversion_type = 'order'
