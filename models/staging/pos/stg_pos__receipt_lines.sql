-- Lines of till receipts; a re-sent file replaces what it corrects.
{{ config(unique_key="receipt_line_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("receipt_line_id") }} as delivery
        from {{ source("pos", "receipt_lines") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    receipt_line_id,
    receipt_id,
    store_id,
    till_id,
    cashier_id,
    product_id,
    -- identifiers
    nullif(trim(loyalty_card), '') as loyalty_card,
    nullif(trim(payment_hash), '') as payment_hash,
    -- facts
    quantity,
    amount,
    lower(trim(kind)) as kind,
    -- times
    sold_at,
    {{ is_future("sold_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
