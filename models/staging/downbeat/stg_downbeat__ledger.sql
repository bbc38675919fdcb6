-- Candidates considered in published releases, chosen or not.
{{ config(unique_key=["run_id", "customer_id", "message_id", "instance"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("run_id, customer_id, message_id, instance") }} as delivery
        from {{ source("downbeat", "ledger") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    run_id,
    customer_id,
    message_id,
    instance,
    -- facts
    outcome,
    first_reason,
    reason_mask,
    lost_to,
    short_by,
    score,
    round,
    wish_count,
    pressure_7d,
    choice_prob,
    -- times
    hold_until,
    decided_at,
    {{ is_future("decided_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
