-- Which identifiers a shop account ever carried: every delivery counts, not only the latest.
with
    sightings as (
        select
            account_id as record_id,
            nullif(trim(account_id), '') as account,
            {{ clean_email("email") }} as email,
            {{ clean_phone("phone", "dial") }} as phone,
            {{ name_postcode("first_name", "last_name", "postcode") }} as name_postcode,
            least(updated_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("shop", "accounts") }} as deliveries
        left join
            {{ ref("dial_codes") }} as dial
            on dial.country
            = coalesce(upper(trim(deliveries.country)), '{{ var("default_country") }}')
        where {{ newly_loaded() }}
    )
    {{ identifiers_sighted("shop.accounts", ["account", "email", "phone", "name_postcode"]) }}
