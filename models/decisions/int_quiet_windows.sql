-- When each channel with quiet rules is open in each time zone, for the days around now. No rule
-- for a weekday = closed.
with
    local_days as (
        select
            z.time_zone,
            z.country,
            z.offset_minutes,
            z.utc_from,
            z.utc_to,
            {{
                add_seconds(
                    "cast(cast(" ~ as_of() ~ " as date) as timestamp)", "86400 * d.day_number"
                )
            }} as midnight_at
        from {{ ref("time_zone_offsets") }} as z
        cross join
            (
                {% for day in range(-1, 9) %}
                    select {{ day }} as day_number {{ "union all" if not loop.last }}
                {% endfor %}
            ) as d
        where
            z.utc_to > {{ add_seconds(as_of(), -172800) }}
            and z.utc_from < {{ add_seconds(as_of(), 864000) }}
    ),
    local_hours as (
        -- the strictest of the rules that fit opens last and closes first
        select
            l.time_zone,
            l.country,
            l.offset_minutes,
            l.utc_from,
            l.utc_to,
            l.midnight_at,
            q.channel,
            max({{ minutes_of("q.open_local") }}) as opens_minute,
            min({{ minutes_of("q.close_local") }}) as closes_minute
        from local_days as l
        join
            {{ ref("quiet_hours") }} as q
            on q.country in ('*', l.country)
            and {{ is_listed("cast(" ~ weekday_of("l.midnight_at") ~ " as string)", "q.days") }}
        where {{ is_valid_now("q") }}
        group by
            l.time_zone, l.country, l.offset_minutes, l.utc_from, l.utc_to, l.midnight_at, q.channel
    ),
    utc_hours as (
        select
            *,
            {{ add_seconds("midnight_at", "60 * (opens_minute - offset_minutes)") }} as opens_at,
            {{ add_seconds("midnight_at", "60 * (closes_minute - offset_minutes)") }} as closes_at
        from local_hours
    )
select
    -- keys
    time_zone,
    channel,
    midnight_at,
    -- facts
    country,
    -- times
    opens_at,
    closes_at
from utc_hours
where opens_at >= utc_from and opens_at < utc_to
