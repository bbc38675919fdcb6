-- Which loyalty card came with a coupon.
with
    sightings as (
        select
            redemption_id as record_id,
            nullif(trim(loyalty_card), '') as loyalty_card,
            least(redeemed_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("pos", "coupon_redemptions") }} as deliveries
        where {{ newly_loaded() }} and loyalty_card is not null
    )
select
    -- keys
    'pos.coupon_redemptions' as source,
    record_id,
    -- identifiers
    cast(null as string) as account,
    loyalty_card,
    cast(null as string) as email,
    cast(null as string) as phone,
    cast(null as string) as device_token,
    cast(null as string) as profile,
    cast(null as string) as cookie,
    cast(null as string) as payment_hash,
    cast(null as string) as name_postcode,
    -- times
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    loaded_at
from sightings
group by record_id, loyalty_card, loaded_at
