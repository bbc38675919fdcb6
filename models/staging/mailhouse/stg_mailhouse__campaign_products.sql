-- Products a letter campaign offers.
{{ config(unique_key=["campaign", "product_id"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("campaign, product_id") }} as delivery
        from {{ source("mailhouse", "campaign_products") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    nullif(trim(campaign), '') as campaign,
    product_id,
    -- times
    false as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
