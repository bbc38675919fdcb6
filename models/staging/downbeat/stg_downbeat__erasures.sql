-- Which identifiers are to be forgotten.
{{ config(unique_key=["identifier_digest"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("identifier_digest") }} as delivery
        from {{ source("downbeat", "erasures") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    identifier_digest,
    -- facts
    pepper_check,
    -- times
    erased_at,
    {{ is_future("erased_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
