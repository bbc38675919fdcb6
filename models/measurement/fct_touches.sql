-- Every touch of a known customer on any channel, machines marked, and the step it is in journeys.
select
    -- keys
    events.event_id as touch_id,
    events.customer_id,
    -- identifiers
    {{ customer_number("events.customer_id") }} as customer_number,
    events.source,
    events.channel,
    events.contact_type as touch_type,
    events.message_id,
    events.campaign,
    events.decision_id,
    -- facts
    case
        when counted.touch_type is not null and not events.is_machine then steps.step_number
    end as step_number,
    events.is_machine,
    events.cost_amount,
    -- times
    events.occurred_at,
    events.loaded_at
from {{ ref("fct_contact_events") }} as events
left join
    {{ ref("path_touches") }} as counted
    on counted.channel = events.channel
    and counted.touch_type = events.contact_type
left join
    {{ ref("dim_path_steps") }} as steps
    on steps.channel = events.channel
    and steps.campaign = coalesce(events.campaign, '(unknown)')
where events.customer_id is not null
