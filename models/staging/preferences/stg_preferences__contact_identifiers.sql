-- Which contact points the preference centre knows; each stands alone.
with
    sightings as (
        select
            trim(contact_point) as record_id,
            case
                when lower(trim(contact_type)) = 'loyalty_card'
                then {{ clean_contact_point("contact_type", "contact_point", "dial") }}
            end as loyalty_card,
            case
                when lower(trim(contact_type)) = 'email'
                then {{ clean_contact_point("contact_type", "contact_point", "dial") }}
            end as email,
            case
                when lower(trim(contact_type)) = 'phone'
                then {{ clean_contact_point("contact_type", "contact_point", "dial") }}
            end as phone,
            case
                when lower(trim(contact_type)) = 'device_token'
                then {{ clean_contact_point("contact_type", "contact_point", "dial") }}
            end as device_token,
            case
                when lower(trim(contact_type)) = 'cookie'
                then {{ clean_contact_point("contact_type", "contact_point", "dial") }}
            end as cookie,
            least(occurred_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("preferences", "consents") }} as deliveries
        left join {{ ref("dial_codes") }} as dial on dial.country = '{{ var("default_country") }}'
        where {{ newly_loaded() }} and contact_point is not null
    )
    {{
        identifiers_sighted(
            "preferences.consents", ["loyalty_card", "email", "phone", "device_token", "cookie"]
        )
    }}
