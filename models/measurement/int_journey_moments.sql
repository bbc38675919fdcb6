-- What journeys are made of: the touches that count as steps, and the orders of known customers.
{{ config(materialized="view") }}
select
    touches.customer_number,
    touches.occurred_at,
    cast(0 as bigint) as is_order,
    touches.touch_id as moment_id,
    steps.step_number,
    cast(null as decimal(18, 2)) as revenue_amount,
    touches.loaded_at
from {{ ref("fct_touches") }} as touches
inner join
    {{ ref("path_touches") }} as counted
    on counted.channel = touches.channel
    and counted.touch_type = touches.touch_type
inner join
    {{ ref("dim_path_steps") }} as steps
    on steps.channel = touches.channel
    and steps.campaign = coalesce(touches.campaign, '(unknown)')
where not touches.is_machine
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
