-- Order lines that came back.
{{ config(unique_key="refund_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("refund_id") }} as delivery
        from {{ source("shop", "refunds") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    refund_id,
    order_id,
    order_line_id,
    product_id,
    -- facts
    quantity,
    amount,
    reason,
    -- times
    refunded_at,
    {{ is_future("refunded_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
