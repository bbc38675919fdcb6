-- What the e-mail, SMS and push tool sent, and what people did with it.
{{ config(unique_key="event_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("event_id") }} as delivery
        from {{ source("klaviyo", "events") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    event_id,
    nullif(trim(message_id), '') as message_id,
    nullif(trim(decision_id), '') as decision_id,
    -- identifiers
    lower(trim(contact_type)) as contact_type,
    profile_id,
    {{ clean_email("email") }} as email,
    {{ clean_phone("phone", "dial") }} as phone,
    nullif(trim(device_token), '') as device_token,
    -- facts
    lower(trim(channel)) as channel,
    nullif(trim(campaign), '') as campaign,
    coalesce(is_machine, false) as is_machine,
    -- times
    occurred_at,
    {{ is_future("occurred_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
where delivery = 1
