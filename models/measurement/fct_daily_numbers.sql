-- The page of numbers: one row per day, figure and breakdown.
with
    numbers as (
        select number_date, metric, breakdown, value
        from {{ ref("int_numbers__contacts") }}
        union all
        select number_date, metric, breakdown, value
        from {{ ref("int_numbers__decisions") }}
        union all
        select number_date, metric, breakdown, value
        from {{ ref("int_numbers__revenue") }}
    )
select
    -- keys
    number_date as date,
    metric,
    breakdown,
    -- facts
    cast(value as decimal(18, 2)) as value
from numbers
