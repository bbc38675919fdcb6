-- What the chain of channels gives each step, as last fitted.
{{ config(unique_key=["period_date", "level", "step_number"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("period_date, level, step_number") }} as delivery
        from {{ source("downbeat", "path_shares") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    period_date,
    level,
    step_number,
    -- facts
    share,
    share_low,
    share_high,
    revenue_share,
    removal_rate,
    run_id,
    -- times
    fitted_at,
    {{ is_future("fitted_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
