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
select
    -- keys
    'loyalty.members' as source,
    record_id,
    -- identifiers
    cast(null as string) as account,
    loyalty_card,
    email,
    phone,
    cast(null as string) as device_token,
    cast(null as string) as profile,
    cast(null as string) as cookie,
    cast(null as string) as payment_hash,
    name_postcode,
    -- times
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    loaded_at
from sightings
group by record_id, loyalty_card, email, phone, name_postcode, loaded_at
