-- Whom ad platforms say they found, as they were asked.
{{ config(unique_key=["sync_id", "reported_at"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("sync_id, reported_at") }} as delivery
        from {{ source("downbeat", "match_reports") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    sync_id,
    -- facts
    destination,
    people_from,
    people_to,
    percent_from,
    percent_to,
    -- times
    reported_at,
    {{ is_future("reported_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
