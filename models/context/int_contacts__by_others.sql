-- What other tools sent on their own account, with the category as far as we know it.
{{ config(materialized="view") }}
with
    -- A message may have had several versions; if any of them counted, it counts.
    known_messages as (
        select
            message_id,
            min(category) as category,
            max(case when count_to_caps then 1 else 0 end) = 1 as count_to_caps
        from {{ ref("messages") }}
        group by message_id
    ),
    known_campaigns as (
        select
            campaign,
            channel,
            min(category) as category,
            max(case when count_to_caps then 1 else 0 end) = 1 as count_to_caps
        from {{ ref("messages") }}
        group by campaign, channel
    )
select
    -- keys
    'event:' || events.event_id as contact_id,
    events.customer_id,
    -- identifiers
    events.identifier_type as contact_type,
    events.identifier as contact_point,
    events.channel,
    coalesce(known_messages.category, known_campaigns.category, 'other') as category,
    events.campaign,
    events.message_id,
    -- facts
    coalesce(known_messages.count_to_caps, known_campaigns.count_to_caps, true) as count_to_caps,
    -- times
    events.occurred_at as counted_at
from {{ ref("fct_contact_events") }} as events
left join
    {{ ref("int_decisions__recognised") }} as decisions
    on decisions.decision_id = events.decision_id
left join known_messages on known_messages.message_id = events.message_id
left join
    known_campaigns
    on known_campaigns.campaign = events.campaign
    and known_campaigns.channel = events.channel
where events.contact_type = 'sent' and decisions.decision_id is null
