-- Channel activity from every tool in one shape; whose it is comes later.
{{ config(materialized="view") }}
with
    tool_events as (
        select
            'klaviyo:' || event_id as event_id,
            'klaviyo' as source,
            channel,
            contact_type,
            case
                channel when 'sms' then 'phone' when 'push' then 'device_token' else 'email'
            end as identifier_type,
            case
                channel when 'sms' then phone when 'push' then device_token else email
            end as identifier,
            message_id,
            campaign,
            decision_id,
            coalesce(is_machine, false) as is_machine,
            cast(null as decimal(18, 2)) as cost_amount,
            occurred_at,
            loaded_at
        from {{ ref("stg_klaviyo__events") }}
        where not is_future
    ),
    -- Banners, and visits that one of our links led to: which channel led here is found later.
    pages as (
        select
            'site:' || event_id as event_id,
            'site' as source,
            case when event_type <> 'visit' then 'onsite' end as channel,
            case
                event_type
                when 'banner_shown'
                then 'impression'
                when 'banner_clicked'
                then 'clicked'
                else 'visited'
            end as contact_type,
            'cookie' as identifier_type,
            cookie_id as identifier,
            cast(null as string) as message_id,
            utm_campaign as campaign,
            utm_decision_id as decision_id,
            false as is_machine,
            cast(null as decimal(18, 2)) as cost_amount,
            occurred_at,
            loaded_at
        from {{ ref("stg_site__events") }}
        where
            not is_future
            and (
                event_type in ('banner_shown', 'banner_clicked')
                or (event_type = 'visit' and utm_decision_id is not null)
            )
    )
select *
from tool_events
union all
select *
from pages
union all
select *
from {{ ref("int_contact_events__on_paper") }}
