-- What learned models are made of.
{{ config(unique_key=["model_version", "feature"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("model_version, feature") }} as delivery
        from {{ source("downbeat", "model_coefficients") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    model_version,
    feature,
    -- facts
    coefficient,
    center,
    scale,
    -- times
    fitted_at,
    {{ is_future("fitted_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
