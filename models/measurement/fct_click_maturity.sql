-- How much of what clicks lead to has come after so many days: by it, what young clicks have led to
-- so far can be read.
with
    settled as (
        select *
        from {{ ref("fct_click_conversions") }}
        where {{ seconds_between("clicked_at", as_of()) }} >= {{ var("click_window_days") }} * 86400
    ),
    days as (
        select
            channel,
            places.place as day_count,
            sum(case when lag_hours < 24 * places.place then 1 else 0 end) as come,
            count(conversion_id) as all_come,
            count(*) as click_count
        from settled {{ each_place(1, var("click_window_days")) }}
        group by channel, places.place
    )
select
    -- keys
    channel,
    day_count,
    -- facts
    cast(click_count as bigint) as click_count,
    cast(come as bigint) as conversion_count,
    {{ rounded("come / cast(nullif(all_come, 0) as double)") }} as matured_rate
from days
