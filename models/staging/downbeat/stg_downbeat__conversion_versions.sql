-- What each order and refund was said to be in published releases.
{{ config(unique_key=["conversion_id", "seen_at"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("conversion_id, seen_at") }} as delivery
        from {{ source("downbeat", "conversion_versions") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    conversion_id,
    -- identifiers
    customer_id,
    -- facts
    conversion_type,
    revenue_amount,
    is_there,
    change,
    -- times
    occurred_at,
    seen_at,
    {{ is_future("seen_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
