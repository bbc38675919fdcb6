-- The steps a journey can be made of: a channel's campaign, as a number that no other row changes.
with
    named as (
        select distinct touches.channel, coalesce(touches.campaign, '(unknown)') as campaign
        from {{ ref("fct_touches") }} as touches
        inner join
            {{ ref("path_touches") }} as counted
            on counted.channel = touches.channel
            and counted.touch_type = touches.touch_type
    )
select
    -- keys
    {{ step_number("coalesce(channels.channel_number, 0)", "named.campaign") }} as step_number,
    -- facts
    coalesce(channels.channel_number, 0) as channel_number,
    named.channel,
    named.campaign
from named
left join {{ ref("channels") }} as channels on channels.channel = named.channel
