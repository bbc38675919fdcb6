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
    {{ identifiers_sighted("pos.coupon_redemptions", ["loyalty_card"]) }}
