-- How learned models and their baselines did on days none of them had seen.
{{ config(unique_key=["model_version", "competitor", "measure", "step"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("model_version, competitor, measure, step") }} as delivery
        from {{ source("downbeat", "model_measures") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    model_version,
    competitor,
    measure,
    step,
    -- facts
    value,
    -- times
    fitted_at,
    {{ is_future("fitted_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
