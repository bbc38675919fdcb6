-- Lines of web orders.
{{ config(unique_key="order_line_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("order_line_id") }} as delivery
        from {{ source("shop", "order_lines") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    order_line_id,
    order_id,
    product_id,
    -- facts
    quantity,
    amount,
    -- times
    updated_at,
    {{ is_future("updated_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
