-- Who each identifier was taken for in published releases, from when on.
{{ config(unique_key=["identifier_key", "change_number"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("identifier_key, change_number") }} as delivery
        from {{ source("downbeat", "identifier_assignments") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    identifier_key,
    change_number,
    -- identifiers
    customer_id,
    previous_customer_id,
    -- times
    valid_from,
    {{ is_future("valid_from") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
