-- Operations that syncs performed, without identities.
{{ config(unique_key="receipt_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("receipt_id") }} as delivery
        from {{ source("downbeat", "receipts") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    receipt_id,
    sync_id,
    release_id,
    decision_id,
    request_id,
    -- facts
    destination,
    change,
    member_key,
    content_hash,
    outcome,
    code,
    -- times
    started_at,
    finished_at,
    {{ is_future("finished_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
