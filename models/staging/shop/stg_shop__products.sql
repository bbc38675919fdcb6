-- The catalogue, shared by web and tills.
{{ config(unique_key="product_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("product_id") }} as delivery
        from {{ source("shop", "products") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    product_id,
    -- facts
    name,
    category,
    price_amount,
    margin_rate,
    -- times
    updated_at,
    {{ is_future("updated_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
