-- Which identifiers a loyalty form ever carried: every delivery counts, not only the latest.
with
    sightings as (
        select
            trim(loyalty_card) as record_id,
            nullif(trim(loyalty_card), '') as loyalty_card,
            {{ clean_email("email") }} as email,
            {{ clean_phone("phone", "dial") }} as phone,
            {{ name_postcode("first_name", "last_name", "postcode") }} as name_postcode,
            least(updated_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("loyalty", "members") }} as deliveries
        left join
            {{ ref("dial_codes") }} as dial
            on dial.country
            = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
        where {{ newly_loaded() }}
    )
    {{
        identifiers_sighted(
            "loyalty.members", ["loyalty_card", "email", "phone", "name_postcode"]
        )
    }}
