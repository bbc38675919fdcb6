-- Published decision runs.
{{ config(unique_key="run_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("run_id") }} as delivery
        from {{ source("downbeat", "decision_runs") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    run_id,
    release_id,
    -- facts
    kind,
    policy_version,
    git_sha,
    engine,
    data_version,
    candidates,
    decisions,
    checker_status,
    -- times
    decided_at,
    {{ is_future("decided_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
