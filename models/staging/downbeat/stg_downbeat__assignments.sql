-- Who was first assigned to which arm of an experiment.
{{ config(unique_key=["experiment", "customer_id"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("experiment, customer_id") }} as delivery
        from {{ source("downbeat", "assignments") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    experiment,
    customer_id,
    -- facts
    bucket,
    arm,
    -- times
    assigned_at,
    {{ is_future("assigned_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
