-- Changes of consent, one row per change.
{{ config(unique_key="event_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("event_id") }} as delivery
        from {{ source("preferences", "consents") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    event_id,
    -- identifiers
    lower(trim(contact_type)) as contact_type,
    {{ clean_contact_point("contact_type", "contact_point", "dial") }} as contact_point,
    -- facts
    lower(trim(channel)) as channel,
    lower(trim(purpose)) as purpose,
    case
        when lower(trim(status)) in ('granted', 'withdrawn') then lower(trim(status)) else 'unknown'
    end as status,
    jurisdiction,
    origin,
    proof,
    -- times
    occurred_at,
    {{ is_future("occurred_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
where delivery = 1
