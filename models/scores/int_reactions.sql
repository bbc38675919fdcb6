-- Whatever a person did of their own: clicks, visits and purchases, on the clock they live by.
{{ config(materialized="view") }}
with
    clocks as (
        select time_zone, utc_from, utc_to, offset_minutes
        from {{ ref("time_zone_offsets") }}
        where utc_to > {{ add_seconds(as_of(), "-86400 * 2 * " ~ var("habit_days")) }}
    ),
    customers as (
        select customer_id, coalesce(time_zone, '{{ var("house_time_zone") }}') as time_zone
        from {{ ref("dim_customers") }}
    ),
    timed as (
        select
            events.customer_id,
            events.kind,
            events.occurred_at,
            events.known_at,
            {{ add_seconds("events.occurred_at", "60 * clocks.offset_minutes") }} as local_at
        from {{ ref("int_score_events") }} as events
        inner join customers on customers.customer_id = events.customer_id
        inner join
            clocks
            on clocks.time_zone = customers.time_zone
            and clocks.utc_from <= events.occurred_at
            and clocks.utc_to > events.occurred_at
        where events.kind in ('order', 'visit', 'product_view', 'add_to_cart', 'clicked')
    )
select
    -- keys
    timed.customer_id,
    -- facts
    timed.kind,
    cast(timed.local_at as date) as local_date,
    case
        when {{ weekday_of("timed.local_at") }} >= 6 then 'weekend' else 'workday'
    end as weekday_part,
    bands.hour_band,
    -- times
    timed.occurred_at,
    timed.known_at
from timed
inner join {{ ref("hour_bands") }} as bands on bands.hour = extract(hour from timed.local_at)
