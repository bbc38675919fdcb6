-- What owning one item says for another, as learned.
{{ config(unique_key=["model_version", "item", "neighbour"]) }}
with
    deliveries as (
        select *, {{ latest_delivery("model_version, item, neighbour") }} as delivery
        from {{ source("downbeat", "item_weights") }}
        where {{ newly_loaded() }}
    )
select
    -- keys
    model_version,
    item,
    neighbour,
    -- facts
    weight,
    -- times
    fitted_at,
    {{ is_future("fitted_at") }} as is_future,
    _load_id as load_id,
    _loaded_at as loaded_at
from deliveries
where delivery = 1
