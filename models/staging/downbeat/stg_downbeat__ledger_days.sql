-- What the ledger held of a run before it was reduced, counted.
{{ config(unique_key=["run_id", "message_id", "outcome", "first_reason", "lost_to"]) }}
with
    deliveries as (
        select
            *,
            {{ latest_delivery("run_id, message_id, outcome, first_reason, lost_to") }} as delivery
        from {{ source("downbeat", "ledger_days") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    run_id,
    message_id,
    outcome,
    first_reason,
    lost_to,
    -- facts
    candidate_count,
    customer_count,
    score,
    -- times
    decided_at,
    {{ is_future("decided_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
