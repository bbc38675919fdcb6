-- Per clock and channel with quiet rules: is it open now, and if not, when next. Unknown zone:
-- every zone must be open.
with
    clock_windows as (
        select time_zone as clock_id, channel, opens_at, closes_at
        from {{ ref("int_quiet_windows") }}
        union all
        select
            'country:' || country as clock_id,
            channel,
            max(opens_at) as opens_at,
            min(closes_at) as closes_at
        from {{ ref("int_quiet_windows") }}
        where country <> ''
        group by country, channel, midnight_at
    ),
    ruled_channels as (
        -- drop is stricter than hold, hold than schedule
        select channel, min(outside) as outside
        from {{ ref("quiet_hours") }} as q
        where {{ is_valid_now("q") }}
        group by channel
    ),
    clocks as (
        select clock_id, cast(row_number() over (order by clock_id) as bigint) as clock_number
        from (select distinct clock_id from {{ ref("int_customer_clocks") }}) as found
    )
select
    -- keys
    c.clock_id,
    c.clock_number,
    r.channel,
    h.channel_number,
    -- facts
    r.outside,
    coalesce(max(case when w.opens_at <= {{ as_of() }} then 1 else 0 end), 0) = 1 as is_open,
    -- times
    min(case when w.opens_at > {{ as_of() }} then w.opens_at end) as next_opens_at
from clocks as c
cross join ruled_channels as r
join {{ ref("channels") }} as h on h.channel = r.channel
left join
    clock_windows as w
    on w.clock_id = c.clock_id
    and w.channel = r.channel
    and w.opens_at < w.closes_at
    and w.closes_at > {{ as_of() }}
group by c.clock_id, c.clock_number, r.channel, h.channel_number, r.outside
