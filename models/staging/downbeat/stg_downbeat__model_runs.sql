-- Models that were learned, and what came of their test.
{{ config(unique_key="model_version") }}
with
    deliveries as (
        select *, {{ latest_delivery("model_version") }} as delivery
        from {{ source("downbeat", "model_runs") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    model_version,
    -- facts
    model,
    is_published,
    reason,
    train_count,
    test_count,
    tested_from_at,
    -- times
    fitted_at,
    {{ is_future("fitted_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
