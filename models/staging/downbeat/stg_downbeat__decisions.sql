-- Messages decided in published releases.
{{ config(unique_key="decision_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("decision_id") }} as delivery
        from {{ source("downbeat", "decisions") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    decision_id,
    run_id,
    customer_id,
    message_id,
    product_id,
    -- identifiers
    contact_type,
    contact_point,
    -- facts
    instance,
    campaign,
    channel,
    category,
    product_category,
    count_to_caps,
    payload,
    score,
    -- times
    send_after,
    expires_at,
    decided_at,
    {{ is_future("decided_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
