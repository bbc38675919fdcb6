-- How likely a customer is to respond to a message, as last estimated.
{{ config(unique_key=["customer_id", "message_id"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("customer_id, message_id") }} as delivery
        from {{ source("downbeat", "propensities") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    customer_id,
    message_id,
    -- facts
    propensity,
    model_version,
    -- times
    scored_at,
    {{ is_future("scored_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
