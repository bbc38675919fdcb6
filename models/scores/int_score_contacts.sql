-- Messages that reached known customers and what people did with them, and from when on we knew it.
{{ config(materialized="view") }}
with
    events as (
        select
            customer_id,
            contact_type as kind,
            channel,
            -- a coupon names the campaign only
            case
                when channel = 'direct_mail'
                then coalesce(campaign, message_id)
                else coalesce(message_id, campaign)
            end as about,
            occurred_at,
            loaded_at
        from {{ ref("fct_contact_events") }}
        where
            contact_type in ('sent', 'opened', 'clicked', 'redeemed')
            and not is_machine
            and customer_id is not null
            and occurred_at is not null
    ),
    histories as (
        select kind, min(cast(loaded_at as date)) as loaded_date from events group by kind
    )
select
    -- keys
    events.customer_id,
    -- facts
    events.kind,
    events.channel,
    events.about,
    -- times
    events.occurred_at,
    {{ known_at() }} as known_at,
    events.loaded_at
from events
left join histories on histories.kind = events.kind
