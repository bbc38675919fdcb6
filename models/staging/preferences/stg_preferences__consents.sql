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
    coalesce(
        case
            lower(trim(contact_type))
            when 'email'
            then {{ clean_email("contact_point") }}
            when 'phone'
            then {{ clean_phone("contact_point", "dial") }}
        end,
        trim(contact_point)
    ) as contact_point,
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
