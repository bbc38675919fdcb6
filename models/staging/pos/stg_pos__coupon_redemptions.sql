-- Coupons handed in at a till.
{{ config(unique_key="redemption_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("redemption_id") }} as delivery
        from {{ source("pos", "coupon_redemptions") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    redemption_id,
    nullif(trim(decision_id), '') as decision_id,
    -- identifiers
    nullif(trim(loyalty_card), '') as loyalty_card,
    -- facts
    coupon,
    nullif(trim(campaign), '') as campaign,
    -- times
    redeemed_at,
    {{ is_future("redeemed_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
