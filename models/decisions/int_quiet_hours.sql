-- Per clock and channel with quiet rules: is it open now, and if not, when next. Unknown zone: every zone must be open.
with
    days as (
        {% for day in range(-1, 9) %}
            select {{ day }} as day_number {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    local_days as (
        select
            z.time_zone,
            z.country,
            z.offset_minutes,
            z.utc_from,
            z.utc_to,
            {{ add_seconds("cast(cast(" ~ as_of() ~ " as date) as timestamp)", "86400 * d.day_number") }} as midnight_at
        from {{ ref("time_zone_offsets") }} as z
        cross join days as d
        where z.utc_to > {{ add_seconds(as_of(), -172800) }} and z.utc_from < {{ add_seconds(as_of(), 864000) }}
    ),
    local_windows as (
        select
            l.time_zone,
            l.country,
            l.offset_minutes,
            l.utc_from,
            l.utc_to,
            l.midnight_at,
            q.channel,
            max(cast(substr(q.open_local, 1, 2) as bigint) * 60 + cast(substr(q.open_local, 4, 2) as bigint)) as opens,
            min(cast(substr(q.close_local, 1, 2) as bigint) * 60 + cast(substr(q.close_local, 4, 2) as bigint)) as closes
        from local_days as l
        join
            {{ ref("quiet_hours") }} as q
            on q.country in ('*', l.country)
            and {{ is_listed("cast(" ~ weekday_of("l.midnight_at") ~ " as string)", "q.days") }}
        where {{ is_valid_now("q") }}
        group by l.time_zone, l.country, l.offset_minutes, l.utc_from, l.utc_to, l.midnight_at, q.channel
    ),
    windows as (
        select
            time_zone,
            country,
            channel,
            midnight_at,
            {{ add_seconds("midnight_at", "60 * (opens - offset_minutes)") }} as opens_at,
            {{ add_seconds("midnight_at", "60 * (closes - offset_minutes)") }} as closes_at,
            utc_from,
            utc_to
        from local_windows
    ),
    clock_windows as (
        select time_zone as clock_id, channel, opens_at, closes_at
        from windows
        where opens_at >= utc_from and opens_at < utc_to
        union all
        select 'country:' || country as clock_id, channel, max(opens_at) as opens_at, min(closes_at) as closes_at
        from windows
        where opens_at >= utc_from and opens_at < utc_to and country <> ''
        group by country, channel, midnight_at
    ),
    ruled as (
        select channel, min(outside) as outside from {{ ref("quiet_hours") }} as q where {{ is_valid_now("q") }} group by channel
    ),
    clocks as (select distinct clock_id from {{ ref("int_customer_clocks") }})
select
    -- keys
    c.clock_id,
    r.channel,
    -- facts
    r.outside,
    coalesce(max(case when w.opens_at <= {{ as_of() }} then 1 else 0 end), 0) = 1 as is_open,
    -- times
    min(case when w.opens_at > {{ as_of() }} then w.opens_at end) as next_opens_at
from clocks as c
cross join ruled as r
left join
    clock_windows as w
    on w.clock_id = c.clock_id
    and w.channel = r.channel
    and w.opens_at < w.closes_at
    and w.closes_at > {{ as_of() }}
group by c.clock_id, r.channel, r.outside
