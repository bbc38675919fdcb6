-- Which addresses a profile of the e-mail tool was written to at; without a profile
-- each address stands alone.
with
    sightings as (
        select
            coalesce(profile_id, email, phone, device_token) as record_id,
            {{ clean_email("email") }} as email,
            {{ clean_phone("phone", "dial") }} as phone,
            nullif(trim(device_token), '') as device_token,
            nullif(trim(profile_id), '') as profile,
            least(occurred_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("klaviyo", "events") }} as deliveries
        left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
        where {{ newly_loaded() }} and coalesce(profile_id, email, phone, device_token) is not null
    )
    {{ identifiers_sighted("klaviyo.events", ["email", "phone", "device_token", "profile"]) }}
