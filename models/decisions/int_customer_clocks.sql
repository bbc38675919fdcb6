-- What time it is for each customer. Without a known zone the clock of the country runs, and
-- nobody relies on it.
with
    zones_now as (
        select time_zone, country, offset_minutes
        from {{ ref("time_zone_offsets") }}
        where utc_from <= {{ as_of() }} and utc_to > {{ as_of() }}
    ),
    eastern_most as (
        select time_zone, country, offset_minutes
        from
            (
                select
                    *,
                    row_number() over (
                        partition by country order by offset_minutes desc, time_zone
                    ) as place
                from zones_now
                where country is not null and country <> ''
            ) as ranked
        where place = 1
    ),
    customers as (
        select
            c.customer_id,
            c.household_id,
            coalesce(s.segment_mask, 0) as segment_mask,
            coalesce(own.country, c.country, '{{ var("default_country") }}') as country,
            coalesce(own.time_zone, land.time_zone, 'UTC') as time_zone,
            coalesce(own.offset_minutes, land.offset_minutes, 0) as offset_minutes,
            own.time_zone is not null and coalesce(c.is_time_zone_known, false) as is_zone_known
        from {{ ref("dim_customers") }} as c
        left join {{ ref("int_customer_segments") }} as s on s.customer_id = c.customer_id
        left join zones_now as own on own.time_zone = c.time_zone
        left join
            eastern_most as land
            on land.country = coalesce(c.country, '{{ var("default_country") }}')
        where {{ is_concerned("c.customer_id") }}
    ),
    clocks as (
        select *, {{ add_seconds(as_of(), "60 * offset_minutes") }} as local_now_at from customers
    )
select
    -- keys
    customer_id,
    case when is_zone_known then time_zone else 'country:' || country end as clock_id,
    cast(row_number() over (order by customer_id) as bigint) as customer_number,
    household_id,
    -- facts
    segment_mask,
    time_zone,
    country,
    is_zone_known,
    {{ bucket_of("'tie'", "customer_id", 256) }} as tie_bucket,
    cast({{ weekday_of("local_now_at") }} as string) as local_weekday,
    {{ date_text("local_now_at") }} as local_day,
    {{ date_text(monday_of("local_now_at")) }} as local_week,
    -- times
    local_now_at
from clocks
