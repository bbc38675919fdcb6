-- Which cards were used on a till receipt.
with
    sightings as (
        select
            receipt_id as record_id,
            nullif(trim(loyalty_card), '') as loyalty_card,
            nullif(trim(payment_hash), '') as payment_hash,
            least(sold_at, _loaded_at) as observed_at,
            _loaded_at as loaded_at
        from {{ source("pos", "receipt_lines") }} as deliveries
        where {{ newly_loaded() }} and coalesce(loyalty_card, payment_hash) is not null
    )
select
    -- keys
    'pos.receipt_lines' as source,
    record_id,
    -- identifiers
    cast(null as string) as account,
    loyalty_card,
    cast(null as string) as email,
    cast(null as string) as phone,
    cast(null as string) as device_token,
    cast(null as string) as profile,
    cast(null as string) as cookie,
    payment_hash,
    cast(null as string) as name_postcode,
    -- times
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    loaded_at
from sightings
group by record_id, loyalty_card, payment_hash, loaded_at
