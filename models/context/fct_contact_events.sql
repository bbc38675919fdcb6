-- What happened on every channel, in one shape, with the customer where one is known.
select
    -- keys
    events.event_id,
    coalesce(owners.customer_id, decisions.customer_id) as customer_id,
    -- identifiers
    events.identifier_type,
    events.identifier,
    events.source,
    events.channel,
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
