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
    {{ identifiers_sighted("pos.receipt_lines", ["loyalty_card", "payment_hash"]) }}
