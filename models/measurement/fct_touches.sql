-- Every touch of a known customer on any channel, machines marked.
select
    -- keys
    event_id as touch_id,
    customer_id,
    -- identifiers
    {{ customer_number("customer_id") }} as customer_number,
    source,
    channel,
    contact_type as touch_type,
    message_id,
    campaign,
    decision_id,
    -- facts
    is_machine,
    cost_amount,
    -- times
    occurred_at,
    loaded_at
from {{ ref("fct_contact_events") }}
where customer_id is not null
