-- The steps a journey can be made of: a channel's campaign, as a number that no other row changes.
with
    touched as (
        select distinct channel, contact_type, coalesce(campaign, '(unknown)') as campaign
        from {{ ref("fct_contact_events") }}
        where customer_id is not null
    ),
    named as (
        select distinct touched.channel, touched.campaign
        from touched
        inner join
            {{ ref("path_touches") }} as counted
            on counted.channel = touched.channel
            and counted.touch_type = touched.contact_type
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
