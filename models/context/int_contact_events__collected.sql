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
    banners as (
        select
            'site:' || event_id as event_id,
            'site' as source,
            'onsite' as channel,
            case
                event_type when 'banner_shown' then 'impression' else 'clicked'
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
        where not is_future and event_type in ('banner_shown', 'banner_clicked')
    ),
    letters as (
        select
            'mailhouse:' || mailing_id as event_id,
            'mailhouse' as source,
            'direct_mail' as channel,
            'sent' as contact_type,
            'loyalty_card' as identifier_type,
            loyalty_card as identifier,
            message_id,
            campaign,
            decision_id,
            false as is_machine,
            cost_amount,
            mailed_at as occurred_at,
            loaded_at
        from {{ ref("stg_mailhouse__mailings") }}
        where not is_future
    ),
    coupons as (
        select
            'pos:' || redemption_id as event_id,
            'pos' as source,
            'store' as channel,
            'redeemed' as contact_type,
            'loyalty_card' as identifier_type,
            loyalty_card as identifier,
            cast(null as string) as message_id,
            campaign,
            decision_id,
            false as is_machine,
            cast(null as decimal(18, 2)) as cost_amount,
            redeemed_at as occurred_at,
            loaded_at
        from {{ ref("stg_pos__coupon_redemptions") }}
        where not is_future
    )
select *
from tool_events
union all
select *
from banners
union all
select *
from letters
union all
select *
from coupons
