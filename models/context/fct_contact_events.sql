-- What happened on every channel, in one shape, with the customer where one is known.
with mailed_campaigns as (select distinct campaign from {{ ref("stg_mailhouse__mailings") }})
select
    -- keys
    events.event_id,
    coalesce(owners.customer_id, decisions.customer_id) as customer_id,
    -- identifiers
    events.identifier_type,
    events.identifier,
    events.source,
    -- A visit or a coupon belongs to the channel that brought it.
    case
        when events.channel is not null
        then events.channel
        when decisions.channel is not null
        then decisions.channel
        when mailed_campaigns.campaign is not null
        then 'direct_mail'
        when events.contact_type = 'redeemed'
        then 'store'
        else 'onsite'
    end as channel,
    events.contact_type,
    events.message_id,
    events.campaign,
    events.decision_id,
    -- facts
    events.is_machine,
    cast(events.cost_amount as decimal(18, 2)) as cost_amount,
    -- times
    events.occurred_at,
    events.loaded_at
from {{ ref("int_contact_events__collected") }} as events
left join
    {{ ref("int_identifiers__owned") }} as owners
    on owners.identifier_type = events.identifier_type
    and owners.identifier = events.identifier
left join
    {{ ref("int_decisions__recognised") }} as decisions
    on decisions.decision_id = events.decision_id
left join
    mailed_campaigns
    on events.contact_type = 'redeemed'
    and mailed_campaigns.campaign = events.campaign
