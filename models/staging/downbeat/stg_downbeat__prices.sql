-- What a place under a cap or budget shared by everybody was last worth.
{{ config(unique_key="policy_id") }}
with
    deliveries as (
        select *, {{ latest_delivery("policy_id") }} as delivery
        from {{ source("downbeat", "prices") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    policy_id,
    -- facts
    price,
    -- times
    solved_at,
    {{ is_future("solved_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
